"""The files of the shipped model. Each is used only if its sha256 is the one of the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from interviewer.domain.errors import FailureReason, ModelError

FOLDER = Path(__file__).parent / "weights"
MANIFEST = "manifest.json"
ANEW = "Install the package anew; answers are kept and can be graded afterwards."


def read(name: str, folder: Path = FOLDER) -> bytes:
    """A file's content. Raises `ModelError` when it is missing, unreadable or another one than was shipped."""
    try:
        wanted = json.loads((folder / MANIFEST).read_bytes())[name]
        content = (folder / name).read_bytes()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(FailureReason.INTERNAL, f"The built-in grader's file “{name}” cannot be read. {ANEW}") from error
    if hashlib.sha256(content).hexdigest() != wanted:
        raise ModelError(FailureReason.INTERNAL, f"The built-in grader's file “{name}” is damaged. {ANEW}")
    return content
