"""Grading in batches against a real server: the same outcomes as online, and what fails in a batch."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interviewer.calibration.run.tasks import Task
from interviewer.domain.errors import FailureReason
from interviewer.domain.grade import Grade, Ungraded
from tests.batch_server import BatchServer
from tests.calibration.run.batches import Run, by_text, ids, online, only, paid, plain, tasks_of
from tests.fakes import START
from tests.grading.scripted import ANSWER, SMALL, gullible, long_answer, met
from tests.openai_server import Behaviour, Exchange, OpenAIServer, cut_off, refuse, says, status, well

# the same as online


def test_outcomes_and_requests_are_those_of_the_online_grader(server: BatchServer, tmp_path: Path) -> None:
    """Among them a blank answer, refusals, told retries, lost patience, and an answer in parts."""
    behave = by_text(malformed=says("no JSON"), short=cut_off, refused=refuse, stubborn=says("{}"), broken=says(""))
    texts = ["", *(f"{ANSWER} So it is {w}." for w in ("fine", "malformed", "short", "refused", "stubborn", "broken")), long_answer(50_000)]
    tasks = tasks_of(texts)
    asks = OpenAIServer()
    asks.start()
    asks.otherwise = server.otherwise = behave
    grader = online(asks.url, context=SMALL)
    wanted = [grader.grade(t.question, t.answer, attempt=t.attempt, now=START) for t in tasks]
    asks.stop()
    run = Run(tmp_path, server.url, context=SMALL)
    assert run.grader.identity() == grader.identity()
    assert [plain(o) for o in run.grade(tasks)] == [plain(o) for o in wanted]
    reasons = [o.reason for o in wanted if isinstance(o, Ungraded)]
    assert reasons == [FailureReason.REFUSED, FailureReason.MALFORMED]
    assert max(o.provenance.parts for o in wanted) > 1
    assert sorted(map(json.dumps, server.requests)) == sorted(map(json.dumps, asks.requests))
    assert all(len(outcomes) == 1 for outcomes in run.outcomes.values())


def test_a_task_s_first_request_is_sent_under_its_key_and_told_retries_follow_in_later_batches(server: BatchServer, tmp_path: Path) -> None:
    tasks = tasks_of([ANSWER, f"{ANSWER} It is stubborn."])
    server.otherwise = by_text(stubborn=says("no JSON"))
    first, other = Run(tmp_path, server.url).grade(tasks)
    assert (first.outcome, only(other).reason) == ("grade", FailureReason.MALFORMED)
    key = tasks[1].key
    assert ids(server) == [[t.key for t in tasks], [f"{key[:60]}-2"], [f"{key[:60]}-3"]]
    assert "not" in server.requests[-1]["messages"][-1]["content"]
    assert other.provenance.calls == 3


def test_a_second_opinion_is_asked_of_the_other_model_in_its_own_batch(server: BatchServer, second: BatchServer, tmp_path: Path) -> None:
    server.otherwise = gullible("frozen", "low-rank", "optimizer")
    second.otherwise = met("frozen", "low-rank")
    tasks = tasks_of([ANSWER], second=second.url)
    run = Run(tmp_path, server.url, second=second.url)
    (outcome,) = run.grade(tasks)
    assert isinstance(outcome, Grade)
    assert outcome.provenance.second
    assert (len(server.batches), len(second.batches)) == (1, 1)
    assert [body["model"] for body in (*server.requests, *second.requests)] == ["m-1", "m-2"]
    assert next(p for p in outcome.points if p.point == "optimizer").second is not None


def test_a_second_opinion_that_failed_in_its_batch_is_told_as_online(server: BatchServer, second: BatchServer, tmp_path: Path) -> None:
    """Points near a band's edge are doubtful; without a second opinion they stand, and the grade says so."""
    server.otherwise, second.otherwise = met("low-rank", "optimizer"), status(429)
    (outcome,) = Run(tmp_path, server.url, second=second.url).grade(tasks_of([ANSWER], second=second.url))
    assert isinstance(outcome, Grade)
    assert outcome.notes[0].startswith("There is no second opinion on 2 doubtful points. the-endpoint is limiting requests.")


