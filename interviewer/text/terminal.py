"""Text of others on a terminal: one line, nothing that moves the cursor or turns the direction of writing."""

from __future__ import annotations


def printable(text: str, most: int = 2000) -> str:
    """The text with spaces for line ends and for characters that do not print; cut at `most` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
