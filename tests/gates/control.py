"""The control: a grader that believes the model. It asks the same request, and checks nothing. It must fail the gates."""

from __future__ import annotations

from datetime import datetime

from interviewer.domain.grade import Grade, PointResult, Provenance, Ungraded, Verdict
from interviewer.domain.question import Question
from interviewer.domain.scoring import POLICY_1, band_of
from interviewer.grading.evidence import Spoken
from interviewer.grading.examiner import Examiner, Task
from interviewer.grading.gates import gate, zero
from interviewer.grading.verdicts import read, reply_schema
from interviewer.ports import Answer, GraderName


class CredulousGrader:
    """The model's verdicts, without canary, evidence or second opinion."""

    name: GraderName = "llm"

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner

    def identity(self) -> str:
        return "credulous"

    def grade(self, question: Question, answer: Answer, *, attempt: int, now: datetime) -> Grade | Ungraded:
        if reason := gate(question, answer):
            return zero(question, reason, now=now)
        task = Task(question=question, answer=answer, spoken=Spoken.of(answer.text, question.question), attempt=attempt)
        sheet, sent = self._examiner.compose(task)
        reply = self._examiner.model.complete(sent.requests[0], schema=reply_schema())
        said = read(reply.text, points=sheet.order, misconceptions=[m.id for m in sheet.misconceptions])
        verdicts = {p.point: Verdict(p.verdict) for p in said.points}
        score = POLICY_1.score(question, verdicts)
        assert score is not None
        source = Provenance(grader="llm", question_id=question.id, question_sha256=question.sha256, policy=POLICY_1.name, graded_at=now)
        points = tuple(PointResult(point=p.id, verdict=verdicts[p.id]) for p in question.points)
        return Grade(score=score, band=band_of(score), points=points, provenance=source)
