"""Is the grader right? Attacks with their honest twins, and what a grader makes of them."""
