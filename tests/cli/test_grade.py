"""`interviewer grade`: a file in, a file out, whatever happens in between."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.batch_server import BatchServer
from tests.calibration.rows import lines, open_row, write
from tests.cli.command import call, refusal
from tests.openai_server import Exchange, OpenAIServer, after, graded, says, status, well

MODEL = ("--grader", "llm", "--model", "scripted", "--base-url")


@pytest.fixture
def of_bank(bank: object) -> dict[str, str]:
    """A row to a question of the bank."""
    first = next(iter(bank.questions.values()))  # type: ignore[attr-defined]
    return {"question_id": first.id, "answer": first.reference_answer}


def test_answers_to_the_bank_and_to_other_questions(tmp_path: Path, of_bank: dict[str, str]) -> None:
    path = write(tmp_path / "a.jsonl", [of_bank | {"answer_id": "mine"}, open_row(), open_row("No idea, sorry about that.")])
    result = call("grade", path)
    assert result.exit_code == 0, result.output
    out = tmp_path / "a.embedded.grades.jsonl"
    assert result.stdout == f"{out}\n"
    found = lines(out)
    assert (found[0]["line"], found[0]["answer_id"], found[0]["question_id"]) == (1, "mine", of_bank["question_id"])
    scores = [f["outcome"]["score"] for f in found]
    assert scores[0] >= 90
    assert scores[1] > scores[2]
    assert "3 of 3 answers have a grade." in result.stderr
    assert "Points by code for “What is a cache?”:\n  1. A cache keeps results of earlier requests near the reader." in result.stderr
    assert len(lines(tmp_path / "a.points.jsonl")) == 1


def test_given_points_are_not_derived(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", [open_row(points=[{"claim": "It keeps earlier results near the reader."}, {"claim": "It can be stale."}])]
    )
    result = call("grade", path)
    assert "Points by" not in result.stderr
    assert not (tmp_path / "a.points.jsonl").exists()
    assert lines(tmp_path / "a.embedded.grades.jsonl")[0]["outcome"]["score"] == 50


def test_bad_lines_are_told_and_the_exit_status_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [open_row(), "{", {"question_id": "nope", "answer": "x"}])
    result = call("grade", path)
    assert result.exit_code == 3
    assert "a.jsonl, line 2: this is not JSON" in result.stderr
    assert "a.jsonl, line 3: there is no question “nope” in the bank" in result.stderr
    assert len(lines(tmp_path / "a.embedded.grades.jsonl")) == 1


def test_a_model_grades_and_costs(
    tmp_path: Path, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch, of_bank: dict[str, str]
) -> None:
    monkeypatch.setenv("INTERVIEWER_PRICES", "scripted: 1/1/4")
    path = write(tmp_path / "a.jsonl", [of_bank, of_bank | {"answer": "Another answer, which is quite short."}])
    result = call("grade", path, *MODEL, openai_server.url)
    assert result.exit_code == 0, result.output
    assert "2 to grade by scripted at 127.0.0.1" in result.stderr
    assert "Expected cost: about 0.0" in result.stderr
    assert "USD so far" in result.stderr
    again = call("grade", path, *MODEL, openai_server.url)
    assert "0 to grade by scripted at 127.0.0.1" in again.stderr
    assert len(openai_server.requests) == 2
    assert (tmp_path / "a.scripted.grades.jsonl").exists()


def test_another_attempt_has_another_order_and_both_stay(tmp_path: Path, openai_server: OpenAIServer, of_bank: dict[str, str]) -> None:
    path = write(tmp_path / "a.jsonl", [of_bank])
    for attempt in (0, 1):
        assert call("grade", path, *MODEL, openai_server.url, "--attempt", attempt).exit_code == 0
    second, first = lines(tmp_path / "a.scripted.grades.jsonl")
    assert (first["attempt"], second["attempt"]) == (0, 1)
    assert first["outcome"]["provenance"]["point_order"] != second["outcome"]["provenance"]["point_order"]


def test_a_model_takes_references_apart_once(tmp_path: Path, openai_server: OpenAIServer) -> None:
    derived = json.dumps({"points": ["A cache keeps results.", "Data may be stale."]})

    def behave(exchange: Exchange) -> None:
        for_points = "take a reference answer" in exchange.body["messages"][0]["content"]
        exchange.reply(derived if for_points else graded(exchange.body))

    openai_server.otherwise = behave
    path = write(tmp_path / "a.jsonl", [open_row("first answer of some words"), open_row("second answer of some words")])
    result = call("grade", path, *MODEL, openai_server.url)
    assert result.exit_code == 0, result.output
    assert "Points by scripted for “What is a cache?”:\n  1. A cache keeps results.\n  2. Data may be stale." in result.stderr
    assert len(openai_server.requests) == 3
    assert [line["outcome"]["score"] for line in lines(tmp_path / "a.scripted.grades.jsonl")] == [100, 100]


def test_points_that_cannot_be_derived_end_it_before_anything_is_graded(tmp_path: Path, openai_server: OpenAIServer) -> None:
    openai_server.otherwise = says('{"points": ["Elephants dance."]}')
    said = refusal("grade", write(tmp_path / "a.jsonl", [open_row()]), *MODEL, openai_server.url)
    assert "could not take a reference answer apart" in said
    assert len(openai_server.requests) == 3


def test_ungraded_answers_are_told_with_their_reason_and_asked_again(
    tmp_path: Path, openai_server: OpenAIServer, of_bank: dict[str, str]
) -> None:
    path = write(
        tmp_path / "a.jsonl", [of_bank | {"answer": "The first answer of two."}, of_bank | {"answer": "The second answer of two."}]
    )

    def behave(exchange: Exchange) -> None:
        exchange.reply("nonsense" if "The first" in str(exchange.body["messages"]) else graded(exchange.body))

    openai_server.otherwise = behave
    result = call("grade", path, *MODEL, openai_server.url, "--concurrency", 1)
    assert result.exit_code == 3
    assert "1 of 2 answers have a grade." in result.stderr
    assert "1 ungraded: The model replied 3 times, but not in the form a grade needs." in result.stderr
    assert [line["outcome"]["outcome"] for line in lines(tmp_path / "a.scripted.grades.jsonl")] == ["ungraded", "grade"]
    openai_server.otherwise = well
    again = call("grade", path, *MODEL, openai_server.url)
    assert again.exit_code == 0
    assert "1 to grade by scripted" in again.stderr


def test_a_rejected_key_stops_it_at_once(tmp_path: Path, openai_server: OpenAIServer, of_bank: dict[str, str]) -> None:
    openai_server.otherwise = status(401)
    path = write(tmp_path / "a.jsonl", [of_bank | {"answer": f"Answer number {n} with some words."} for n in range(60)])
    result = call("grade", path, *MODEL, openai_server.url, "--concurrency", 2)
    assert result.exit_code == 3
    assert "Stopped with" in result.stderr
    assert "Start again to go on; graded ones are not asked again." in result.stderr
    assert len(openai_server.requests) < 20


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.jsonl"], "nowhere.jsonl cannot be read: No such file"),
        (["a.jsonl", "--grader", "embedded", "--model", "x"], "belong to --grader llm"),
        (["a.jsonl", "--grader", "llm"], "No model is set."),
        (["a.jsonl", "--concurrency", "0"], "--concurrency"),
        (["a.jsonl", "--out", "a.jsonl"], "a.jsonl, line 1 is not a grade that this version reads. Name another file with --out"),
        (["a.jsonl", "--points", "a.jsonl"], "a.jsonl, line 1 is no line of points"),
        (["bad.jsonl"], "bad.jsonl holds no answer that can be graded."),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_lost(tmp_path: Path, arguments: list[str], told: str) -> None:
    path = write(tmp_path / "a.jsonl", [open_row()])
    write(tmp_path / "bad.jsonl", ["{"])
    before = path.read_bytes()
    result = call("grade", *arguments)
    assert result.exit_code in (1, 2)
    assert told in " ".join(result.stderr.split())
    assert path.read_bytes() == before


def test_terminal_commands_in_a_question_do_not_reach_the_terminal(tmp_path: Path) -> None:
    result = call("grade", write(tmp_path / "a.jsonl", [open_row(question="What\x1b[2J is\na cache?")]))
    assert "\x1b" not in result.output
    assert "Points by code for “What [2J is a cache?”:" in result.stderr


@pytest.fixture
def batches() -> Iterator[BatchServer]:
    served = BatchServer()
    served.start()
    yield served
    served.stop()


BATCH = ("--batch", "--poll", 0.01)


def test_in_a_batch_the_grades_are_those_of_the_online_lane(tmp_path: Path, batches: BatchServer, of_bank: dict[str, str]) -> None:
    rows = [of_bank | {"answer": f"Answer {n} says something of its own."} for n in range(5)]
    path = write(tmp_path / "a.jsonl", [*rows, rows[0]])
    result = call("grade", path, *MODEL, batches.url, *BATCH)
    assert result.exit_code == 0, result.output
    assert "5 to grade by scripted at 127.0.0.1" in result.stderr
    assert "In batches: 5 of 5 requests done" in result.stderr
    found = lines(tmp_path / "a.scripted.grades.jsonl")
    (sent,) = batches.batches.values()
    assert {row["custom_id"] for row in sent} == {line["key"] for line in found}
    call("grade", path, "--out", tmp_path / "online.jsonl", *MODEL, batches.url)
    online = lines(tmp_path / "online.jsonl")
    assert [(f["key"], f["outcome"]["score"]) for f in found] == [(f["key"], f["outcome"]["score"]) for f in online]
    again = call("grade", path, *MODEL, batches.url, *BATCH)
    assert "0 to grade by scripted at 127.0.0.1" in again.stderr
    assert len(batches.batches) == 1


def test_a_batch_that_is_interrupted_is_found_again_and_paid_once(tmp_path: Path, batches: BatchServer, of_bank: dict[str, str]) -> None:
    path = write(tmp_path / "a.jsonl", [of_bank | {"answer": f"Answer {n} says something of its own."} for n in range(5)])
    batches.holds = True
    process = start("grade", path, *MODEL, batches.url, *BATCH)
    deadline = time.monotonic() + 60
    while not batches.batches:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait(60)
    batches.holds = False
    result = call("grade", path, *MODEL, batches.url, *BATCH)
    assert result.exit_code == 0, result.output
    assert (len(batches.batches), len(batches.paid)) == (1, 5)
    assert [line["line"] for line in lines(tmp_path / "a.scripted.grades.jsonl")] == [1, 2, 3, 4, 5]


def test_an_endpoint_without_batches_says_so(tmp_path: Path, batches: BatchServer, of_bank: dict[str, str]) -> None:
    batches.before = [("POST /files", status(404))]
    result = call("grade", write(tmp_path / "a.jsonl", [of_bank]), *MODEL, batches.url, *BATCH)
    assert result.exit_code == 1
    assert "--batch" in result.stderr


def test_a_batch_is_a_models(tmp_path: Path) -> None:
    said = refusal("grade", write(tmp_path / "a.jsonl", [open_row()]), "--grader", "embedded", *BATCH, status=2)
    assert "--batch belongs to --grader llm." in said


def start(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "interviewer", *map(str, arguments)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_killed_and_started_again_no_answer_is_graded_twice_and_none_is_missing(
    tmp_path: Path, openai_server: OpenAIServer, of_bank: dict[str, str], how: signal.Signals
) -> None:
    count, out = 40, tmp_path / "g.jsonl"
    path = write(tmp_path / "a.jsonl", [of_bank | {"answer": f"Answer {n} says something of its own."} for n in range(count)])
    openai_server.otherwise = lambda exchange: (time.sleep(0.05), exchange.reply(graded(exchange.body)))[1]  # type: ignore[assignment]
    asked = ("grade", path, "--out", out, *MODEL, openai_server.url, "--concurrency", 2)
    process = start(*asked)
    deadline = time.monotonic() + 60
    while not (out.exists() and out.read_bytes().count(b"\n") >= 8):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(how)
    process.wait(60)
    kept = out.read_bytes().count(b"\n")
    assert 8 <= kept < count
    assert call(*asked).exit_code == 0
    found = lines(out)
    assert [line["line"] for line in found] == list(range(1, count + 1))
    times = Counter(body["messages"][1]["content"] for body in openai_server.requests)
    assert len(times) == count
    assert sum(times.values()) <= count + 2  # at most what was under way when it was killed
    if how is signal.SIGINT:
        assert sum(times.values()) == count


def test_on_a_terminal_there_is_a_bar_with_rate_and_time_left(tmp_path: Path, openai_server: OpenAIServer, of_bank: dict[str, str]) -> None:
    openai_server.otherwise = after(0.1)
    path = write(tmp_path / "a.jsonl", [of_bank | {"answer": f"Answer {n} says something of its own."} for n in range(40)])
    master, slave = pty.openpty()
    asked = ("grade", path, *MODEL, openai_server.url, "--concurrency", 1)
    process = subprocess.Popen([sys.executable, "-m", "interviewer", *map(str, asked)], stderr=slave, stdout=subprocess.DEVNULL)
    os.close(slave)
    seen = b""
    try:
        while chunk := os.read(master, 4096):
            seen += chunk
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(master)
    assert process.wait(60) == 0
    text = seen.decode("utf-8", "replace")
    assert "40/40" in text
    assert "a second" in text
    assert "00:00:0" in text
