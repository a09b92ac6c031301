"""An answer in parts: nothing is lost, nothing is cut within a sentence that need not be, and the last stance counts."""

from __future__ import annotations

import json
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.domain.grade import Evidence, PointResult, Verdict
from interviewer.grading.parts import divided, last_stance
from tests.grading.scripted import Letters

SENTENCE = "The base weights stay frozen while two thin matrices are trained. "
TOKENS = Letters()


def size(text: str) -> int:
    return TOKENS.count(json.dumps(text, ensure_ascii=False))


def result(verdict: Verdict, reasoning: str = "", **changes: object) -> PointResult:
    return PointResult(point="p", verdict=verdict, reasoning=reasoning).model_copy(update=changes)


# divided


@pytest.mark.parametrize("text", ["", "One sentence.", SENTENCE * 5])
def test_what_fits_is_one_part(text: str) -> None:
    assert divided(text, 100, TOKENS) == [text]


@pytest.mark.parametrize("most", [50, 100, 500])
def test_a_long_text_is_divided_where_sentences_end(most: int) -> None:
    parts = divided(SENTENCE * 200, most, TOKENS)
    assert "".join(parts) == SENTENCE * 200
    assert all(size(part) <= most for part in parts)
    assert all(part.endswith(". ") for part in parts)
    assert len(parts) <= 1.6 * size(SENTENCE * 200) / most


def test_without_sentences_it_is_divided_at_a_blank() -> None:
    parts = divided("weight " * 1000, 100, TOKENS)
    assert "".join(parts) == "weight " * 1000
    assert all(part.endswith("weight ") for part in parts)


def test_without_blanks_it_is_divided_anywhere() -> None:
    parts = divided("a" * 5000, 100, TOKENS)
    assert "".join(parts) == "a" * 5000
    assert all(size(part) <= 100 for part in parts)


def test_the_room_is_that_of_the_text_as_json() -> None:
    """A quotation mark is two characters in JSON, a line end too."""
    text = '"\n' * 2000
    parts = divided(text, 100, TOKENS)
    assert "".join(parts) == text
    assert all(size(part) <= 100 for part in parts)


@settings(deadline=None)
@given(st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from('. \n"\\!?-*a')), max_size=600), st.integers(20, 120))
def test_no_text_loses_anything(text: str, most: int) -> None:
    parts = divided(text, most, TOKENS)
    assert "".join(parts) == text
    assert all(size(part) <= most for part in parts)
    assert all(parts) or parts == [""]


# last_stance


@pytest.mark.parametrize(
    ("verdicts", "wanted"),
    [
        (["met", "not_met"], "met"),
        (["not_met", "met"], "met"),
        (["met", "contradicted"], "contradicted"),
        (["contradicted", "met"], "met"),
        (["contradicted", "met", "not_met", "not_met"], "met"),
        (["met", "cannot_assess"], "met"),
        (["not_met", "cannot_assess", "not_met"], "cannot_assess"),
        (["not_met", "not_met"], "not_met"),
        (["cannot_assess"], "cannot_assess"),
    ],
    ids="+".join,
)
def test_the_last_part_that_takes_a_stance_decides(verdicts: list[str], wanted: str) -> None:
    (found,) = last_stance([[result(Verdict(verdict))] for verdict in verdicts])
    assert found.verdict == wanted


@pytest.mark.parametrize("verdicts", list(product(["met", "contradicted"], repeat=3)), ids="+".join)
def test_of_several_stances_the_last_is_taken_whole(verdicts: tuple[str, ...]) -> None:
    parts = [[result(Verdict(v), str(n), evidence=Evidence(start=n, end=n + 1, text="x"))] for n, v in enumerate(verdicts)]
    assert last_stance(parts) == (parts[-1][0],)


def test_a_credit_that_code_took_away_is_shown_where_no_part_has_another() -> None:
    taken = result(Verdict.NOT_MET, "It says so.", flags=("no quote was given, so it earned nothing",))
    assert last_stance([[taken], [result(Verdict.NOT_MET)]]) == (taken,)
    assert last_stance([[taken], [result(Verdict.CANNOT_ASSESS)]])[0].verdict is Verdict.CANNOT_ASSESS


def test_each_point_is_decided_on_its_own() -> None:
    first = [PointResult(point="a", verdict=Verdict.MET), PointResult(point="b", verdict=Verdict.NOT_MET)]
    second = [PointResult(point="a", verdict=Verdict.NOT_MET), PointResult(point="b", verdict=Verdict.CONTRADICTED)]
    assert [(r.point, r.verdict) for r in last_stance([first, second])] == [("a", "met"), ("b", "contradicted")]
