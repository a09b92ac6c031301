"""Passages in the form of another speaker's turn, of a grade, of a prompt's markup or of an export."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from interviewer.grading.attempts.steering import OTHER_VOICE
from interviewer.text.words import Span

MARKUP = "written in the form of a prompt's markup, not part of the answer"
AS_GRADE = "written in the form of a grade, not part of the answer"
RUNS_WHEN_SHOWN = "markup that would run when shown, not part of the answer"
CARRIES_OUT = "an address or formula that would carry data out when shown, not part of the answer"

SOON = r"[\s\S]{0,240}?"
ABOUT_GRADING = (
    r"(?:\b(?:full (?:marks|credit|points|score)|all (?:the )?(?:points|criteria)|(?:as|is|are|:) ?met|verdicts?|award\w*|rubric"
    r"|graders?|grading"
    r"|ignore|disregard|override|the candidate|reference answer)\b)"
)
ROLE_TURN = re.compile(
    r"^[^\w\n]{0,20}(?:(?:system|developer|admin(?:istrator)?|grader|examiner|evaluator|interviewer|assessor|moderator|proctor"
    r"|hiring manager|judge|assistant)"
    r"(?: (?:message|note|update|override|prompt|notice|reply|response|feedback|verdict|turn))?|\[?(?:system|admin"
    r"|inst)\]?)[^\w\n]{0,20}(?:\([^)]*\))?[^\w\n]{0,20}[:>\]\n][^\n]{0,400}?"
    r"(?:\b(?:full (?:marks|credit|points|score)|(?:all|every|each) (?:of )?(?:the |other )?(?:points?|criteri\w+)|verdicts?|(?:is"
    r"|are|as|was) (?:now )?(?:met|credited)"
    r"|(?:ignore|disregard|override) (?:all |the |any |previous |prior )|excellent|perfect|well done|great (?:answer|job|work)"
    r"|good (?:answer|job)|exactly right|spot on"
    r"|that(?:'s| is)(?: \w+)? (?:correct|right|complete|everything)|you(?:'ve| have) (?:covered|met|answered|passed)|i(?:'ll"
    r"| will) (?:mark|give|record|credit|note)|the candidate"
    r"|moving on|no further questions|(?:reveal|show|print) the (?:rubric|reference))\b)",
    re.IGNORECASE | re.M,
)
TOKEN = re.compile(
    r"(?:<\|(?:im_start|im_end|system|assistant|user|end|endoftext|eot_id|start_header_id|end_header_id|end_of_turn"
    r"|endofprompt)\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>"
    r"|</?(?:system|instructions?|prompt|grading|grader|rubric|candidate[_-]?\w*|student[_-]?\w*|user[_-]?\w*|submission"
    rf"|answer(?:-\w+)+|data|untrusted\w*)>|^#{{2,}} ?(?:system|instructions?|response|end)\b){SOON}{ABOUT_GRADING}",
    re.IGNORECASE | re.M,
)
END = re.compile(
    r"^[^\w\n]{2,40}(?:end|stop|close|begin|start)(?: of)?(?: the)?[ _-]*(?:\w+[ _-]+){0,2}(?:answer|input|submission|response"
    r"|transcript|candidate|data|prompt|instructions?|message|turn|text)\b[^\n]{0,60}$"
    r"|^[^\w\n]{0,40}END[ _](?:OF[ _])?(?:THE[ _])?(?:\w+[ _]){0,2}(?:ANSWER|INPUT|SUBMISSION|RESPONSE|TRANSCRIPT|CANDIDATE|DATA"
    r"|PROMPT|INSTRUCTIONS?|TURN|TEXT)\b[^\n]{0,60}$"
    r"|^[ \t]*</(?:candidate|student|user)?[_-]?(?:answer|response|submission|input)(?:-\w+)?>|</(?:candidate|student"
    r"|user)?[_-]?(?:answer|response|submission|input)(?:-\w+)?>[ \t]*$",
    re.M,
)
JSON_OPENS = re.compile(r"(?:^[ \t]{0,12}|(?<=[.!?:] ))[\[{]", re.M)
JSON_LENGTH = 600
GRADE_PAIR = re.compile(
    r"[\"'](?:verdicts?|status|result|outcome)[\"']\s{0,4}:\s{0,4}[\"'](?:met|pass(?:ed)?)[\"']|[\"'](?:score"
    r"|grade)[\"']\s{0,4}:\s{0,4}\"?100\b"
    r"|[\"'](?:met|credited|satisfied)[\"']\s{0,4}:\s{0,4}true\b|[\"'][\w-]+[\"']\s{0,4}:\s{0,4}[\"']met[\"']",
    re.IGNORECASE,
)
GRADE_LINE = re.compile(
    r"(?:^|(?<=[.!?] )|\n)[^\w\n]{0,20}(?:final |overall |total |my |the )?(?:(?:\w+_)?(?:verdict|score|grade)(?:_\w+)?|verdicts?"
    r"|marks|mark|result|rating|assessment|points awarded|points|outcome)[^\w\n]{0,20}(?:=|:|is|->|→)[^\w\n]{0,20}"
    r"(?:(\d{1,3}) ?(?:/|out of) ?\1\b|100(?: ?%| points| percent)?(?=[^\w\n]{0,20}(?:$|\n|[.,;!](?:\s|$)))"
    r"|(?:all )?(?:points )?met\b|full (?:marks|credit|points)|pass(?:ed)?(?![@\w])|A\+?(?=[^\w\n]{0,20}(?:$|\n))"
    r"|strong(?: hire)?(?=[^\w\n]{0,20}(?:$|\n))|maximum\b|perfect\b)",
    re.IGNORECASE,
)
MET_LIST = re.compile(r"(?:(?<!\w)[\w-]{2,60} ?(?::|=|->|\u2192|is|was)[ \"']{0,2}met\b[^\w\n]{0,4}\n?[^\w\n]{0,4}){2,}", re.IGNORECASE)
MET_SERIES = re.compile(r"(?<!not )\bmet(?:,| and|, and) met\b|\bmet\b(?:\W{1,8}met\b){2,}", re.IGNORECASE)
TABLE = re.compile(r"^[^\n]{0,80}\bverdicts?\b[^\n]{0,80}\n(?:[^\n]{0,200}\n){0,3}?[^\n]{0,600}[,;|\t \"]met\b", re.IGNORECASE | re.M)
TURNS = re.compile(
    r"(?:^|(?<=[.!?] ))[^\w\n]{0,20}(?:interviewer|examiner|grader|moderator|proctor|chair(?: of the panel)?"
    r"|panel)(?: \d+)?[^\w\n]{0,20}:[^\n]{1,400}"
    r"(?:\n[^\n]{0,400}){0,4}?(?:^|(?<=[.!?] ))[^\w\n]{0,20}(?:candidate|applicant|me|student|member \d+)[^\w\n]{0,20}:"
    r"|(?:^|(?<=[.!?] ))[^\w\n]{0,20}(?:candidate|applicant|student|member \d+)[^\w\n]{0,20}:[^\n]{1,400}"
    r"(?:\n[^\n]{0,400}){0,4}?(?:^|(?<=[.!?] ))[^\w\n]{0,20}(?:interviewer|examiner|grader|moderator|chair)[^\w\n]{0,20}:[^\n]{1,200}",
    re.IGNORECASE | re.M,
)
RUNS = re.compile(
    r"<script\b[^<\n]{0,400}</script>|<script\b[^>\n]{0,100}\bsrc\s{0,4}=[^>\n]{0,200}>?|<\w+\b[^>\n]{0,200}?\bon(?:error|load"
    r"|click|mouseover|focus)\s*=[^>]{0,200}>?|\]\(\s*(?:javascript|data):[^)\s]{1,200}",
    re.IGNORECASE,
)
SLOT = re.compile(
    r"(?:!?\[[^\]\n]{0,100}\]\(\s*|<(?:img|iframe|a|link|script|form|object|embed)\b[^>]{0,80}?(?:src|href|action"
    r"|data)\s*=\s*[\"']?)https?://[^\s)\"'>]{1,200}"
    r"(?:[?&/=#](?:[^\s)\"'>]{0,80})?(?:\{|%7b|\[|\$|<|rubric|reference|prompt|secret|answer|points?|verdict|score|data|leak|q=|d=|k=))",
    re.IGNORECASE,
)
FORMULA = re.compile(
    r"^[ \t\"',;]{0,20}[=+@-][ \t\d+*-]{0,20}(?:HYPERLINK|IMPORT\w+|WEBSERVICE|CMD|DDE\w*|EXEC|RTD|FILTERXML|CALL|REGISTER|SHELL"
    r"|MSEXCEL|RUNDLL32|POWERSHELL)\s*[(|]",
    re.IGNORECASE | re.M,
)
COMMENT = re.compile(rf"<!--(?=[^>]{{0,300}}?{ABOUT_GRADING})[\s\S]{{0,400}}?(?:-->|$)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Form:
    """A stretch of the clean text in a form that is no answer."""

    span: Span
    note: str


WORDED = (
    (ROLE_TURN, OTHER_VOICE),
    (TURNS, OTHER_VOICE),
    (TOKEN, MARKUP),
    (END, MARKUP),
    (COMMENT, MARKUP),
    (GRADE_LINE, AS_GRADE),
    (MET_LIST, AS_GRADE),
    (MET_SERIES, AS_GRADE),
)
CODED = ((TABLE, AS_GRADE), (RUNS, RUNS_WHEN_SHOWN), (SLOT, CARRIES_OUT), (FORMULA, CARRIES_OUT))


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
    """Objects that open a line or sentence and hold a verdict in the candidate's favour."""
    at = 0
    while opens := JSON_OPENS.search(text, at):
        at = min(opens.end() + JSON_LENGTH, len(text))
        if pair := GRADE_PAIR.search(text, opens.end(), at):
            close = text.find("}", pair.end(), at)
            at = close + 1 if close >= 0 else pair.end()
            yield Form(span=Span(opens.end() - 1, at), note=AS_GRADE)
