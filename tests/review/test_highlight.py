"""The answer cut into pieces: nothing of it is lost or changed, and each mark covers exactly its evidence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interviewer.domain.grade import Claim, Evidence, MisconceptionResult, PointResult, Verdict
from interviewer.review.highlight import Mark, marks_of, pieces
from tests import samples

QUESTION = samples.question()
TEXTS = st.text(alphabet=st.sampled_from("ab <&*`\n\r\t\0é́👩🏽‍🚀\u202e"), max_size=40) | st.text(max_size=40)


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """An answer and marks on stretches of it, which overlap as they like."""
    text = draw(TEXTS.filter(bool))
    spans = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).filter(lambda s: s[0] < s[1]), max_size=6))
    return text, [Mark(label=str(n), tone="met", start=start, end=end) for n, (start, end) in enumerate(spans)]


@given(marked())
def test_the_pieces_joined_are_the_raw_answer(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    assert "".join(piece.text for piece in pieces(text, marks)) == text


@given(marked())
def test_each_mark_covers_exactly_its_words(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    cut = pieces(text, marks)
    for mark in marks:
        place, covered = 0, set()
        for piece in cut:
            if mark in piece.marks:
                covered |= set(range(place, place + len(piece.text)))
            place += len(piece.text)
        assert covered == set(range(mark.start, mark.end))


@given(marked())
def test_each_mark_ends_once_with_its_last_character(case: tuple[str, list[Mark]]) -> None:
    text, marks = case
    place, ends = 0, []
    for piece in pieces(text, marks):
        place += len(piece.text)
        ends += [(mark.label, place) for mark in piece.ending]
    assert sorted(ends) == sorted((mark.label, mark.end) for mark in marks)


@given(TEXTS)
def test_without_marks_the_answer_is_one_piece(text: str) -> None:
    assert [piece.text for piece in pieces(text, [])] == ([text] if text else [])


@given(TEXTS, st.integers(-5, 60), st.integers(-5, 60))
def test_a_mark_outside_the_answer_loses_no_text(text: str, start: int, end: int) -> None:
    cut = pieces(text, [Mark(label="1", tone="met", start=start, end=end)])
    assert "".join(piece.text for piece in cut) == text


def evidence(start: int, end: int) -> Evidence:
    return Evidence(start=start, end=end, text="x" * (end - start))


def test_marks_carry_the_label_tone_and_place_of_what_they_show() -> None:
    given = samples.grade(
        QUESTION,
        points=(
            PointResult(point="looks-up", verdict=Verdict.MET, evidence=evidence(0, 4)),
            PointResult(point="into-prompt", verdict=Verdict.NOT_MET),
            PointResult(point="no-training", verdict=Verdict.CONTRADICTED, evidence=evidence(5, 9)),
        ),
        misconceptions=(MisconceptionResult(misconception="it-trains", evidence=evidence(10, 12)),),
        wrong=(Claim(evidence=evidence(13, 14), note="No."),),
        unsure=(Claim(evidence=evidence(15, 16), note="Perhaps."),),
    )
    assert [(m.label, m.tone, m.start, m.end) for m in marks_of(given)] == [
        ("1", "met", 0, 4),
        ("3", "contradicted", 5, 9),
        ("M1", "misconception", 10, 12),
        ("!", "wrong", 13, 14),
        ("?", "unsure", 15, 16),
    ]


def test_a_point_that_is_not_met_marks_nothing_even_with_a_quote() -> None:
    results = tuple(PointResult(point="looks-up", verdict=v, evidence=evidence(0, 4)) for v in (Verdict.NOT_MET, Verdict.CANNOT_ASSESS))
    assert marks_of(samples.grade(QUESTION, points=results)) == []
