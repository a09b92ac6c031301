"""Answers of known truth to questions that the model only watched, for fitting the head.

Composed answers (`composed.py`), written ones (`answers/`), texts of no worth, and short answers to questions without a rubric.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from interviewer.calibration.data.open_question import open_question
from interviewer.calibration.data.rows import GivenPoint, Row
from interviewer.domain.question import Question
from interviewer.text.words import sentences
from training.composed import answers as composed
from training.inputs import public_rows
from training.negatives import ORDERS, WAFFLE, denied
from training.pairs import MET, short_rows, written
from training.train import DEV, SEED, fold_of

WRITTEN = Path(__file__).parent / "answers"
PUBLIC_SETS = ("scientsbank", "beetle")
SETS = (*PUBLIC_SETS, "short")
"""Kinds whose questions have a reference answer and no rubric."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A text and which points it makes; `kind` is what it was made from."""

    question: Question
    text: str
    met: frozenset[str]
    kind: str


def held_back(questions: Iterable[Question]) -> list[Question]:
    """The questions that `train.py` only watches."""
    return [q for q in questions if fold_of(f"dev/{q.id}", DEV) == 0]


def samples(questions: Sequence[Question]) -> Iterator[Sample]:
    """All kinds but public ones."""
    rng, known = Random(SEED), {q.id: q for q in questions}
    for answer in composed(questions, written(), rng):
        met = frozenset(p for p, label in answer.truth.items() if label == MET)
        yield Sample(question=answer.question, text=answer.text, met=met, kind="composed")
    good: dict[str, str] = {}
    for path in sorted(WRITTEN.glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            if row["q"] in known:
                met = frozenset(p for p, verdict in row["verdicts"].items() if verdict == "met")
                yield Sample(question=known[row["q"]], text=row["answer"], met=met, kind="written")
                if row["style"] == "good":
                    good[row["q"]] = row["answer"]
    for at, question in enumerate(questions):
        other = questions[(at + 1) % len(questions)]
        yield from _of_no_worth(question, other, good.get(question.id, ""), good.get(other.id, ""), rng)


def _of_no_worth(question: Question, other: Question, mine: str, others: str, rng: Random) -> Iterator[Sample]:
    """Nothing of these is to be credited: denied, shuffled, about another question, or said by the interviewer."""
    texts = {
        "denied": _denied(question.reference_answer, rng),
        "denied answer": _denied(mine, rng),
        "giveaway": rng.choice([*question.hints, *(f.ask for f in question.follow_ups)]),
        "other": other.reference_answer,
        "other answer": others,
        "shuffled": _shuffled(question.reference_answer, rng),
        "empty": f"{question.question} {rng.choice(WAFFLE)} {rng.choice(ORDERS)}",
    }
    for kind, text in texts.items():
        if text:
            yield Sample(question=question, text=text, met=frozenset(), kind=kind)


def _denied(text: str, rng: Random) -> str:
    return " ".join(denied(" ".join(text[s.start : s.end].split()), rng) for s in sentences(text))


def _shuffled(text: str, rng: Random) -> str:
    said = text.split()
    rng.shuffle(said)
    return " ".join(said)


def bare() -> Iterator[Sample]:
    """Right and wrong answers to held-back questions of the public and the short sets; the reference answer is the one point."""
    for name in PUBLIC_SETS:
        for row in public_rows(name, "train"):
            if fold_of(f"dev/{name}/{row['question_id']}", DEV) == 0:
                yield _bare(name, row["question"], row["reference_answer"], row["answer"], correct=row["label_2way"] == "correct")
    for row in short_rows():
        if fold_of(f"dev/short/{row['id']}", DEV) == 0:
            for answer in row["answers"]:
                yield _bare("short", row["question"], row["reference"], answer["text"], correct=answer["label"] == "correct")


def _bare(kind: str, asked: str, reference: str, answer: str, *, correct: bool) -> Sample:
    given = Row(question=asked, reference_answer=reference, answer=answer)
    question = open_question(given, [GivenPoint(claim=" ".join(reference.split()))])
    return Sample(question=question, text=answer, met=frozenset({"p1"} if correct else ()), kind=kind)
