"""What the interviewer says. It never holds a reference answer or a rubric."""
