"""Small values of the domain, made for tests: each can be changed in one place."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Band, Grade, PointResult, Ungraded, Verdict
from interviewer.domain.interview import Interview, Mode, Pace, turn_for
from interviewer.domain.question import Difficulty, Kind, Question, Topic
from interviewer.domain.scoring import band_of
from interviewer.domain.track import Track
from interviewer.ports import Grading, GradingRequest
from tests.fakes import START, provenance

SESSION = "5e55" * 8
POINTS = ("looks-up", "into-prompt", "no-training")


def content(id_: str = "sample", **changes: Any) -> dict[str, Any]:
    """A question as its file holds it."""
    points = [{"id": p, "claim": f"The claim of {p}.", "accept": ["one", "two", "three"], "reject": ["four", "five"]} for p in POINTS]
    return {
        "id": id_,
        "question": f"What is {id_}, and when would you use it?",
        "topic": "rag",
        "kind": "concept",
        "difficulty": "foundation",
        "minutes": 2,
        "reference_answer": "Sentinel reference words. " * 40,
        "points": points,
        "misconceptions": [{"id": "it-trains", "claim": "It trains the model.", "correction": "The weights stay as they are."}],
        "follow_ups": [{"point": "looks-up", "ask": "What comes first?"}, {"point": "into-prompt", "ask": "And then?"}],
        "hints": ["A nudge.", "A strong hint."],
        "references": [{"title": "A paper", "url": "https://example.org/paper"}],
        "as_of": "2026-11",
    } | changes


def question(id_: str = "sample", **changes: Any) -> Question:
    return Question.model_validate(content(id_, **changes))


def questions(count: int, **changes: Any) -> list[Question]:
    return [question(f"sample-{number}", **changes) for number in range(count)]


def track(**changes: Any) -> Track:
    """Everything about RAG, at all levels alike."""
    values: dict[str, Any] = {
        "id": "sample-track",
        "name": "Sample",
        "summary": "For tests.",
        "levels": dict.fromkeys(Difficulty, 1.0),
        "topics": {Topic.RAG: 1.0},
        "kinds": tuple(Kind),
        "minutes": 15,
        "pass_band": Band.SOLID,
    }
    return Track.model_validate(values | changes)


def interview(asked: list[Question] | None = None, **changes: Any) -> Interview:
    """An exam over three questions of two minutes, not begun."""
    asked = asked or questions(3)
    values: dict[str, Any] = {
        "id": SESSION,
        "owner_id": "local",
        "track_id": "sample-track",
        "track_name": "Sample",
        "mode": Mode.EXAM,
        "pace": Pace.STANDARD,
        "pass_band": Band.SOLID,
        "seconds": 60.0 * sum(q.minutes for q in asked),
        "turns": tuple(turn_for(q) for q in asked),
        "created_at": START,
    }
    return Interview(**(values | changes))


def grade(of: Question, score: float = 70.0, **changes: Any) -> Grade:
    """A model's grade."""
    source = provenance(of).model_copy(update={"grader": "llm", "model": "scripted-1"})
    values: dict[str, Any] = {
        "score": score,
        "band": band_of(score),
        "points": tuple(PointResult(point=p.id, verdict=Verdict.MET) for p in of.points),
        "provenance": source,
    }
    return Grade(**(values | changes))


def estimate(of: Question, score: float = 70.0) -> Grade:
    """The embedded grader's."""
    return grade(of, score, estimate=True, provenance=provenance(of))


def failure(of: Question, sentence: str = "The model did not answer.") -> Ungraded:
    return Ungraded(reason=FailureReason.TIMEOUT, sentence=sentence, provenance=provenance(of))


def grading(answer_id: str, outcome: Grade | Ungraded | None, *, attempt: int = 0, at: datetime = START) -> Grading:
    key = f"{answer_id}/{attempt}"
    request = GradingRequest(key=key, owner_id="local", answer_id=answer_id, grader="llm", attempt=attempt, requested_at=at)
    return Grading(request=request, outcome=outcome)
