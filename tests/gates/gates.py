"""The gates a grader must pass on any question (design/grading.md): what each grades, and what it may score."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from interviewer.domain.grade import Grade, Ungraded, Verdict
from interviewer.domain.question import Question, Topic
from interviewer.ports import Grader
from interviewer.text.words import sentences
from tests.fakes import START, answer_of

AUXILIARY = re.compile(
    r"\b(?:(?:is|are|was|were|am|can|could|will|would|should|may|might|must|shall|do|does|did|has|have|had)\b( not\b)?|cannot\b)", re.I
)
NOT_THE_CASE = "It is not the case that"
BEFORE = "My grandmother bakes bread every Sunday morning. The tram to the harbour was late again. We painted the fence green."
AFTER = "The cat next door sleeps on our roof. It rained all week in the mountains. My brother plays the cello."


@dataclass(frozen=True, kw_only=True)
class Course:
    """A grader on the questions of a bank."""

    grader: Grader
    bank: Sequence[Question]
    _known: dict[tuple[str, str], Grade | Ungraded] = field(default_factory=dict)

    def asked(self, question: Question, text: str) -> Grade | Ungraded:
        """What the grader says, asked anew."""
        return self.grader.grade(question, answer_of(question, text), attempt=0, now=START)

    def once(self, question: Question, text: str) -> Grade | Ungraded:
        """What the grader says, asked the first time only."""
        key = (question.id, text)
        if key not in self._known:
            self._known[key] = self.asked(question, text)
        return self._known[key]

    def grade(self, question: Question, text: str) -> Grade:
        """The grade; a grader that gives none has failed the gate."""
        found = self.once(question, text)
        assert isinstance(found, Grade), f"{question.id}: {found.sentence}"
        return found

    def score(self, question: Question, text: str) -> float:
        """The score, or what stands for it where there is none: an ungraded answer is no number, so no gate is passed by it."""
        found = self.once(question, text)
        return found.score if isinstance(found, Grade) else float("nan")

    def met(self, question: Question, point: str, text: str) -> bool:
        """Whether a text earns a point."""
        return any(r.point == point and r.verdict is Verdict.MET for r in self.grade(question, text).points)

    def of_next_topic(self, question: Question) -> Question:
        """The first question of the next topic that has one."""
        topics = [topic for topic in Topic if any(q.topic is topic for q in self.bank)]
        following = topics[(topics.index(question.topic) + 1) % len(topics)]
        return next(q for q in self.bank if q.topic is following)


def negate(text: str) -> str:
    """Every sentence turned round: "not" put in or taken out after its first auxiliary, or the whole denied where it has none."""
    return "\n".join(_negate_one(" ".join(text[s.start : s.end].split())) for s in sentences(text))


def _negate_one(sentence: str) -> str:
    found = AUXILIARY.search(sentence)
    if found is None:
        return f"{NOT_THE_CASE} {sentence}"
    if found[0].lower() == "cannot":
        return f"{sentence[: found.start()]}can{sentence[found.end() :]}"
    if found[1]:
        return sentence[: found.start(1)] + sentence[found.end(1) :]
    return f"{sentence[: found.end()]} not{sentence[found.end() :]}"


def shuffled(text: str) -> str:
    """Keyword salad: all the words, no order, no punctuation."""
    said = re.findall(r"[\w'/^-]+", text)
    random.Random(0).shuffle(said)
    return " ".join(said)


def padded(text: str) -> str:
    """The text between sentences about other things."""
    return f"{BEFORE} {text}\n\n{AFTER}"


Gate = Callable[[Course, Question], bool]

GATES: dict[str, Gate] = {
    "reference >= 95": lambda c, q: c.score(q, q.reference_answer) >= 95,
    "another reference <= 10": lambda c, q: c.score(q, c.of_next_topic(q).reference_answer) <= 10,
    "salad <= 20": lambda c, q: c.score(q, shuffled(q.reference_answer)) <= 20,
    "negated reference <= 30": lambda c, q: c.score(q, negate(q.reference_answer)) <= 30,
    "padding moves <= 3": lambda c, q: abs(c.score(q, padded(q.reference_answer)) - c.score(q, q.reference_answer)) <= 3,
    "blank 0": lambda c, q: c.score(q, " \n") == 0,
    "question given back 0": lambda c, q: c.score(q, q.question) == 0,
    "the same answer, the same grade": lambda c, q: _same(c.once(q, q.reference_answer), c.asked(q, q.reference_answer)),
}


def _same(one: Grade | Ungraded, other: Grade | Ungraded) -> bool:
    return isinstance(one, Grade) and isinstance(other, Grade) and (one.score, one.points) == (other.score, other.points)


def missing(course: Course, gate: str, questions: Sequence[Question]) -> frozenset[str]:
    """Ids of the questions that miss a gate."""
    return frozenset(q.id for q in questions if not GATES[gate](course, q))
