"""Graded answers as columns of numbers, one entry an answer, so that a resample is one indexing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from interviewer.calibration.data.items import Item
from interviewer.calibration.report.report import MeasuredAnswer
from interviewer.calibration.run.tasks import key_of
from interviewer.domain.grade import Grade, Provenance, Ungraded, Verdict
from interviewer.text.words import words

Numbers = npt.NDArray[np.float64]
LETTERS = {Verdict.MET: "m", Verdict.NOT_MET: "n", Verdict.CONTRADICTED: "c", Verdict.CANNOT_ASSESS: "?"}


@dataclass(frozen=True, kw_only=True)
class Held:
    """An answer with its outcomes by attempt, as it is measured. `places`: where each point stood when it was judged, 0 first, 1 last."""

    answer: MeasuredAnswer
    words: int = 0
    groups: Mapping[str, str]
    by_annotator: tuple[float, ...] = ()
    places: tuple[float, ...] = ()
    flipped: int = 0
    repeated: int = 0


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Shapes: n answers. `cells`: weights of (met and credited, met and not, not met and not credited, not met and credited) points,
    (n, 4); `halves`: credit beyond people's and number of points, first half as shown and second, (n, 4); `people`: as `cells`, the
    second annotator held against the first."""

    question: npt.NDArray[np.int64]
    human: Numbers
    scores: Numbers
    words: Numbers
    cells: Numbers
    halves: Numbers
    flips: Numbers
    annotators: Numbers
    people: Numbers

    def take(self, index: npt.NDArray[np.int64]) -> Columns:
        """These answers, as often as the index names them."""
        return Columns(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def __len__(self) -> int:
        return len(self.human)

    @property
    def first(self) -> Numbers:
        """Scores of the first attempt; NaN: no grade."""
        return self.scores[:, 0]

    @property
    def graded(self) -> Columns:
        """The answers that the first attempt graded."""
        return self.take(np.flatnonzero(~np.isnan(self.first)))


def held(item: Item, outcomes: Sequence[Grade | Ungraded]) -> Held:
    """One answer as it is measured. The item has people's scores."""
    assert item.human is not None
    first = outcomes[0]
    letters = [_letters(item, outcome) for outcome in outcomes if isinstance(outcome, Grade)]
    met = [[letter == "m" for letter in said] for said in letters]
    answer = MeasuredAnswer(
        id=key_of((item.question.question, item.question.reference_answer, item.text, item.answer_id))[:16],
        question=item.question_id,
        human=item.human.score,
        scores=tuple(outcome.score if isinstance(outcome, Grade) else None for outcome in outcomes),
        said=letters[0] if isinstance(first, Grade) else "",
        truth=tuple("".join(LETTERS[said[p.id]] for p in item.question.points) for said in item.human.verdicts),
    )
    return Held(
        answer=answer,
        words=len(words(item.text)),
        groups=item.groups,
        by_annotator=item.human.by_annotator,
        places=_places(item, first.provenance),
        flipped=sum(len(set(point)) > 1 for point in zip(*met, strict=True)) if len(met) > 1 else 0,
        repeated=len(item.question.points) if len(met) > 1 else 0,
    )


def _letters(item: Item, grade: Grade) -> str:
    said = {result.point: LETTERS[result.verdict] for result in grade.points}
    return "".join(said.get(point.id, "n") for point in item.question.points)


def _places(item: Item, source: Provenance) -> tuple[float, ...]:
    """Where each point stood among the question's own (the canary is none); empty where no order is known."""
    shown = [p for p in source.point_order if any(p == point.id for point in item.question.points)]
    if len(shown) < 2:
        return ()
    place = {name: n / (len(shown) - 1) for n, name in enumerate(shown)}
    return tuple(place.get(point.id, float("nan")) for point in item.question.points)


def columns(answers: Iterable[Held]) -> Columns:
    """All of them, in their order."""
    rows = list(answers)
    codes: dict[str, int] = {}
    return Columns(
        question=np.array([codes.setdefault(r.answer.question, len(codes)) for r in rows], dtype=np.int64),
        human=_column(r.answer.human for r in rows),
        scores=np.array([[np.nan if s is None else s for s in r.answer.scores] for r in rows], dtype=float).reshape(len(rows), -1),
        words=_column(r.words for r in rows),
        cells=_table((_cells(r.answer.truth, r.answer.said) for r in rows), 4),
        halves=_table((_halves(r) for r in rows), 4),
        flips=_table(((r.flipped, r.repeated) for r in rows), 2),
        annotators=_table(((*r.by_annotator, np.nan, np.nan)[:2] for r in rows), 2),
        people=_table((_cells(r.answer.truth[:1], r.answer.truth[1] if len(r.answer.truth) > 1 else "") for r in rows), 4),
    )


def _column(values: Iterable[float]) -> Numbers:
    return np.array(list(values), dtype=float)


def _table(rows: Iterable[Sequence[float]], width: int) -> Numbers:
    return np.array(list(rows), dtype=float).reshape(-1, width)


def _cells(truth: Sequence[str], said: str) -> tuple[float, float, float, float]:
    """Each annotator's labels count alike; an answer without a grade counts nothing."""
    found = [0.0, 0.0, 0.0, 0.0]
    for labels in truth if said else ():
        for right, credited in zip(labels, said, strict=True):
            cell = (0 if credited == "m" else 1) if right == "m" else (3 if credited == "m" else 2)
            found[cell] += 1 / len(truth)
    return found[0], found[1], found[2], found[3]


def _halves(row: Held) -> tuple[float, float, float, float]:
    """Credit beyond people's (mean of the annotators), by where the point stood."""
    found = [0.0, 0.0, 0.0, 0.0]
    truth, said = row.answer.truth, row.answer.said
    for at, place in enumerate(row.places if truth and said else ()):
        if np.isnan(place) or place == 0.5:
            continue
        half = 0 if place < 0.5 else 2
        found[half] += (said[at] == "m") - sum(labels[at] == "m" for labels in truth) / len(truth)
        found[half + 1] += 1
    return found[0], found[1], found[2], found[3]
