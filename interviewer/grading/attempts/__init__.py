"""Passages of an answer that talk to the grader, found by code: shown to the user, without effect on any verdict."""
