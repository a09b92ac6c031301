"""One voice over the whole bank: British spelling, one notation, links that last."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from interviewer.domain.question import Question

Prose = Iterator[tuple[str, str]]

AMERICAN = re.compile(
    r"\b(?:(?!(?:re|out|over|under)?siz|priz|seiz|tokeniz|detokeniz)[a-z]{3,}(?:iz(?:e|ed|es|ing|ations?|ers?)|lyz(?:e|ed|es|ing))"
    r"|behaviors?|behavioral|colors?|colored|cent(?:er|ers|ered|ering)|favor\w*|neighbor\w*|labeled|labeling|modeled|modeling|catalog"
    r"|defense|fulfill|canceled)\b(?!\.\w)"
)
"""A tokenizer tokenises: the noun is the name of the thing in every library."""
NAMES = frozenset("summarize summarization stylize synchronize organization optimized".split())
"""Task prefixes, options, functions and paper titles, and a word that a stemmer cuts."""
UNITS = re.compile(r"\b(?:KB|Kb|KiBs|GBs|MBs)\b")
NOTATION = re.compile(r"\b(?:dk|d_\{k\}|dmodel|sqrt\(d_k\))|\$\\|\\frac|\\text\{")
FILLER = re.compile(r"\b(?:delve|crucial|leverag(?:e|es|ing)|plays a (?:key|vital) role|it is important to note|in today's world)\b", re.I)
LINK = re.compile(r"https?://[^\s]+")


def prose(question: Question) -> Prose:
    """Field and text of what people read, without code."""
    yield "question", question.question
    yield "scope_note", question.scope_note or ""
    yield "reference_answer", re.sub(r"```.*?```", " ", question.reference_answer, flags=re.S)
    for point in question.points:
        for text in (point.claim, *point.accept, *point.reject):
            yield f"points.{point.id}", text
    for wrong in question.misconceptions:
        yield f"misconceptions.{wrong.id}", f"{wrong.claim} {wrong.correction}"
    yield "follow_ups", " ".join(f.ask for f in question.follow_ups)
    yield "hints", " ".join(question.hints)


VOICE = {"British spelling": AMERICAN, "kB, GB and MiB": UNITS, "d_k, √ and plain formulas": NOTATION, "no filler": FILLER}


@pytest.mark.parametrize("what", VOICE)
def test_the_bank_has_one_voice(bank, what: str):
    found = [
        f"{question.id}: {field}: {match[0]}"
        for question in bank.questions.values()
        for field, text in prose(question)
        for match in VOICE[what].finditer(re.sub(r"`[^`]*`", " ", text))
        if match[0] not in NAMES
    ]
    assert found == [], what


def test_every_reference_of_a_question_has_its_own_link(bank):
    for question in bank.questions.values():
        urls = [str(reference.url) for reference in question.references]
        assert len(urls) == len(set(urls)), question.id
        assert all(LINK.fullmatch(url) for url in urls), question.id


def test_a_paper_is_called_the_same_wherever_it_is_named(bank):
    """One title for one arXiv page, but for what stands in brackets or before a colon."""
    titles: dict[str, dict[str, str]] = {}
    for question in bank.questions.values():
        for reference in question.references:
            if "arxiv.org" in str(reference.url):
                plain = re.sub(r"\W+", " ", re.sub(r"\([^)]*\)", " ", reference.title)).strip().lower()
                titles.setdefault(str(reference.url), {}).setdefault(plain, question.id)
    assert {url: found for url, found in titles.items() if len(found) > 1} == {}
