"""Words of a server, made fit to show: one short line, no invisible characters, no key. And no key in the libraries' logs."""

from __future__ import annotations

import logging
import re

from interviewer.text.sanitise import sanitise

SHOWN = 120
READ = 4_000
PART = 8
SHORTEST = 4
WHOLE = 16
MARK = "[key]"
SECRETS = re.compile(
    r"\b(?:bearer|basic)\s+[^\s\"',;]+|\b(?:sk|pk|rk)-[^\s\"',;]+|\bapi[-_]?key[\"']?\s*[:=]\s*[\"']?[^\s\"',;]+", re.IGNORECASE
)
TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
LOGGERS = (
    "openai",
    "openai._base_client",
    "openai._legacy_response",
    "openai._response",
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
    "httpcore2.socks",
)


def shown(text: str, key: str, *, most: int = SHOWN) -> str:
    """One line of at most `most` characters. Angle brackets stay: the pages escape them."""
    line = " ".join(sanitise(text[:READ]).text.split())
    line = without_key(line, key)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def page_title(text: str) -> str:
    """The title of a web page; empty when the text is none."""
    head = text[:READ].lstrip().lower()
    if not head.startswith(("<!doctype html", "<html", "<head", "<title")):
        return ""
    found = TITLE.search(text[:READ])
    return (found[1].strip() if found else "") or "no title"


def without_key(text: str, key: str) -> str:
    """The text without what looks like any key, and without every part of this one that is 8 characters or longer."""
    text = SECRETS.sub(MARK, text)
    if len(key) < PART:
        return text.replace(key, MARK) if len(key) >= SHORTEST else text
    parts = {key[i : i + PART].casefold() for i in range(len(key) - PART + 1)}
    lost = [False] * len(text)
    for i in range(len(text) - PART + 1):
        if text[i : i + PART].casefold() in parts:
            lost[i : i + PART] = [True] * PART
    out: list[str] = []
    for i, char in enumerate(text):
        if not lost[i]:
            out.append(char)
        elif i == 0 or not lost[i - 1]:
            out.append(MARK)
    return "".join(out)


def without_whole_key(text: str, key: str) -> str:
    """A model's text without the key. Only the whole of a long key goes: parts and dummy keys may be honest words."""
    return text.replace(key, MARK) if len(key) >= WHOLE else text


class KeyFilter(logging.Filter):
    """Takes the keys it knows out of log records: a server may put one into a header or a status line, which the libraries log."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: frozenset[str] = frozenset()

    def filter(self, record: logging.LogRecord) -> bool:
        """Always True; the record is changed."""
        told = record.getMessage()
        for key in self.keys:
            told = without_key(told, key)
        record.msg, record.args = told, ()
        record.exc_info = record.exc_text = None
        return True


_filter = KeyFilter()


def guard_logs(key: str) -> None:
    """Keep this key out of the logs of the HTTP libraries, at every level."""
    if len(key) < SHORTEST:
        return
    _filter.keys = _filter.keys | {key}
    for name in LOGGERS:
        logging.getLogger(name).addFilter(_filter)  # adding the same one twice changes nothing
