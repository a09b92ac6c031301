"""`interviewer calibrate`: from a file of scored answers to a report; comparing two; converting public sets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from interviewer.calibration.report.report import Report, read_report
from interviewer.settings import ROOT
from tests.calibration.rows import lines, open_row, scored, write
from tests.cli.command import call, refusal
from tests.conftest import SHARED
from tests.openai_server import Exchange, OpenAIServer, graded, status

GOOD = "It keeps the results of earlier requests near the reader, so repeated reads get fast, and it can serve stale data."
HALF = "It keeps the results of earlier requests near the reader."
BAD = "It is a kind of database with tables and rows."
QUICK = ("--resamples", 100)


def data(tmp_path: Path) -> Path:
    """Three answers to each of four questions, on a scale of 5."""
    rows = []
    for n in range(4):
        question = {"question": f"What is cache number {n}?", "question_id": f"cache-{n}"}
        rows += [scored(GOOD, 5, **question), scored(HALF, 2, **question), scored(BAD, 0, split="test", **question)]
    return write(tmp_path / "mine.jsonl", rows)


def reports(home: Path, ending: str = "json") -> list[Path]:
    return sorted((home / "calibration").glob(f"*.report.{ending}"))


def report(home: Path) -> Report:
    return read_report(reports(home)[-1])


def test_a_report_on_a_file(tmp_path: Path, home: Path) -> None:
    path = data(tmp_path)
    result = call("calibrate", "--data", path, "--grader", "embedded", *QUICK)
    assert result.exit_code == 0, result.output
    found = report(home)
    assert (found.data.name, found.data.answers, found.data.questions, found.data.left_out) == ("mine", 12, 4, 0)
    assert (found.grader.name, found.grader.model) == ("embedded", "")
    assert [a.human for a in found.answers[:3]] == [100, 40, 0]
    assert (found.overall.figures["pearson"].value or 0) > 0.8
    assert "Points for 4 questions, 4 of them new." in result.stderr
    assert "Pearson r" in result.stdout
    assert "not defined: no point has a verdict by the examiners" in result.stdout
    assert result.stdout.splitlines()[-2:] == [str(reports(home)[-1]), str(reports(home, "html")[-1])]
    page = reports(home, "html")[-1].read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "12 answers" in page


def test_a_second_report_grades_nothing_anew_and_both_stay(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = data(tmp_path)
    call("calibrate", "--data", path, "--grader", "embedded", *QUICK, "--to", home / "calibration")
    again = call("calibrate", "--data", path, "--grader", "embedded", "--resamples", 101)
    assert "0 to grade by the embedded grader, 12 graded before." in again.stderr
    assert report(home).resamples == 101


def test_only_some_rows_have_a_name_of_their_own(tmp_path: Path, home: Path) -> None:
    call("calibrate", "--data", data(tmp_path), "--grader", "embedded", "--only", "split=test", *QUICK)
    assert (report(home).data.name, report(home).data.answers) == ("mine-test", 4)
    assert report(home).overall.figures["pearson"].undefined == "the examiners gave every answer the same score"


def test_what_cannot_be_used_is_told_and_counted(tmp_path: Path, home: Path) -> None:
    path = data(tmp_path)
    path.write_text(path.read_text("utf-8") + "{\n" + json.dumps(open_row("No score here.")) + "\n", "utf-8")
    result = call("calibrate", "--data", path, "--grader", "embedded", *QUICK)
    assert "mine.jsonl, line 13: this is not JSON" in result.stderr
    assert "mine.jsonl: 1 answers without people's score are left out, the first in line 14" in result.stderr
    assert (report(home).data.answers, report(home).data.left_out) == (12, 2)


def test_rubrics_in_marks(tmp_path: Path, home: Path) -> None:
    marks = [
        {"key_element": "keeps results of earlier requests near the reader", "points": 2},
        {"key_element": "serves stale data", "points": 3},
    ]
    rubrics = tmp_path / "rubrics.json"
    rubrics.write_text(json.dumps({f"cache-{n}": marks for n in range(4)}), "utf-8")
    call("calibrate", "--data", data(tmp_path), "--rubrics", rubrics, "--grader", "embedded", *QUICK)
    assert [a.scores[0] for a in report(home).answers[:3]] == [100, 40, 0]


def test_a_model_is_measured_over_attempts(tmp_path: Path, home: Path, openai_server: OpenAIServer) -> None:
    """Odd attempts credit everything, even ones nothing: all points flip."""
    orders: dict[str, int] = {}

    def behave(exchange: Exchange) -> None:
        answer = exchange.body["messages"][1]["content"].split("\n")[1]
        orders[answer] = orders.get(answer, 0) + 1
        exchange.reply(graded(exchange.body, verdict="met" if orders[answer] % 2 else "not_met"))

    openai_server.otherwise = behave
    points = [{"claim": "It keeps results."}, {"claim": "It can be stale."}]
    rows = [json.loads(line) | {"points": points} for line in data(tmp_path).read_text("utf-8").splitlines()]
    path = write(tmp_path / "given.jsonl", rows)
    asked = ("--grader", "llm", "--model", "m", "--base-url", openai_server.url, "--attempts", 2, "--concurrency", 1, *QUICK)
    assert call("calibrate", "--data", path, *asked).exit_code == 0
    assert report(home).overall.figures["flips"].value == 1
    assert (report(home).grader.model, report(home).attempts) == ("m", 2)


def test_stopped_by_the_endpoint_there_is_no_report_and_what_is_graded_is_kept(
    tmp_path: Path, home: Path, openai_server: OpenAIServer
) -> None:
    path = data(tmp_path)
    call("calibrate", "--data", path, "--grader", "embedded", *QUICK)
    before = reports(home)
    good = [lambda exchange: exchange.reply(graded(exchange.body))] * 3
    openai_server.script = [*good]
    openai_server.otherwise = status(401)
    asked = ("--grader", "llm", "--model", "m", "--base-url", openai_server.url, "--concurrency", 1, *QUICK)
    said = refusal("calibrate", "--data", path, *asked)
    assert "Stopped with" in said
    assert "so there is no report" in said
    assert "Start again to go on where it stopped." in said
    assert reports(home) == before
    openai_server.otherwise = lambda exchange: exchange.reply(graded(exchange.body))
    again = call("calibrate", "--data", path, *asked)
    assert again.exit_code == 0
    assert "9 to grade by m at 127.0.0.1" in again.stderr


def test_an_endpoint_that_cannot_be_reached_makes_no_report(tmp_path: Path, home: Path) -> None:
    """Not even where all answers were under way already when the first one failed."""
    points = [{"claim": "It keeps results."}]
    rows = [json.loads(line) | {"points": points} for line in data(tmp_path).read_text("utf-8").splitlines()]
    asked = ("--grader", "llm", "--model", "m", "--base-url", "http://127.0.0.1:1/v1", "--limit", 3, *QUICK)
    result = call("calibrate", "--data", write(tmp_path / "given.jsonl", rows), *asked)
    assert result.exit_code == 1
    assert "3 ungraded: 127.0.0.1:1 cannot be reached." in result.stderr
    assert "no answer has a grade, so there is no report" in result.stderr
    assert reports(home) == []


def test_the_own_set(home: Path) -> None:
    result = call("calibrate", "--grader", "embedded", "--limit", 18, *QUICK)
    assert result.exit_code == 0, result.output
    found = report(home)
    assert found.data.about.startswith("Answers to questions of this bank, written and labelled by language models, not by people")
    assert (found.data.answers, found.data.questions, found.data.annotators) == (18, 3, 2)
    assert found.overall.figures["point_tnr"].value is not None
    assert "examiners: Krippendorff's α of points" in result.stdout


def test_comparing_two_reports(tmp_path: Path, home: Path) -> None:
    path = data(tmp_path)
    for resamples in (100, 101):
        call("calibrate", "--data", path, "--grader", "embedded", "--resamples", resamples, "--to", tmp_path / str(resamples))
    one, other = (next((tmp_path / name).glob("*.report.json")) for name in ("100", "101"))
    result = call("calibrate", "compare", one, other, "--resamples", 100)
    assert result.exit_code == 0
    assert "12 answers to 4 questions in both." in result.stdout
    assert result.stdout.endswith("No difference can be told from these answers.\n")


def test_converting_a_public_set(tmp_path: Path) -> None:
    source = tmp_path / "mohler.csv"
    source.write_text(
        "id,question,desired_answer,student_answer,score_me,score_other,score_avg\n1.1,Q?,Right.,Right.,5,4,4.5\n1.1,Q?,Right.,,5,4,x\n"
    )
    out = tmp_path / "rows.jsonl"
    result = call("calibrate", "convert", "mohler", source, "--out", out)
    assert result.exit_code == 0, result.output
    assert [(row["score"], row["max_score"]) for row in lines(out)] == [(4.5, 5)]
    assert "1 answers, 1 left out." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--data", "nowhere.jsonl"], "nowhere.jsonl cannot be read"),
        (["--data", "none.jsonl"], "No answer with people's score is left to measure by."),
        (["--data", "mixed.jsonl"], "mixed.jsonl mixes scales: line 1 gives `max_score` 5 and line 2 10"),
        (["--only", "split=test"], "--rubrics and --only belong to --data."),
        (["--data", "none.jsonl", "--only", "split"], "--only takes KEY=VALUE, each key once."),
        (["--data", "none.jsonl", "--only", "a=1", "--only", "a=2"], "--only takes KEY=VALUE, each key once."),
        (["convert", "mohler", "x" * 300, "--out", "x"], "File name too long"),
        (["compare", "none.jsonl", "none.jsonl"], "none.jsonl is not a report"),
        (["convert", "saf", "nowhere", "--out", "x"], "nowhere"),
        (["convert", "psychic", "nowhere", "--out", "x"], "psychic"),
    ],
)
def test_what_cannot_be_done_is_told(tmp_path: Path, home: Path, arguments: list[str], told: str) -> None:
    write(tmp_path / "none.jsonl", [open_row()])
    write(tmp_path / "mixed.jsonl", [scored("x", 1), scored("y", 1, max_score=10)])
    result = call("calibrate", *arguments)
    assert result.exit_code in (1, 2)
    assert told in " ".join(result.stderr.split())
    assert not reports(home)


def test_without_the_extra_packages_it_says_so_before_anything_is_graded(tmp_path: Path) -> None:
    """As on a machine that has the app only: the import of scikit-learn fails."""
    blocked = "import sys; sys.modules['sklearn'] = None; from interviewer.cli import main; main()"
    command = [sys.executable, "-c", blocked, "calibrate", "--grader", "embedded"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert "Install them with `make calibrate`" in done.stderr
    assert "Traceback" not in done.stderr
    helped = subprocess.run([*command[:-2], "--help"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert helped.returncode == 0


@pytest.mark.shared
@pytest.mark.parametrize(("name", "rows"), [("saf_en", 2981), ("scientsbank", 10804), ("beetle", 5199)])
def test_public_rows_are_taken_as_they_are(home: Path, name: str, rows: int) -> None:
    path = SHARED / "grading-data" / f"{name}.jsonl"
    rubrics = ("--rubrics", path.with_name("saf_en_rubrics.json")) if name == "saf_en" else ()
    result = call("calibrate", "--data", path, *rubrics, "--grader", "embedded", "--limit", 150, *QUICK)
    assert result.exit_code == 0, result.output
    assert "line " not in result.stderr.replace("points.jsonl", "")
    assert (report(home).data.answers, report(home).data.left_out) == (150, 0)
    assert len(path.read_bytes().splitlines()) == rows