def test_the_same_request_of_two_tasks_is_sent_once(server: BatchServer, tmp_path: Path) -> None:
    (task,) = tasks_of([ANSWER])
    tasks = [task, replace(task, key="f" * 64), task]
    one, other, again = Run(tmp_path, server.url).grade(tasks)
    assert ids(server) == [[task.key]]
    assert one == other == again


def test_another_attempt_is_another_request(server: BatchServer, tmp_path: Path) -> None:
    Run(tmp_path, server.url).grade([*tasks_of([ANSWER]), *tasks_of([ANSWER], attempt=1)])
    assert paid(server) == [1, 1]


def test_blank_answers_send_nothing(server: BatchServer, tmp_path: Path) -> None:
    (outcome,) = Run(tmp_path, server.url).grade(tasks_of([" "]))
    assert (outcome.outcome, server.calls) == ("grade", [])


@pytest.mark.parametrize("limit", ["requests", "bytes"])
def test_a_file_holds_no_more_than_the_endpoint_takes(server: BatchServer, tmp_path: Path, limit: str) -> None:
    tasks = tasks_of([f"{ANSWER} It has number {number}." for number in range(5)])
    probe = Run(tmp_path / "probe", server.url)
    probe.grade(tasks[:2])
    size = sum(len(json.dumps(row)) + 1 for row in server.batches["batch_0"])
    limits = {"most_requests": 2} if limit == "requests" else {"most_bytes": size}
    outcomes = Run(tmp_path / "run", server.url, **limits).grade(tasks)
    assert [len(rows) for rows in server.batches.values()] == [2, 2, 2, 1]
    assert [o.outcome for o in outcomes] == ["grade"] * 5


def test_what_has_ended_is_gone_on_with_while_another_batch_is_still_under_way(server: BatchServer, tmp_path: Path) -> None:
    def slow(exchange: Exchange) -> None:
        exchange.send(200, json.dumps({"id": "batch_1", "status": "in_progress"}).encode())

    tasks = tasks_of()
    server.script = [says("no JSON")]
    server.before = [("GET /batches/batch_1", slow)] * 8
    run = Run(tmp_path, server.url, most_requests=2)
    assert [o.outcome for o in run.grade(tasks)] == ["grade"] * 3
    assert list(run.outcomes) == [tasks[1].key, tasks[0].key, tasks[2].key]
    assert ids(server) == [[tasks[0].key, tasks[1].key], [tasks[2].key], [f"{tasks[0].key[:60]}-2"]]


def test_the_standing_is_told_while_one_waits(server: BatchServer, tmp_path: Path) -> None:
    slept: list[float] = []
    run = Run(tmp_path, server.url, sleep=slept.append, most_requests=2)
    run.grade(tasks_of())
    told = [(s.batches, s.submitted, s.done, s.failed, s.status) for s in run.standings]
    assert told == [(2, 3, 0, 0, "in_progress"), (2, 3, 3, 0, "completed")]
    assert slept == [30]


# what fails in a batch


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (status(429), FailureReason.RATE_LIMITED),
        (status(429, "insufficient_quota"), FailureReason.QUOTA),
        (status(400), FailureReason.BAD_REQUEST),
        (status(400, "context_length_exceeded"), FailureReason.TOO_LARGE),
        (status(400, "content_filter"), FailureReason.REFUSED),
        (status(404), FailureReason.NO_SUCH_MODEL),
        (status(500), FailureReason.SERVER_ERROR),
    ],
)
def test_a_failed_line_is_what_the_same_status_is_online(
    server: BatchServer, tmp_path: Path, behaviour: Behaviour, reason: FailureReason
) -> None:
    good, bad = tasks_of([ANSWER, f"{ANSWER} It is failing."])
    server.otherwise = by_text(failing=behaviour)
    outcomes = Run(tmp_path, server.url).grade([good, bad])
    asks = OpenAIServer()
    asks.start()
    asks.otherwise = behaviour
    wanted = online(asks.url).grade(bad.question, bad.answer, attempt=0, now=START)
    asks.stop()
    assert (outcomes[0].outcome, only(outcomes[1]).reason) == ("grade", reason)
    assert plain(outcomes[1]) == plain(wanted)


