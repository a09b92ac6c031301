"""Pieces of pages that are drawn in more than one place, or own a state key."""
