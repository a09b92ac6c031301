"""Runs in batches that meet trouble, or are stopped: the next goes on, and every request is paid once, whatever dies when."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from interviewer.calibration.run.rounds import PATIENCE
from interviewer.calibration.run.tasks import Task
from interviewer.domain.errors import FailureReason, ModelError
from interviewer.domain.grade import Grade, Ungraded
from interviewer.settings import ROOT
from tests.batch_server import BatchServer
from tests.calibration.run.batches import OUTCOMES, Run, by_text, ids, paid, tasks_of
from tests.grading.scripted import ANSWER, gullible, met
from tests.openai_server import Behaviour, says, status

OVERLOADED = status(503, x_should_retry="false")
STEPS = 12
"""Of a run of the hard tasks."""


# trouble on the way


def test_an_endpoint_without_batches_is_told_in_a_sentence(server: BatchServer, tmp_path: Path) -> None:
    server.offers = False
    run = Run(tmp_path, server.url)
    with pytest.raises(ModelError, match=r"the-endpoint does not take batches the way OpenAI does\. Leave out --batch") as caught:
        run.grade(tasks_of())
    assert caught.value.reason is FailureReason.NOT_AN_ENDPOINT
    assert server.calls == ["POST /files"]


def test_trouble_while_polling_is_told_and_waited_for(server: BatchServer, tmp_path: Path) -> None:
    server.before = [("GET /batches/batch_0", OVERLOADED), ("GET /batches/batch_0", OVERLOADED), ("GET /files", OVERLOADED)]
    run = Run(tmp_path, server.url)
    assert [o.outcome for o in run.grade(tasks_of())] == ["grade"] * 3
    troubles = [s.trouble for s in run.standings if s.trouble]
    assert troubles == ["the-endpoint had an error of its own (HTTP 503). Your answer is kept."] * 3
    assert paid(server) == [1, 1, 1]


def test_patience_has_an_end_and_the_next_run_goes_on(server: BatchServer, tmp_path: Path) -> None:
    server.before = [("GET /batches/batch_0", OVERLOADED)] * (PATIENCE + 1)
    with pytest.raises(ModelError, match=r"HTTP 503.*the same command goes on from there"):
        Run(tmp_path, server.url).grade(tasks_of())
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks_of())] == ["grade"] * 3
    assert (len(server.batches), paid(server)) == (1, [1, 1, 1])


def test_what_does_not_pass_is_not_waited_for(server: BatchServer, tmp_path: Path) -> None:
    server.before = [("GET /batches/batch_0", status(401))]
    with pytest.raises(ModelError, match="rejected the key") as caught:
        Run(tmp_path, server.url).grade(tasks_of())
    assert caught.value.reason is FailureReason.KEY_REJECTED
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks_of())] == ["grade"] * 3
    assert len(server.batches) == 1


def test_an_endpoint_that_has_never_answered_is_not_waited_for(server: BatchServer, tmp_path: Path) -> None:
    server.before = [("POST /files", OVERLOADED)]
    run = Run(tmp_path, server.url)
    with pytest.raises(ModelError, match="HTTP 503"):
        run.grade(tasks_of())
    assert run.standings == []


@pytest.mark.parametrize("answer", [OVERLOADED, lambda exchange: exchange.send(200, b"<title>Log in</title>", "text/html")])
def test_a_batch_whose_making_was_not_heard_of_is_found_by_the_next_run(server: BatchServer, tmp_path: Path, answer: Behaviour) -> None:
    """The list has pages; the batch is on the last one."""
    server.after = [("POST /batches", answer)]
    with pytest.raises(ModelError):
        Run(tmp_path, server.url).grade(tasks_of())
    Run(tmp_path / "other", server.url).grade(tasks_of([f"{ANSWER} Other."]))
    Run(tmp_path / "third", server.url).grade(tasks_of([f"{ANSWER} Third."]))
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks_of())] == ["grade"] * 3
    assert (len(server.batches), paid(server)) == (3, [1] * 5)


def test_a_batch_whose_making_was_not_heard_of_is_looked_for_in_the_same_run(server: BatchServer, tmp_path: Path) -> None:
    server.script = [says("no JSON")]
    server.after = []

    def told(standing: Any) -> None:
        if standing.status == "completed" and len(server.batches) == 1:
            server.after = [("POST /batches", OVERLOADED)]

    assert [o.outcome for o in Run(tmp_path, server.url, told=told).grade(tasks_of())] == ["grade"] * 3
    assert (len(server.batches), paid(server)) == (2, [1] * 4)
    assert server.calls.count("GET /batches") == 1


def test_a_batch_that_was_never_made_is_sent_by_the_next_run(server: BatchServer, tmp_path: Path) -> None:
    tasks = tasks_of()
    server.before = [("POST /batches", OVERLOADED)]
    with pytest.raises(ModelError):
        Run(tmp_path, server.url).grade(tasks)
    assert server.batches == {}
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks)] == ["grade"] * 3
    assert ids(server) == [[t.key for t in tasks]]


def test_batches_of_another_model_or_of_other_answers_are_left_alone(server: BatchServer, tmp_path: Path) -> None:
    server.holds = True

    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    for model in ("m-1", "m-3"):
        with pytest.raises(KeyboardInterrupt):
            Run(tmp_path, server.url, model=model, sleep=interrupted).grade(tasks_of())
    server.holds = False
    assert Run(tmp_path, server.url).grade(tasks_of([f"{ANSWER} Other."]))[0].outcome == "grade"
    assert [call for call in server.calls if "batch_2" not in call and call.startswith("GET /batches/")] == [
        "GET /batches/batch_0",
        "GET /batches/batch_1",
    ]
    assert [o.outcome for o in Run(tmp_path, server.url, model="m-3").grade(tasks_of())] == ["grade"] * 3
    assert [body["model"] for body in server.paid] == ["m-1"] + ["m-3"] * 3


# killed at any moment


class Killed(BaseException):
    """As sudden as a kill, but in this process."""


def hard_tasks(server: BatchServer, second: BatchServer) -> list[Task]:
    """Three answers: one graded at once, one told, one that wants a second opinion."""
    by_first = by_text(malformed=says("no JSON"), doubtful=gullible("frozen"))
    server.otherwise, second.otherwise = by_first, met("frozen")
    return tasks_of([ANSWER, f"{ANSWER} So malformed.", f"{ANSWER} So doubtful."], second=second.url)


@pytest.mark.parametrize("step", range(STEPS + 1))
def test_a_run_stopped_at_any_step_pays_once_and_grades_once(server: BatchServer, second: BatchServer, tmp_path: Path, step: int) -> None:
    """Steps are the calls of what a run was handed; at step 0 it is not stopped."""
    tasks = hard_tasks(server, second)
    outcomes: dict[str, list[Grade | Ungraded]] = {}
    taken = 0

    def count(*_: object) -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            raise Killed

    def run() -> None:
        life = Run(tmp_path, server.url, second=second.url, outcomes=outcomes, sleep=count, told=count, done=count)
        life.grade(tasks)

    if step:
        with pytest.raises(Killed):
            run()
    run()
    assert step or taken == STEPS
    assert sorted(outcomes) == sorted(t.key for t in tasks)
    assert {len(each) for each in outcomes.values()} == {1}
    assert set(paid(server)) == set(paid(second)) == {1}


@pytest.mark.parametrize("call", ["POST /files", "POST /batches", "GET /batches/batch_0", "GET /files/"])
@pytest.mark.parametrize("acted", [False, True])
def test_a_run_that_ends_with_any_call_pays_once(server: BatchServer, tmp_path: Path, call: str, acted: bool) -> None:
    """Before the endpoint acted on it, and after."""
    (server.after if acted else server.before).append((call, status(401)))
    with pytest.raises(ModelError, match="rejected the key"):
        Run(tmp_path, server.url).grade(tasks_of())
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks_of())] == ["grade"] * 3
    assert (len(server.batches), paid(server)) == (1, [1, 1, 1])


def test_an_interrupt_while_waiting_loses_nothing(server: BatchServer, tmp_path: Path) -> None:
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Run(tmp_path, server.url, sleep=interrupted).grade(tasks_of())
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks_of())] == ["grade"] * 3
    assert (len(server.batches), paid(server)) == (1, [1, 1, 1])


def start(server: BatchServer, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.calibration.run.batches", server.url, str(folder)]
    return subprocess.Popen(command, cwd=ROOT)


def kill_when(process: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
    while not ready():
        assert process.poll() is None, "it ended too early"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("moment", ["waiting", "making"])
def test_a_killed_process_is_gone_on_with_by_the_next(server: BatchServer, tmp_path: Path, moment: str) -> None:
    """Killed while it waited; and while the endpoint had made the batch, but not yet said so."""
    if moment == "waiting":
        server.holds = True
        kill_when(start(server, tmp_path), lambda: server.calls.count("GET /batches/batch_0") > 1)
    else:
        server.after = [("POST /batches", lambda exchange: exchange.stopping.wait() and None)]
        kill_when(start(server, tmp_path), lambda: bool(server.batches))
    server.holds = False
    assert start(server, tmp_path).wait() == 0
    lines = [json.loads(line) for line in (tmp_path / OUTCOMES).read_text().splitlines()]
    assert sorted(line["key"] for line in lines) == sorted(t.key for t in tasks_of())
    assert {line["outcome"] for line in lines} == {"grade"}
    assert (len(server.batches), paid(server)) == (1, [1, 1, 1])
