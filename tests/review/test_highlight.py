"""The answer cut into pieces: whole, in order, each with the marks that cover it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain.grade import Claim, Evidence, MisconceptionResult, PointResult, Verdict
from interviewer.review.highlight import Mark, Piece, marks_of, pieces
from tests.samples import POINTS, grade, question

ANY = st.text(max_size=60)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """A text with marks anywhere, crossing each other, empty, doubled or past its end."""
    text = draw(ANY)
    place = st.integers(0, len(text) + 3)
    spans = draw(st.lists(st.tuples(place, place), max_size=6))
    return text, [Mark(label=str(n), tone="met", start=min(s), end=max(s)) for n, s in enumerate(spans)]


@given(marked())
def test_the_pieces_rejoin_to_the_raw_text(given_: tuple[str, list[Mark]]):
    text, marks = given_
    assert "".join(p.text for p in pieces(text, marks)) == text


@given(marked())
def test_a_piece_has_exactly_the_marks_that_cover_its_characters(given_: tuple[str, list[Mark]]):
    text, marks = given_
    at = 0
    for piece in pieces(text, marks):
        assert piece.text
        for place in range(at, at + len(piece.text)):
            assert set(piece.marks) == {m for m in marks if m.start <= place < m.end}
        at += len(piece.text)


@given(marked())
def test_every_mark_on_the_text_ends_once(given_: tuple[str, list[Mark]]):
    text, marks = given_
    ended = [m for p in pieces(text, marks) for m in p.ending]
    assert sorted(ended, key=marks.index) == [m for m in marks if m.start < m.end <= len(text)]


def test_without_marks_the_text_is_one_piece():
    assert pieces("all of it", []) == [Piece(text="all of it", marks=(), ending=())]
    assert pieces("", []) == []


def test_crossing_marks_are_cut_where_they_begin_and_end():
    first, second = Mark(label="1", tone="met", start=0, end=4), Mark(label="2", tone="contradicted", start=2, end=6)
    assert [(p.text, [m.label for m in p.marks], [m.label for m in p.ending]) for p in pieces("abcdefgh", [first, second])] == [
        ("ab", ["1"], []),
        ("cd", ["1", "2"], ["1"]),
        ("ef", ["2"], ["2"]),
        ("gh", [], []),
    ]


def evidence(start: int) -> Evidence:
    return Evidence(start=start, end=start + 1, text="x")


def test_marks_are_numbered_like_the_points_and_named_by_what_they_are():
    results = (
        PointResult(point=POINTS[0], verdict=Verdict.NOT_MET),
        PointResult(point=POINTS[1], verdict=Verdict.MET, evidence=evidence(1)),
        PointResult(point=POINTS[2], verdict=Verdict.CONTRADICTED, evidence=evidence(2)),
    )
    found = grade(
        question(),
        points=results,
        misconceptions=(MisconceptionResult(misconception="it-trains", evidence=evidence(3)),),
        wrong=(Claim(evidence=evidence(4), note="No."),),
        unsure=(Claim(evidence=evidence(5), note="Newer."),),
    )
    assert [(m.label, m.tone, m.start) for m in marks_of(found)] == [
        ("2", "met", 1),
        ("3", "contradicted", 2),
        ("M1", "misconception", 3),
        ("!", "wrong", 4),
        ("?", "unsure", 5),
    ]


def test_a_quote_that_earned_nothing_is_not_marked():
    results = (PointResult(point=POINTS[0], verdict=Verdict.NOT_MET, evidence=evidence(1)),)
    assert marks_of(grade(question(), points=results)) == []
