"""Grading many answers: resumable, each key once, in threads or in the rounds of a batch endpoint."""
