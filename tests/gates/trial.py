"""A scripted model put on trial: through the whole pipeline, with or without a second opinion, or simply believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from interviewer.domain.question import Question
from interviewer.grading.examiner import Examiner
from interviewer.grading.second_opinion import Which
from tests.gates.control import CredulousGrader
from tests.gates.gates import Course
from tests.gates.models import Flaw, Oracle, behaviour, honest
from tests.grading.scripted import PROMPTS, Letters, chat, grader
from tests.openai_server import OpenAIServer


@dataclass(kw_only=True)
class Trial:
    """Endpoints, one a model, started when they are needed; and the courses they were sent on, so that no answer is graded twice."""

    bank: Sequence[Question]
    _servers: dict[Flaw, OpenAIServer] = field(default_factory=dict)
    _courses: dict[object, Course] = field(default_factory=dict)

    @cached_property
    def oracle(self) -> Oracle:
        """What is true."""
        return Oracle(bank=self.bank)

    def server(self, flaw: Flaw) -> OpenAIServer:
        """The endpoint of the model with this flaw."""
        if flaw not in self._servers:
            server = self._servers[flaw] = OpenAIServer()
            server.otherwise = behaviour(self.oracle, flaw)
            server.start()
        return self._servers[flaw]

    def course(self, flaw: Flaw, *, second: bool, which: Which = "doubtful") -> Course:
        """The pipeline on this model; second opinions come from one that judges well."""
        other = self.server(honest).url if second else ""
        return self._kept((flaw, second, which), Course(grader=grader(self.server(flaw).url, second=other, which=which), bank=self.bank))

    def control(self, flaw: Flaw) -> Course:
        """The same model, believed."""
        examiner = Examiner(chat(self.server(flaw).url), PROMPTS, Letters())
        return self._kept((flaw, "control"), Course(grader=CredulousGrader(examiner), bank=self.bank))

    def _kept(self, key: object, course: Course) -> Course:
        return self._courses.setdefault(key, course)

    def stop(self) -> None:
        """Stop the endpoints."""
        for server in self._servers.values():
            server.stop()
