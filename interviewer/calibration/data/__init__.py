"""What graders are measured on: rows of answers, the questions and points they are graded by, and public sets."""
