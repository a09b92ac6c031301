"""Many answers at once: what is passed over, what is kept when it is stopped, and when there is no point in going on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from interviewer.calibration.run.grades_file import GradesFile
from interviewer.calibration.run.grading import FAILURES, Progress, grade_all
from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Grade, Ungraded
from interviewer.domain.question import Question
from interviewer.ports import Answer, GraderName
from tests.calibration.rows import lines
from tests.calibration.run.test_grades_file import FAILED, GRADER, known, planned
from tests.fakes import START

ALL = planned(*(f"answer {n}" for n in range(30)))


class Watched:
    """The fixed grader, with something that happens at each grading."""

    name: GraderName = "embedded"

    def __init__(self, happens: Callable[[str], Grade | Ungraded | None] = lambda text: None) -> None:
        self.happens = happens
        self.texts: list[str] = []

    def identity(self) -> str:
        return "one"

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        self.texts.append(answer.text)
        return self.happens(answer.text) or GRADER.grade(question, answer, attempt=attempt, now=now)


def run(path: Path, grader: Watched, *, workers: int = 4, told: Callable[[Progress], None] = lambda progress: None) -> Progress:
    with GradesFile(path) as file:
        return grade_all(ALL, grader, file, workers=workers, now=lambda: START, told=told)


def test_everything_is_graded_once_and_told(tmp_path: Path) -> None:
    seen: list[int] = []
    grader = Watched()
    progress = run(tmp_path / "g.jsonl", grader, told=lambda p: seen.append(p.done))
    assert (progress.total, progress.done, progress.ungraded) == (30, 30, 0)
    assert seen == list(range(31))
    assert len(lines(tmp_path / "g.jsonl")) == len(set(grader.texts)) == len(grader.texts) == 30


def test_what_the_file_has_is_passed_over(tmp_path: Path) -> None:
    run(tmp_path / "g.jsonl", Watched())
    (tmp_path / "g.jsonl").write_bytes(b"".join((tmp_path / "g.jsonl").read_bytes().splitlines(keepends=True)[:20]))
    again = Watched()
    progress = run(tmp_path / "g.jsonl", again)
    assert (progress.total, progress.done, len(again.texts)) == (10, 10, 10)
    assert len({line["key"] for line in lines(tmp_path / "g.jsonl")}) == 30


def test_as_many_at_once_as_told_and_no_more(tmp_path: Path) -> None:
    together = threading.Barrier(5, timeout=30)
    busy: list[int] = []
    lock = threading.Lock()
    most = 0

    def meet(text: str) -> None:
        nonlocal most
        with lock:
            busy.append(1)
            most = max(most, len(busy))
        together.wait()
        with lock:
            busy.pop()

    run(tmp_path / "g.jsonl", Watched(meet), workers=5)  # 30 answers are six meetings of five
    assert most == 5


def test_an_interruption_keeps_what_was_under_way(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 5:
            raise KeyboardInterrupt

    grader = Watched()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "g.jsonl", grader, told=stop)
    kept = {line["key"] for line in lines(tmp_path / "g.jsonl")}
    assert 5 <= len(kept) == len(grader.texts) < 30
    run(tmp_path / "g.jsonl", grader)
    assert sorted(grader.texts) == sorted(row.item.text for row in ALL)


def test_a_failure_of_one_answer_is_kept_as_such_and_the_rest_goes_on(tmp_path: Path) -> None:
    progress = run(tmp_path / "g.jsonl", Watched(lambda text: FAILED if text == "answer 7" else None))
    assert (progress.done, progress.ungraded, progress.stopped) == (30, 1, "")


@pytest.mark.parametrize("reason", [FailureReason.KEY_REJECTED, FailureReason.NO_SUCH_MODEL, FailureReason.QUOTA, FailureReason.PAUSED])
def test_where_no_answer_fares_better_none_is_asked_any_more(tmp_path: Path, reason: FailureReason) -> None:
    hopeless = FAILED.model_copy(update={"reason": reason, "sentence": "The key was rejected."})
    grader = Watched(lambda text: hopeless if int(text.split()[1]) >= 3 else None)
    progress = run(tmp_path / "g.jsonl", grader, workers=1)
    assert progress.stopped == "The key was rejected."
    assert len(grader.texts) <= 6
    assert sum(known(tmp_path / "g.jsonl", ALL)) == 3


def test_so_many_failures_and_not_one_grade_stop_it_too(tmp_path: Path) -> None:
    grader = Watched(lambda text: FAILED)
    progress = run(tmp_path / "g.jsonl", grader, workers=1)
    assert progress.stopped == "Too late."
    assert FAILURES <= len(grader.texts) < 30


def test_an_error_of_the_grader_itself_keeps_what_was_graded(tmp_path: Path) -> None:
    def break_down(text: str) -> None:
        if text == "answer 9":
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        run(tmp_path / "g.jsonl", Watched(break_down), workers=2)
    assert len(lines(tmp_path / "g.jsonl")) >= 8
