"""A timed mock interview for generative AI, LLM and machine-learning roles, graded point by point."""

__version__ = "0.1.0"