def test_what_failed_is_asked_again_by_the_next_run_and_nothing_else(server: BatchServer, tmp_path: Path) -> None:
    tasks = tasks_of()
    server.script = [well, status(500), well]
    outcomes = Run(tmp_path, server.url).grade(tasks)
    assert [o.outcome for o in outcomes] == ["grade", "ungraded", "grade"]
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks)] == ["grade"] * 3
    assert ids(server) == [[t.key for t in tasks], [f"{tasks[1].key[:60]}-2"]]
    assert paid(server) == [1, 1, 1]


def test_replies_that_came_to_no_grade_are_used_up_for_the_next_run(server: BatchServer, tmp_path: Path) -> None:
    """As online, where a new run asks afresh; but not before the outcome was handed over."""
    (task,) = tasks_of([ANSWER])
    server.otherwise = says("no JSON")

    def killed(task: Task) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Run(tmp_path, server.url, done=killed).grade([task])
    assert only(Run(tmp_path, server.url).grade([task])[0]).reason is FailureReason.MALFORMED
    assert len(server.paid) == 3
    server.otherwise = well
    assert Run(tmp_path, server.url).grade([task])[0].outcome == "grade"
    assert len(server.paid) == 4
    assert Run(tmp_path, server.url).grade([task])[0].outcome == "grade"
    assert len(server.paid) == 4


def test_good_replies_of_a_task_that_failed_later_are_not_paid_again(server: BatchServer, tmp_path: Path) -> None:
    (task,) = tasks_of([ANSWER])
    server.script = [says("no JSON"), status(500)]
    assert only(Run(tmp_path, server.url).grade([task])[0]).reason is FailureReason.SERVER_ERROR
    assert Run(tmp_path, server.url).grade([task])[0].outcome == "grade"
    assert paid(server) == [1, 1]


@pytest.mark.parametrize(
    ("end", "reason", "words"),
    [
        ("expired", FailureReason.TIMEOUT, "the-endpoint did not come to this answer within 24h."),
        ("cancelled", FailureReason.SERVER_ERROR, "The batch at the-endpoint was cancelled."),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_a_batch_that_ends_early_keeps_what_it_has(
    server: BatchServer, tmp_path: Path, end: str, reason: FailureReason, words: str, told: bool
) -> None:
    """Whether or not a line tells of each request that was not reached."""
    server.ends = [end]
    if not told:
        server.spoil = lambda lines: [line for line in lines if b'"response": null' not in line]
    outcomes = Run(tmp_path, server.url).grade(tasks_of())
    assert [o.outcome for o in outcomes] == ["grade", "ungraded", "ungraded"]
    assert {only(o).reason for o in outcomes[1:]} == {reason}
    assert only(outcomes[1]).sentence.startswith(words)
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks_of())] == ["grade"] * 3
    assert paid(server) == [1, 1, 1]


@pytest.mark.parametrize(
    ("wrong", "reason", "words"),
    [
        (
            {"code": "token_limit_exceeded", "message": "Enqueued token limit reached.", "line": None, "param": None},
            FailureReason.RATE_LIMITED,
            "lets only so many tokens wait in batches, and this batch has more. It said: “Enqueued token limit reached.” Grade fewer",
        ),
        ({"code": "model_not_found", "message": "No such model."}, FailureReason.NO_SUCH_MODEL, "knows no model “m-1”"),
        ({"code": "billing_hard_limit_reached", "message": "No."}, FailureReason.QUOTA, "quota at the-endpoint is used up"),
        (
            {"code": "odd", "message": "Sorry\nsk-secret-123"},
            FailureReason.BAD_REQUEST,
            "did not accept the batch. It said: “Sorry [key]”.",
        ),
    ],
)
def test_a_batch_that_is_not_begun_says_why(
    server: BatchServer, tmp_path: Path, wrong: dict[str, Any], reason: FailureReason, words: str
) -> None:
    server.wrong = [wrong]
    outcomes = Run(tmp_path, server.url).grade(tasks_of())
    assert {only(o).reason for o in outcomes} == {reason}
    assert words in only(outcomes[0]).sentence
    assert server.paid == []


