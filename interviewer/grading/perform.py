"""One grading job: read the request, grade, append the outcome. Safe to run twice."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping

from interviewer.domain.errors import FailureReason, InterviewerError, NotFound, StorageError
from interviewer.domain.grade import Grade, Provenance, Ungraded
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1
from interviewer.ports import Clock, Grader, GraderName, GradingRequest, Store

log = logging.getLogger(__name__)


def perform(key: str, *, store: Store, graders: Mapping[GraderName, Grader], clock: Clock) -> None:
    """Carry out the request with this key, unless it has an outcome or its interview was deleted."""
    grading = store.grading(key)
    if grading is None or grading.outcome is not None:
        return
    request = grading.request
    try:
        question = store.question(store.answer(request.answer_id).question_sha256)
    except NotFound:
        return  # deleted a moment ago
    store.add_grading(request, _outcome(request, question, store=store, graders=graders, clock=clock))


def _outcome(
    request: GradingRequest, question: Question, *, store: Store, graders: Mapping[GraderName, Grader], clock: Clock
) -> Grade | Ungraded:
    def failed(reason: FailureReason, sentence: str) -> Ungraded:
        source = Provenance(
            grader=request.grader,
            question_id=question.id,
            question_sha256=question.sha256,
            policy=POLICY_1.name,
            graded_at=clock.now(),
        )
        return Ungraded(reason=reason, sentence=sentence, provenance=source)

    grader = graders.get(request.grader)
    if grader is None:
        return failed(
            FailureReason.UNREACHABLE,
            "No model is set any more. Your answer is kept; set the model again, or take the built-in estimate.",
        )
    try:
        return grader.grade(question, store.answer(request.answer_id), attempt=request.attempt, now=clock.now())
    except StorageError:
        raise
    except InterviewerError as error:
        return failed(FailureReason.INTERNAL, f"{error} Your answer is kept.")
    except Exception as error:  # noqa: BLE001  (the outermost frame of a job: anything else would leave the answer waiting for ever)
        frames = "".join(traceback.format_tb(error.__traceback__))  # without the message: it may hold the candidate's text
        log.error("grading %s failed: %s\n%s", request.key, type(error).__name__, frames)
        return failed(FailureReason.INTERNAL, "The grader itself failed; the server's log says how. Your answer is kept; try again.")
