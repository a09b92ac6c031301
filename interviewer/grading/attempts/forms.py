"""Passages in the form of another speaker's turn, of a grade, of a prompt's markup or of an export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from interviewer.grading.attempts.steering import OTHER_VOICE
from interviewer.text.words import Span

MARKUP = "written in the form of a prompt's markup, not part of the answer"
AS_GRADE = "written in the form of a grade, not part of the answer"
RUNS_WHEN_SHOWN = "markup that would run when shown, not part of the answer"
CARRIES_OUT = "an address or formula that would carry data out when shown, not part of the answer"

SOON = r"[\s\S]{0,240}?"
BID = (
    r"(?:\b(?:full (?:marks|credit|points|score)|(?:all|every) (?:of )?(?:the |other )?(?:points?|criteri\w+) (?:\w+ ){0,2}?"
    r"(?:met|credited|satisfied)|everything as met(?! or)|(?:ignore|disregard) (?:all |the |any |your )*(?:previous|prior|rubric)"
    r"|(?:cover|meet|met|hit)\w* (?:all|every)(?: of)?(?: the)? (?:points?|criteri\w+)|maximum (?:points|marks|score|credit))\b)"
)
"""Words that ask for the marks or give them, as no description of a template or of a judge's parts does."""
ROLE_TURN = re.compile(
    r"^[^\w\n]{0,20}(?:system|developer|admin(?:istrator)?|grader|examiner|evaluator|interviewer|assessor|moderator|hiring manager)"
    rf"(?: (?:message|note|update|override|prompt|notice|feedback))?[^\w\n]{{0,20}}[:>\]\n][^\n]{{0,400}}?{BID}",
    re.IGNORECASE | re.M,
)
TOKEN = re.compile(
    r"(?:<\|(?:im_start|im_end|system|assistant|user|end|endoftext|eot_id|start_header_id|end_header_id|end_of_turn"
    r"|endofprompt)\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
    r"|</?(?:system|grading|grader|rubric|candidate[_-]?\w*|student[_-]?\w*|submission|answer(?:-\w+)+|untrusted\w*)>"
    rf"|^#{{2,}} ?(?:system|instructions?)\b){SOON}{BID}",
    re.IGNORECASE | re.M,
)
END = re.compile(
    r"^[^\w\n]{0,40}END OF (?:THE )?(?:\w+ )?(?:ANSWER|INPUT|SUBMISSION|TRANSCRIPT|CANDIDATE)\b[^a-z\n]{0,60}$"
    r"|</(?:candidate|student)[_-](?:answer|response|submission)(?:-\w+)?>[ \t]*$",
    re.M,
)
JSON_OPENS = re.compile(r"(?:^[ \t]{0,12}|(?<=[.!?:] ))[\[{]", re.M)
JSON_LENGTH = 600
GRADE_PAIR = re.compile(
    r"[\"'](?:verdicts?|[\w-]+)[\"']\s{0,4}:\s{0,4}[\"']met[\"']|[\"'](?:score|grade)[\"']\s{0,4}:\s{0,4}\"?100\b", re.IGNORECASE
)
GRADE_LINE = re.compile(
    r"^[^\w\n]{0,20}(?:final |overall |total |my )?(?:verdicts?|score|grade|marks?|result|assessment)[^\w\n]{0,20}(?::|=|is)[^\w\n]{0,20}"
    r"(?:(\d{1,3}) ?(?:/|out of) ?\1|full (?:marks|credit|points)|all (?:points )?met)\b[^\w\n]{0,20}$",
    re.IGNORECASE | re.M,
)
MET_LIST = re.compile(r"(?:(?<!\w)[\w-]{2,60} ?(?::|=|->|\u2192)[ \"']{0,2}met\b[^\w\n]{0,4}\n?[^\w\n]{0,4}){3,}", re.IGNORECASE)
RUNS = re.compile(
    r"<script\b[^<\n]{0,400}</script>|<script\b[^>\n]{0,100}\bsrc\s{0,4}=[^>\n]{0,200}>?|<\w+\b[^>\n]{0,200}?\bon(?:error|load"
    r"|click|mouseover|focus)\s*=[^>]{0,200}>?|\]\(\s*(?:javascript|data):[^)\s]{1,200}",
    re.IGNORECASE,
)
SLOT = re.compile(
    r"(?:!\[[^\]\n]{0,100}\]\(\s*|<(?:img|iframe|form|object|embed)\b[^>]{0,80}?(?:src|action|data)\s*=\s*[\"']?)https?://[^\s)\"'>]{1,200}?"
    r"(?:\{|%7b|[?&](?:rubric|reference|prompt|secret|answer|verdict)s?=)",
    re.IGNORECASE,
)
FORMULA = re.compile(
    r"^[ \t\"',;]{0,20}[=+@-][ \t\d+*-]{0,20}(?:HYPERLINK|IMPORT\w+|WEBSERVICE|CMD|DDE\w*|EXEC|RTD|FILTERXML|CALL|REGISTER|SHELL"
    r"|MSEXCEL|RUNDLL32|POWERSHELL)\s*[(|]",
    re.IGNORECASE | re.M,
)
COMMENT = re.compile(rf"<!--(?=[^>]{{0,300}}?{BID})[\s\S]{{0,400}}?(?:-->|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A stretch of the clean text in a form that is no answer."""

    span: Span
    note: str


WORDED = (
    (ROLE_TURN, OTHER_VOICE),
    (TOKEN, MARKUP),
    (END, MARKUP),
    (COMMENT, MARKUP),
    (GRADE_LINE, AS_GRADE),
    (MET_LIST, AS_GRADE),
)
CODED = ((RUNS, RUNS_WHEN_SHOWN), (SLOT, CARRIES_OUT), (FORMULA, CARRIES_OUT))


def worded(text: str) -> Iterator[Form]:
    """Turns, delimiters and grades in words; `text` comes without what it quotes."""
    yield from _matches(WORDED, text)


def coded(text: str) -> Iterator[Form]:
    """Objects, tables, markup and formulas, whose quotation marks are part of them."""
    yield from _json(text)
    yield from _matches(CODED, text)


def _matches(kinds: tuple[tuple[re.Pattern[str], str], ...], text: str) -> Iterator[Form]:
    for pattern, note in kinds:
        for match in pattern.finditer(text):
            if match[0].strip():
                lead = len(match[0]) - len(match[0].lstrip())
                yield Form(span=Span(match.start() + lead, match.start() + len(match[0].rstrip())), note=note)


def _json(text: str) -> Iterator[Form]:
    """Objects that open a line, announced by no colon, and hold two things in the candidate's favour."""
    at = 0
    while opens := JSON_OPENS.search(text, at):
        at = min(opens.end() + JSON_LENGTH, len(text))
        pairs = list(islice(GRADE_PAIR.finditer(text, opens.end(), at), 2))
        if len(pairs) == 2 and not text[max(opens.start() - 40, 0) : opens.start()].rstrip().endswith(":"):
            close = text.find("}", pairs[1].end(), at)
            at = close + 1 if close >= 0 else pairs[1].end()
            yield Form(span=Span(opens.end() - 1, at), note=AS_GRADE)
