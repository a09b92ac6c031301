"""One run at a time on one file: a second one is refused, not made to wait."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

from interviewer.domain.errors import DataError

if sys.platform != "win32":
    import fcntl


def locked(path: Path, busy: str) -> BinaryIO:
    """The file at this path, held until it is closed. Raises `DataError` with the sentence `busy`, and `OSError`. Windows holds nothing."""
    file = path.open("a+b")
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise DataError(busy) from None
    return file
