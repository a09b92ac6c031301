"""The project's own graded answers. `python -m tests.calibration.data.test_graded_set` writes the figures of the data card anew."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from pathlib import Path
from statistics import fmean, median

import pytest

from interviewer.bank.load import load as load_bank
from interviewer.calibration.data.graded_set import ANSWERS, LABELS, GradedSet, Level, load
from interviewer.domain.grade import Verdict
from interviewer.domain.question import Difficulty, Kind, Topic
from interviewer.settings import ROOT
from tests.samples import POINTS, question

FOLDER = ROOT / "calibration_data"
CARD = FOLDER / "README.md"
START, END = "<!-- generated -->\n", "<!-- end -->"
ID = "0123456789"


def real() -> GradedSet:
    return load(FOLDER, load_bank(ROOT / "question_bank").questions)


def counted(values: Iterable[StrEnum]) -> str:
    """How often each comes, the commonest first."""
    return ", ".join(f"{count} {value.value}" for value, count in Counter(values).most_common())


def card(found: GradedSet) -> str:
    """The figures of the data card, counted from the files."""
    asked = list({a.question.id: a.question for a in found.answers}.values())
    pairs = [(a.level, *(labels.verdicts[p.id] for labels in a.labels)) for a in found.answers for p in a.question.points]
    topics = len({q.topic for q in asked})
    lines = [
        f"{len(found.answers)} answers to {len(asked)} questions of {topics} topics; {len(pairs):,} points, each decided twice.",
        f"Questions by difficulty: {counted(q.difficulty for q in asked)}; by kind: {counted(q.kind for q in asked)}.",
        "",
        "| written to be | words (median) | mean score, first examiner | mean score, second | points on which they agree |",
        "| --- | --- | --- | --- | --- |",
    ]
    for level in Level:
        rows = [a for a in found.answers if a.level is level]
        words = median(len(a.text.split()) for a in rows)
        first, second = (fmean(a.scores[n] for a in rows) for n in (0, 1))
        agreed = fmean(one is other for each, one, other in pairs if each is level)
        lines.append(f"| {level.value} | {words:.0f} | {first:.0f} | {second:.0f} | {agreed:.1%} |")
    for verdict in (Verdict.MET, Verdict.CONTRADICTED):
        told = [sum(pair[n] is verdict for pair in pairs) for n in (1, 2)]
        lines += ["", f"Points said to be {verdict.value}: {told[0]:,} by the first examiner, {told[1]:,} by the second."]
    lines += ["", f"They agree on {fmean(one is other for _, one, other in pairs):.1%} of all points."]
    return "\n".join(lines) + "\n"


# the set that ships


def test_the_set_fits_the_bank():
    """Fails when a question of the set was changed: its answers have to be labelled anew."""
    assert real().problems == ()


def test_every_question_has_an_answer_of_each_level():
    found = real().answers
    levels: dict[str, list[Level]] = {}
    for answer in found:
        levels.setdefault(answer.question.id, []).append(answer.level)
    assert len(levels) == 80
    assert all(sorted(each) == sorted(Level) for each in levels.values())
    assert {a.question.topic for a in found} == set(Topic)
    assert {a.question.kind for a in found} == set(Kind)
    assert {a.question.difficulty for a in found} == set(Difficulty)


def test_the_levels_are_what_they_were_written_to_be():
    """On average and by each examiner, who did not know them."""
    found = real().answers
    for examiner in (0, 1):
        mean = {level: fmean(a.scores[examiner] for a in found if a.level is level) for level in Level}
        assert mean[Level.STRONG] > mean[Level.ADEQUATE] > mean[Level.PARTIAL] > mean[Level.FLUENT_WRONG]
        assert mean[Level.PLAIN] > mean[Level.ADEQUATE]
        assert mean[Level.OFF_TOPIC] < 10


def test_the_figures_of_the_data_card_are_up_to_date():
    assert CARD.read_text("utf-8").split(START)[1].split(END)[0] == card(real()), "run: python -m tests.calibration.data.test_graded_set"


# files that cannot be used


def written(**changes: object) -> dict[str, object]:
    return {"answer_id": ID, "question_id": "sample", "question_sha256": question().sha256, "level": "strong", "answer": "Said."} | changes


def labelled(**changes: object) -> dict[str, object]:
    return {"answer_id": ID, "verdicts": dict.fromkeys(POINTS, "met")} | changes


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., GradedSet]:
    """Write one answer and its labels, changed, and read them."""

    def write(answer: object = None, first: object = None, second: object = None) -> GradedSet:
        rows = (answer or written(), first or labelled(), second or labelled())
        for name, row in zip((ANSWERS, *LABELS), rows, strict=True):
            (tmp_path / name).write_text(row if isinstance(row, str) else json.dumps(row) + "\n", "utf-8")
        return load(tmp_path, {"sample": question()})

    return write


def test_an_answer_has_the_scores_that_code_makes_of_its_labels(put):
    (answer,) = put(second=labelled(verdicts=dict.fromkeys(POINTS, "not_met"), misconceptions=["it-trains"], note="Hard.")).answers
    assert answer.scores == (100.0, 0.0)
    assert (answer.text, answer.level) == ("Said.", Level.STRONG)


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"answer": "{"}, "answers.jsonl, line 1: Invalid JSON"),
        (
            {"answer": json.dumps(written()) + "\n\n" + json.dumps(written())},
            "answers.jsonl, line 3: 0123456789 stands in an earlier line too",
        ),
        ({"answer": written(level="good")}, "answers.jsonl, line 1: level: Input should be 'strong'"),
        ({"answer": written(question_id="gone")}, "answers.jsonl: 0123456789: there is no question “gone” in the bank"),
        ({"answer": written(question_sha256="0" * 64)}, "“sample” has changed since its answers were labelled: label them anew"),
        ({"first": labelled(answer_id="9" * 10)}, "answers.jsonl: 0123456789: labels-a.jsonl has no labels for it"),
        ({"second": labelled(answer_id="9" * 10)}, "labels-b.jsonl: 9999999999: no such answer"),
        ({"second": labelled(verdicts={"looks-up": "met"})}, "labels-b.jsonl does not decide exactly the points of “sample”"),
        ({"first": labelled(misconceptions=["another"])}, "labels-a.jsonl names misconceptions that “sample” has not"),
        ({"first": labelled(verdicts=dict.fromkeys(POINTS, "cannot_assess"))}, "an examiner says met, not_met or contradicted"),
    ],
)
def test_what_cannot_be_used_is_named_and_left_out(put, files: dict[str, object], problem: str):
    found = put(**files)
    assert problem in "\n".join(found.problems)
    assert len(found.answers) == ("earlier line" in problem)


def test_a_file_that_is_missing_is_named(tmp_path: Path):
    assert "answers.jsonl: cannot be read (No such file or directory)" in load(tmp_path, {}).problems


if __name__ == "__main__":
    before, _, rest = CARD.read_text("utf-8").partition(START)
    CARD.write_text(before + START + card(real()) + END + rest.partition(END)[2], "utf-8")