def twice(lines: list[bytes]) -> list[bytes]:
    return [line for line in lines for _ in range(2)]


def torn(lines: list[bytes]) -> list[bytes]:
    return [lines[0][:50], b"[1]", b"\xff\xfe", b"", *lines[1:]]


def strangers(lines: list[bytes]) -> list[bytes]:
    return [*lines, json.dumps({"custom_id": "never-sent", "response": {"status_code": 200, "body": {}}}).encode()]


@pytest.mark.parametrize(("spoil", "graded_ones"), [(twice, 3), (torn, 2), (lambda lines: lines[1:], 2), (strangers, 3)])
def test_files_of_replies_may_be_spoilt(
    server: BatchServer, tmp_path: Path, spoil: Callable[[list[bytes]], list[bytes]], graded_ones: int
) -> None:
    server.spoil = spoil
    outcomes = Run(tmp_path, server.url).grade(tasks_of())
    assert [o.outcome for o in outcomes] == ["grade"] * graded_ones + ["ungraded"] * (3 - graded_ones)
    for lost in outcomes[graded_ones:]:
        assert only(lost).sentence == "The batch at the-endpoint ended without a reply to this request. Start again to ask once more."


def test_of_two_replies_to_one_request_the_first_counts_and_a_reply_counts_before_an_error(server: BatchServer, tmp_path: Path) -> None:
    def spoil(lines: list[bytes]) -> list[bytes]:
        worse = json.loads(lines[0])
        worse["response"]["body"]["choices"][0]["message"]["content"] = "no JSON"
        failed = {"custom_id": worse["custom_id"], "response": None, "error": {"code": "odd", "message": "odd"}}
        return [json.dumps(failed).encode(), *lines, json.dumps(worse).encode()]

    server.spoil = spoil
    (outcome,) = Run(tmp_path, server.url).grade(tasks_of([ANSWER]))
    assert (outcome.outcome, outcome.provenance.calls) == ("grade", 1)


# a parameter the model does not take


def picky(exchange: Exchange) -> None:
    """Takes no temperature."""
    if "temperature" not in exchange.body:
        well(exchange)
    else:
        content = {"error": {"message": "Unsupported value: 'temperature'.", "type": "invalid_request_error", "param": "temperature"}}
        exchange.send(400, json.dumps(content).encode())


def test_requests_refused_for_their_temperature_are_sent_again_without(server: BatchServer, tmp_path: Path) -> None:
    server.otherwise = picky
    tasks = tasks_of()
    assert [o.outcome for o in Run(tmp_path, server.url, most_requests=2).grade(tasks)] == ["grade"] * 3
    assert [["temperature" in row["body"] for row in rows] for rows in server.batches.values()] == [
        [True, True],
        [True],
        [False, False],
        [False],
    ]
    assert paid(server) == [1, 1, 1]


def test_a_server_that_refuses_the_temperature_for_ever_is_not_asked_for_ever(server: BatchServer, tmp_path: Path) -> None:
    content = {"error": {"message": "temperature is not supported", "param": "temperature"}}
    server.otherwise = lambda exchange: exchange.send(400, json.dumps(content).encode())
    (outcome,) = Run(tmp_path, server.url).grade(tasks_of([ANSWER]))
    assert (only(outcome).outcome, len(server.batches)) == ("ungraded", 2)
