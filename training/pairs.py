"""Training pairs: does this passage assert this point? From the bank, from written sentences, from public sets, and synthetic negatives.

The 80 questions of `calibration_data/` are left out, and so are questions that are told apart from one of them in `overlaps.toml`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from interviewer.bank.load import load
from interviewer.domain.grade import Grade, Verdict
from interviewer.domain.question import Point, Question
from interviewer.grading.embedded_grader import EmbeddedGrader
from interviewer.text.words import sentences
from training import negatives
from training.answers import BEGINNING, answer_of

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = Path(__file__).parent / "sentences"
NOT, MET, AGAINST = 0, 1, 2
"""Labels: nothing said of the point; asserted; the opposite asserted."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """`group`: the question it belongs to, by which data is split. `source`: for runs that leave one out."""

    point: str
    passage: str
    label: int
    source: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """Four texts on a point, written for training: two assert it, one says the opposite, one only sounds like it."""

    plain: str
    terse: str
    wrong: str
    near: str


def usable_questions() -> list[Question]:
    """The bank without the frozen questions and those near them."""
    bank = load(ROOT / "question_bank")
    frozen = {json.loads(line)["question_id"] for line in (ROOT / "calibration_data" / "answers.jsonl").read_text("utf-8").splitlines()}
    near = {name for overlap in bank.overlaps for name in overlap.questions if frozen & set(overlap.questions)}
    return [q for q in bank.questions.values() if q.id not in frozen | near]


def written() -> dict[tuple[str, str], Written]:
    """The written texts by question and point."""
    found = {}
    for path in sorted(SENTENCES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            name = row.pop("q"), row.pop("p")
            found[name] = Written(**row)
    return found


def of_bank(questions: Sequence[Question], rng: Random) -> Iterator[Pair]:
    """Wordings that count and do not, passages of the reference, other points, misconceptions, and what is written and made."""
    texts = written()
    grader = EmbeddedGrader(questions)
    for question in questions:
        reference = _reference_passages(grader, question)
        for point in question.points:
            yield from _of_point(question, point, reference, texts, rng)


def _of_point(
    question: Question,
    point: Point,
    reference: dict[str, str],
    texts: dict[tuple[str, str], Written],
    rng: Random,
) -> Iterator[Pair]:
    others = [p for p in question.points if p is not point]
    said = _sayings(question, others, texts)

    def pair(passage: str, label: int, source: str) -> Pair:
        return Pair(point=point.claim, passage=passage, label=label, source=source, group=question.id)

    for wording in point.accept:
        yield pair(_among(wording, said, rng), MET, "bank")
    for wording in point.reject:
        yield pair(_among(wording, said, rng), NOT, "bank")
    if point.id in reference:
        yield pair(reference[point.id], MET, "bank")
    for other in rng.sample(others, min(2, len(others))):
        elsewhere = reference.get(other.id, other.claim)
        if not _shared(elsewhere, reference.get(point.id, "")):
            yield pair(elsewhere, NOT, "bank")
    yield pair(_among(rng.choice(said), said, rng), NOT, "bank")
    for wrong in rng.sample(list(question.misconceptions), min(1, len(question.misconceptions))):
        yield pair(_among(wrong.claim, said, rng), NOT, "bank")
    if mine := texts.get((question.id, point.id)):
        for text, label in ((mine.plain, MET), (mine.terse, MET), (mine.wrong, AGAINST), (mine.near, NOT)):
            yield pair(text, label, "written")
            yield pair(_among(text, said, rng), label, "written")
        yield pair(f"{mine.near} {mine.plain}" if rng.random() < 0.5 else f"{mine.terse} {mine.near}", MET, "written")
    asserted = [mine.plain, mine.terse, point.claim, *point.accept] if mine else [point.claim, *point.accept]
    for passage, label in negatives.of(rng.choice(asserted), question=question.question, rng=rng):
        yield pair(passage, label, "synthetic")


def _shared(one: str, other: str) -> bool:
    """Whether two passages have a sentence in common: what says one point may say the other too."""
    return bool({one[s.start : s.end] for s in sentences(one)} & {other[s.start : s.end] for s in sentences(other)})


def _sayings(question: Question, others: Iterable[Point], texts: dict[tuple[str, str], Written]) -> list[str]:
    """What a candidate may say of other points of the same question."""
    found: list[str] = []
    for other in others:
        found += [other.claim, *other.accept]
        if mine := texts.get((question.id, other.id)):
            found += [mine.plain, mine.terse, mine.near]
    return found


def _among(text: str, others: Sequence[str], rng: Random) -> str:
    """The text as a window of an answer has it: alone, or with a sentence on another point before or after it."""
    before = [rng.choice(others)] if rng.random() < 0.35 else []
    after = [rng.choice(others)] if rng.random() < 0.35 else []
    return " ".join(_sentence(piece) for piece in (*before, text, *after))


def _sentence(text: str) -> str:
    return text if text.rstrip()[-1:] in ".!?" else f"{text}."


def _reference_passages(grader: EmbeddedGrader, question: Question) -> dict[str, str]:
    """The passage of the reference answer that says each point, as the first embedded grader finds it."""
    found = grader.grade(question, answer_of(question, question.reference_answer), attempt=0, now=BEGINNING)
    if not isinstance(found, Grade):
        return {}
    return {r.point: r.evidence.text for r in found.points if r.verdict is Verdict.MET and r.evidence}


def of_public(folder: Path, rng: Random) -> Iterator[Pair]:
    """Training splits of SciEntsBank and Beetle (right, wrong, contradictory) and of SAF (full marks, next to none)."""
    label = {"correct": MET, "contradictory": AGAINST, "incorrect": NOT}
    for name in ("scientsbank", "beetle"):
        for row in _rows(folder / f"{name}.jsonl", "train"):
            references = row.get("reference_answers_all") or [row["reference_answer"]]
            yield Pair(
                point=rng.choice(references),
                passage=row["answer"],
                label=label[row["label_3way"]],
                source=name,
                group=f"{name}/{row['question_id']}",
            )
    for row in _rows(folder / "saf_en.jsonl", "training"):
        share = row["score"] / row["max_score"]
        if share >= 0.95 or share <= 0.2:
            yield Pair(
                point=_first(row["reference_answer"], 60),
                passage=_first(row["answer"], 110),
                label=MET if share > 0.5 else NOT,
                source="saf",
                group=f"saf/{row['question_id']}",
            )


def _rows(path: Path, split: str) -> Iterator[dict[str, str | float | list[str]]]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == split:
            yield row


def _first(text: str, words: int) -> str:
    """Whole sentences, about so many words."""
    kept, count = [], 0
    for span in sentences(text):
        piece = text[span.start : span.end]
        kept.append(piece)
        count += len(piece.split())
        if count >= words:
            break
    return " ".join(kept)
