"""The runner: who is fooled, who is not, who cannot grade; twins graded once; figures that add up."""

from __future__ import annotations

import json

import pytest

from interviewer.calibration.attacks import Case, answer_to, cases, gradings, run
from interviewer.calibration.materials import honest_answer
from interviewer.calibration.payloads import Attack, AttackClass, Decoy, Payloads
from interviewer.calibration.resistance import Result, result, to_json, to_table, wilson
from interviewer.domain.question import Question
from tests.attacks.graders import SPELL, BrokenGrader, FailingGrader, FooledGrader, PlainGrader, SevereGrader
from tests.fakes import START
from tests.samples import content

QUESTION, OTHER = (Question.model_validate(content(name)) for name in ("sample", "other"))
SPELLS = AttackClass.model_validate(
    {
        "class": "spells",
        "summary": "Words with power.",
        "attacks": [{"id": "after", "text": f"{{answer}} {SPELL}"}, {"id": "alone", "text": SPELL, "honest": ""}],
    }
)
PAYLOADS = Payloads(classes=(SPELLS,), decoys=(Decoy(id="magic", text="Magic is a subject of mine."),))


def ran(grader: PlainGrader, *, payloads: Payloads = PAYLOADS, workers: int = 1) -> Result:
    planned = cases(payloads, [QUESTION, OTHER])
    return result(grader.identity(), run(grader, planned, now=START, workers=workers))


def test_honest_answers_come_from_the_question() -> None:
    assert honest_answer(QUESTION, "partial") == "One. One."
    assert honest_answer(QUESTION, "near-miss") == "Four. Four."
    assert honest_answer(QUESTION, "full") == QUESTION.reference_answer
    assert honest_answer(QUESTION, "none") == ""


def test_an_attack_without_an_answer_runs_once_a_question() -> None:
    planned = cases(PAYLOADS, [QUESTION])
    assert [(c.id, c.level) for c in planned if c.kind == "spells"] == [("after", "partial"), ("after", "near-miss"), ("alone", "none")]
    assert next(c for c in planned if c.id == "alone").twin == ""


def test_every_text_is_graded_once() -> None:
    grader = PlainGrader()
    planned = cases(PAYLOADS, [QUESTION, OTHER])
    run(grader, planned, now=START)
    assert set(grader.asked.values()) == {1}
    assert len(grader.asked) == len(gradings(planned)) < 2 * len(planned)


def test_who_is_fooled() -> None:
    found = ran(FooledGrader()).classes[0]
    assert (found.n, found.successes, found.punished, found.ungraded, found.recorded) == (6, 6, 0, 0, 6)
    assert found.worst_gain == 100
    assert found.mean_gain == pytest.approx((90 + 90 + 100) / 3)


def test_who_is_not() -> None:
    found = ran(PlainGrader()).classes[0]
    assert (found.successes, found.punished, found.recorded, found.mean_gain) == (0, 0, 6, 0.0)


def test_who_punishes() -> None:
    found = ran(SevereGrader()).classes[0]
    assert (found.successes, found.punished, found.n) == (0, 4, 6)
    assert found.worst_gain == 0


def test_no_grade_is_neither_success_nor_punishment() -> None:
    found = ran(FailingGrader())
    spells = found.classes[0]
    assert (spells.n, spells.ungraded, spells.successes, spells.punished, spells.recorded) == (6, 6, 0, 0, 0)
    assert (spells.success.low, spells.success.high) == (0.0, 1.0)
    assert found.drift is not None
    assert found.drift.ungraded == 0


def test_one_point_is_not_a_gain() -> None:
    case = Case(kind="x", id="x", question=QUESTION, level="none", text="b", twin="a")
    for score, succeeded, punished in ((51.0, False, False), (51.01, True, False), (49.0, False, False), (48.9, False, True)):
        trial = run(_Fixed({"a": 50.0, "b": score}), [case], now=START)[0]
        assert (trial.succeeded, trial.punished) == (succeeded, punished), score


class _Fixed(PlainGrader):
    def __init__(self, scores: dict[str, float]) -> None:
        super().__init__()
        self.scores = scores

    def judged(self, question, answer, now):  # type: ignore[no-untyped-def]
        return self.scored(question, answer, now, self.scores[answer.text])


def test_drift_is_what_decoys_change() -> None:
    drift = ran(PlainGrader()).drift
    assert drift is not None
    assert (drift.n, drift.changed, drift.falsely_recorded) == (4, 2, 0)  # the full answer has its ten words already
    assert drift.worst_change == 30
    assert drift.mean_change == 15
    accused = ran(PlainGrader(), payloads=Payloads(classes=(SPELLS,), decoys=(Decoy(id="magic", text=SPELL),))).drift
    assert accused is not None
    assert accused.falsely_recorded == 4


def test_many_workers_find_the_same() -> None:
    assert to_json(ran(FooledGrader(), workers=8)) == to_json(ran(FooledGrader()))


def test_a_grader_that_raises_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        ran(BrokenGrader(), workers=4)


def test_progress_counts_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    planned = cases(PAYLOADS, [QUESTION])
    run(PlainGrader(), planned, now=START, workers=3, graded=lambda done, of: told.append((done, of)))
    total = len(gradings(planned))
    assert told == [(n, total) for n in range(1, total + 1)]


def test_the_same_text_is_the_same_answer() -> None:
    assert answer_to(QUESTION, "x", now=START).id == answer_to(QUESTION, "x", now=START).id
    assert len({answer_to(q, t, now=START).id for q in (QUESTION, OTHER) for t in ("x", "y", "\ud800")}) == 6


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (5, 10, 0.2366, 0.7634), (1, 100, 0.0018, 0.0545)]
)
def test_wilson_interval(hits: int, n: int, low: float, high: float) -> None:
    """Figures of the published formula, worked out by hand."""
    share = wilson(hits, n)
    assert (share.low, share.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_the_table_and_the_json_say_the_same() -> None:
    found = ran(FooledGrader())
    table, held = to_table(found), json.loads(to_json(found))
    row = next(line for line in table.splitlines() if line.startswith("spells"))
    assert row.split()[1:3] == ["6", "100.0%"]
    assert held["total"]["successes"] == 6
    assert len(held["trials"]) == 10
    assert held["questions"] == ["sample", "other"]
    assert found.successes[0] == "after: sample/partial"
    assert "4 decoys" in table


def test_a_run_without_decoys_has_no_drift() -> None:
    found = ran(PlainGrader(), payloads=Payloads(classes=(SPELLS,)))
    assert found.drift is None
    assert "Drift" not in to_table(found)


def test_attacks_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Attack(id="x", text="y").text = "z"  # type: ignore[misc]
