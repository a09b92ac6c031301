"""From an answer to a grade: gates, prompting, verdicts, evidence, and the two graders."""
