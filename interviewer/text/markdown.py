"""Untrusted text inside Markdown: as a block, as a piece of code, or as plain words. Nothing in it acts."""

from __future__ import annotations

import re


def fenced(text: str) -> str:
    """Untrusted text as a code block whose fence it cannot close."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def inline(text: str) -> str:
    """Untrusted text as one line of code."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    tick = "`" * (longest + 1)
    return f"{tick} {' '.join(text.split())} {tick}"


def plain(text: str) -> str:
    """A model's or a server's words on one line, with everything that Markdown would act on made harmless."""
    line = re.sub(r"([\\`*_\[\]<>!#|~&$]|:(?=//))", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(\d*)([-+.)=])", r"\1\\\2", line)  # at its beginning: a list, or a rule
