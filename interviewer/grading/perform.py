"""One grading job: read the request, grade, append the outcome. Safe to run twice."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import ExitStack
from functools import partial

from interviewer.domain.errors import FailureReason, InterviewerError, ModelError, NotFound, StorageError
from interviewer.domain.grade import Grade, Provenance, Ungraded
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1
from interviewer.grading.gates import gate
from interviewer.grading.spending import Spending
from interviewer.ports import Answer, Clock, Grader, GraderName, GradingRequest, Store

log = logging.getLogger(__name__)
Expected = Callable[[Question, Answer], float | None]
"""USD that grading an answer with the model is expected to cost; None where no price is known."""


def perform(
    key: str,
    *,
    store: Store,
    graders: Mapping[GraderName, Grader],
    clock: Clock,
    spending: Spending | None = None,
    expected: Expected | None = None,
    unsaved: MutableMapping[str, Grade | Ungraded] | None = None,
) -> None:
    """Carry out the request with this key, unless it has an outcome or its interview was deleted. Without `spending` no limit holds.

    `unsaved` keeps what could not be stored: the next try of the same key stores it, and pays for nothing twice.
    """
    grading = store.grading(key)
    if grading is None or grading.outcome is not None:
        return
    request = grading.request
    try:
        answer = store.answer(request.answer_id)
        question = store.question(answer.question_sha256)
    except NotFound:
        return  # deleted a moment ago
    with ExitStack() as held:  # until the cost is stored, or another grading could slip in between

        def reserve() -> None:
            if spending and request.grader == "llm" and not gate(question, answer):
                held.enter_context(spending.reserve(answer.interview_id, (expected(question, answer) or 0.0) if expected else 0.0))

        kept = {} if unsaved is None else unsaved
        outcome = kept.get(key) or _outcome(request, question, answer, grader=graders.get(request.grader), reserve=reserve, clock=clock)
        kept[key] = outcome
        store.add_grading(request, outcome)
        del kept[key]


def _failed(request: GradingRequest, question: Question, clock: Clock, *, reason: FailureReason, sentence: str) -> Ungraded:
    source = Provenance(
        grader=request.grader,
        question_id=question.id,
        question_sha256=question.sha256,
        policy=POLICY_1.name,
        graded_at=clock.now(),
    )
    return Ungraded(reason=reason, sentence=sentence, provenance=source)


def _outcome(
    request: GradingRequest, question: Question, answer: Answer, *, grader: Grader | None, reserve: Callable[[], None], clock: Clock
) -> Grade | Ungraded:
    failed = partial(_failed, request, question, clock)
    if grader is None:
        return failed(
            reason=FailureReason.UNREACHABLE,
            sentence="No model is set any more. Your answer is kept; set the model again, or take the built-in estimate.",
        )
    try:
        reserve()
        return grader.grade(question, answer, attempt=request.attempt, now=clock.now())
    except StorageError:
        raise
    except ModelError as error:
        return failed(reason=error.reason, sentence=str(error))
    except InterviewerError as error:
        return failed(reason=FailureReason.INTERNAL, sentence=f"{error} Your answer is kept.")
    except Exception as error:  # noqa: BLE001  (the outermost frame of a job: anything else would leave the answer waiting for ever)
        frames = "".join(traceback.format_tb(error.__traceback__))  # without the message: it may hold the candidate's text
        log.error("grading %s failed: %s\n%s", request.key, type(error).__name__, frames)
        sentence = "The grader itself failed; the server's log says how. Your answer is kept; try again."
        return failed(reason=FailureReason.INTERNAL, sentence=sentence)
