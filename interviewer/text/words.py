"""Words, sentences and stems: how the rest of the package cuts text."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

WORD = re.compile(r"[^\W_]+(?:[._'/^-][^\W_]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n\s*\n|\n(?=\s*(?:[-*+\u2022#]|\d+[.)])\s)|(?<![^\n]{80})\n+")
"""A line end after 80 characters or more is taken for wrapping, unless a blank line or a list item follows."""
STOP = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but by can could"
    " did do does doing down during each even every few for from further get gets give given gives go goes had has have having he"
    " her here hers him his how however i if in into is it its itself just let like made make makes many may me might more most much"
    " must my need needs of off on once one only or other our out over own per put same say says see she should so some such take"
    " takes than that the their them then there these they thing things this those through to too under until up upon us use used"
    " uses using very via want was we well were what when where whether which while who whom why will with within would you your".split()
)
NEGATORS = frozenset("not no never none neither nor without cannot isn't doesn't don't can't won't aren't didn't wasn't hardly n't".split())
DENIES_CLAUSE = NEGATORS - frozenset("no none without".split())
DENIES_REST = frozenset("no none without".split())
ONLY = frozenset("only just merely simply necessarily".split())
CLAUSE_END = re.compile(
    r"[,;:()\u2014]|[.!?](?=\s|$)|\b(?:but|because|since|so|while|whereas|although|though|unless|if|when|which)\b", re.IGNORECASE
)
CLAUSE_WORDS = 16
SHORT_PART = 4
DENIES_ALL = re.compile(r"\b(?:not (?:the case|true|correct|right) that|(?:false|untrue|wrong|incorrect) that)\b", re.IGNORECASE)
TWO_WORDS = re.compile(r"\b(?:rather than|instead of|in place of)\b", re.IGNORECASE)
ARTICLES = frozenset("a an the".split())
LEADS = ARTICLES | frozenset("of to in on at by for from with into is are was were can will would and or".split())
NEVER_NEXT = frozenset("of and or is are was were has can will would but than does".split())
NEVER_AFTER_ARTICLE = NEVER_NEXT | frozenset(
    "a an the to in on at by for from with into it its that this these which as if so not have had do they we you i be been then"
    " when where while because their".split()
)
# Pairs that no English sentence has follow 1 in 100 such words in prose and 20 in 100 in shuffled text.
SCRAMBLED_PAIRS = 4
SCRAMBLED_SHARE = 0.07
LIST_WORDS = 20
LIST_STOP_SHARE = 0.1
_STEMMER = snowballstemmer.stemmer("english")
_STEMMING = threading.Lock()
"""The stemmer keeps the word it works on in itself, and gradings run side by side."""


@dataclass(frozen=True)
class Span:
    """Characters `start` to `end` of a text."""

    start: int
    end: int


def words(text: str) -> list[str]:
    """Lower-case words and numbers; "fine-tuning" and "0.5" are one each."""
    return [m.group(0).lower() for m in WORD.finditer(text.replace("\u2019", "'"))]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word's English stem."""
    with _STEMMING:
        return str(_STEMMER.stemWord(word))


def terms(text: str) -> list[str]:
    """Stems of the words that carry meaning; the parts of a hyphenated word are terms of their own."""
    return [stem(part) for word in words(text) for part in re.split(r"[-/]", word) if part and part not in STOP and part not in NEGATORS]


def polarity(text: str) -> dict[str, bool | None]:
    """Each term of `text`, and whether it is said (True), denied (False) or both (None).

    "not" and its like turn the whole clause they stand in; "without", "no" and "rather than" what follows in it; "it is
    not true that" everything.
    """
    found: dict[str, bool | None] = {}
    all_turned = len(DENIES_ALL.findall(text)) % 2 == 1
    for clause in _clauses(DENIES_ALL.sub(" ", text)):
        turned = all_turned != _turned(clause)
        for word in clause:
            if word in DENIES_REST:
                turned = not turned
            for term in terms(word):
                found[term] = not turned if found.get(term, not turned) is (not turned) else None
    return found


def _clauses(text: str) -> list[list[str]]:
    """The words of each clause. Parts of a few words belong to their neighbour; what no punctuation ends is cut at a number of words."""
    whole: list[list[str]] = [[]]
    for part in CLAUSE_END.split(TWO_WORDS.sub("without", text)):
        said = words(part)
        if min(len(whole[-1]), len(said)) < SHORT_PART:
            whole[-1].extend(said)
        else:
            whole.append(said)
    return [clause[at : at + CLAUSE_WORDS] for clause in whole for at in range(0, len(clause), CLAUSE_WORDS)]


def _turned(said: list[str]) -> bool:
    """Whether an odd number of negators deny the clause; "not only" is none."""
    return sum((w in DENIES_CLAUSE or w.endswith("n't")) and after not in ONLY for w, after in pairwise([*said, ""])) % 2 == 1


def is_prose(text: str) -> bool:
    """False for shuffled words and bare lists of keywords: "the of", "is and" are pairs that no English sentence has."""
    said = words(text)
    pairs = [(a, b) for a, b in pairwise(said) if a in LEADS]
    odd = sum(b in (NEVER_AFTER_ARTICLE if a in ARTICLES else NEVER_NEXT) for a, b in pairs)
    if odd >= SCRAMBLED_PAIRS and odd > SCRAMBLED_SHARE * len(pairs):
        return False
    return len(said) < LIST_WORDS or "," in text or sum(word in STOP for word in said) >= LIST_STOP_SHARE * len(said)


def sentences(text: str) -> list[Span]:
    """Where the sentences, list items and lines of `text` stand; blank ones left out."""
    found: list[Span] = []
    start = 0
    for match in [*SENTENCE_END.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = text[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            found.append(Span(start + lead, start + len(piece.rstrip())))
        start = match.end() if match else end
    return found
