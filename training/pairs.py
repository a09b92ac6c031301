"""Training pairs: does this passage assert this point? From the bank, from written sentences, from public sets, and synthetic negatives.

The 80 questions of `calibration_data/` are left out, and so are questions that are told apart from one of them in `overlaps.toml`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from interviewer.bank.load import load
from interviewer.domain.question import Point, Question, Topic
from interviewer.text.words import sentences
from training import negatives
from training.inputs import public_rows

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = Path(__file__).parent / "sentences"
LONG = Path(__file__).parent / "long"
SHORT = Path(__file__).parent / "short"
REFERENCES = Path(__file__).parent / "references.jsonl"
"""Which passage of the reference answer says each point (characters), as the first embedded grader, by words alone, had found it."""
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
    texts, places = written(), _places()
    elsewhere = _elsewhere(questions, texts)
    for question in questions:
        reference = {p: question.reference_answer[start:end] for p, (start, end) in places[question.id].items()}
        for point in question.points:
            yield from _of_point(question, point, reference, texts, rng)
            yield _of_another(question, point, elsewhere, rng)


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
    for prompt in (rng.choice(question.hints), rng.choice(question.follow_ups).ask):
        if rng.random() < 0.4:
            yield pair(prompt, NOT, "bank")
    if mine := texts.get((question.id, point.id)):
        for text, label in ((mine.plain, MET), (mine.terse, MET), (mine.wrong, AGAINST), (mine.near, NOT)):
            yield pair(text, label, "written")
            yield pair(_among(text, said, rng), label, "written")
        yield pair(f"{mine.near} {mine.plain}" if rng.random() < 0.5 else f"{mine.terse} {mine.near}", MET, "written")
    asserted = [mine.plain, mine.terse, point.claim, *point.accept] if mine else [point.claim, *point.accept]
    for passage, label in negatives.of(rng.choice(asserted), question=question.question, rng=rng):
        yield pair(passage, label, "synthetic")
    if rng.random() < 0.5:  # a passage with every sentence denied
        both = [rng.choice(asserted), rng.choice(said)]
        rng.shuffle(both)
        yield pair(" ".join(_sentence(negatives.denied(text, rng)) for text in both), AGAINST, "synthetic")


def _elsewhere(questions: Sequence[Question], texts: dict[tuple[str, str], Written]) -> dict[Topic, list[tuple[str, list[str]]]]:
    """What may be said of each question, by topic."""
    found: defaultdict[Topic, list[tuple[str, list[str]]]] = defaultdict(list)
    for question in questions:
        found[question.topic].append((question.id, _sayings(question, question.points, texts)))
    return found


def _of_another(question: Question, point: Point, elsewhere: dict[Topic, list[tuple[str, list[str]]]], rng: Random) -> Pair:
    """Something true about another question, half of the time of the same topic, says nothing of this point."""
    topic = question.topic if rng.random() < 0.5 and len(elsewhere[question.topic]) > 1 else rng.choice(sorted(elsewhere))
    said = rng.choice([said for name, said in elsewhere[topic] if name != question.id] or [[question.question]])
    return Pair(point=point.claim, passage=_among(rng.choice(said), said, rng), label=NOT, source="bank", group=question.id)


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
    before = [_neighbour(others, rng)] if rng.random() < 0.35 else []
    after = [_neighbour(others, rng)] if rng.random() < 0.35 else []
    return " ".join(_sentence(piece) for piece in (*before, text, *after))


def _neighbour(others: Sequence[str], rng: Random) -> str:
    """A sentence on another point; what is denied there says nothing about this one."""
    text = rng.choice(others)
    return negatives.denied(text, rng) if rng.random() < 0.15 else text


def _sentence(text: str) -> str:
    return text if text.rstrip()[-1:] in ".!?" else f"{text}."


def _places() -> dict[str, dict[str, tuple[int, int]]]:
    found: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for line in REFERENCES.read_text("utf-8").splitlines():
        row = json.loads(line)
        found[row["q"]][row["p"]] = row["start"], row["end"]
    return found


def of_public(rng: Random) -> Iterator[Pair]:
    """Training splits of SciEntsBank and Beetle (right, wrong, contradictory) and of SAF (full marks, next to none)."""
    label = {"correct": MET, "contradictory": AGAINST, "incorrect": NOT}
    for name in ("scientsbank", "beetle"):
        known = [(row["question_id"], row["answer"]) for row in public_rows(name, "train")]
        for row in public_rows(name, "train"):
            references = row.get("reference_answers_all") or [row["reference_answer"]]
            said = label[row["label_3way"]]
            group = f"{name}/{row['question_id']}"
            for reference in rng.sample(references, min(2, len(references))):
                yield Pair(point=reference, passage=row["answer"], label=said, source=name, group=group)
            if rng.random() < 0.2:
                other = rng.choice(known)
                if other[0] != row["question_id"]:
                    yield Pair(point=rng.choice(references), passage=other[1], label=NOT, source=name, group=group)
            if said == MET and rng.random() < 0.3:
                made, against = rng.choice(list(negatives.of(row["answer"], question=row["question"], rng=rng)))
                yield Pair(point=rng.choice(references), passage=made, label=against, source="synthetic", group=group)
    for row in public_rows("saf_en", "training"):
        share = row["score"] / row["max_score"]
        if share >= 0.95 or share <= 0.2:
            yield Pair(
                point=_first(row["reference_answer"], 60),
                passage=_first(row["answer"], 110),
                label=MET if share > 0.5 else NOT,
                source="saf",
                group=f"saf/{row['question_id']}",
            )


def short_rows() -> Iterator[dict[str, Any]]:
    """Questions of other subjects with a short reference and nine labelled answers each, written for training."""
    for path in sorted(SHORT.glob("*.jsonl")):
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def of_short(rng: Random) -> Iterator[Pair]:
    """Every answer against its reference, and one against another question's."""
    rows = list(short_rows())
    label = {"correct": MET, "contradictory": AGAINST, "incorrect": NOT, "partial": NOT}
    for row in rows:
        reference, group = row["reference"], f"short/{row['id']}"
        for answer in row["answers"]:
            yield Pair(point=reference, passage=answer["text"], label=label[answer["label"]], source="short", group=group)
        other = rng.choice([r for r in rows if r is not row])
        yield Pair(point=reference, passage=rng.choice(other["answers"])["text"], label=NOT, source="short", group=group)
        said = rng.choice([reference, *(a["text"] for a in row["answers"] if a["label"] == "correct")])
        made, against = rng.choice(list(negatives.of(said, question=row["question"], rng=rng)))
        yield Pair(point=reference, passage=made, label=against, source="synthetic", group=group)


SAID = {"met": MET, "wrong": AGAINST, "near": NOT, "none": NOT}


def long_rows() -> Iterator[dict[str, Any]]:
    """Questions of other subjects with points and six answers each, labelled sentence by sentence; written for training."""
    for path in sorted(LONG.glob("*.jsonl")):
        yield from map(json.loads, path.read_text("utf-8").splitlines())


def of_long(rng: Random) -> Iterator[Pair]:
    """Passages of one or two neighbouring sentences: what the better of them says of a point, the passage says."""
    for row in long_rows():
        group = f"long/{row['id']}"
        for answer in row["answers"]:
            for passage in ([s] for s in answer):
                yield _said_of(passage, passage[0]["p"] or rng.randint(1, len(row["points"])), row, group)
            for passage in pairwise(answer):
                yield _said_of(passage, rng.randint(1, len(row["points"])), row, group)


def _said_of(passage: Sequence[dict[str, Any]], point: int, row: dict[str, Any], group: str) -> Pair:
    labels = [SAID[s["v"]] for s in passage if s["p"] == point]
    label = MET if MET in labels else AGAINST if AGAINST in labels else NOT
    return Pair(point=row["points"][point - 1], passage=" ".join(s["t"] for s in passage), label=label, source="long", group=group)


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
