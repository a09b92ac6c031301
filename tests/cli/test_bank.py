"""`interviewer bank`: check, gradability, stats, fit, schema."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from interviewer.bank.check import schema
from interviewer.bank.fit import LARGEST
from interviewer.domain.question import Difficulty
from interviewer.settings import ROOT
from tests.cli.command import call, refusal


@pytest.fixture
def broken_bank(tmp_path: Path) -> Path:
    """The real bank with a file that has an unknown key."""
    folder = tmp_path / "bank"
    shutil.copytree(ROOT / "question_bank", folder)
    file = folder / "rag" / "broken.yaml"
    file.write_text((folder / "rag" / "rag-vs-plain-llm.yaml").read_text("utf-8").replace("minutes:", "minuets:", 1), "utf-8")
    return folder


@pytest.fixture
def giveaway_bank(tmp_path: Path) -> Path:
    """One question of the real bank, whose first hint says a point."""
    folder = tmp_path / "giveaway"
    (folder / "rag").mkdir(parents=True)
    for name in ("schema.json", "tracks.toml"):
        shutil.copy(ROOT / "question_bank" / name, folder)
    content = yaml.safe_load((ROOT / "question_bank" / "rag" / "rag-vs-plain-llm.yaml").read_text("utf-8"))
    content["hints"][0] = content["points"][0]["claim"]
    (folder / "rag" / "rag-vs-plain-llm.yaml").write_text(yaml.safe_dump(content), "utf-8")
    return folder


def test_checking_the_real_bank_finds_nothing(bank):
    result = call("bank", "check")
    assert (result.exit_code, result.stdout) == (0, f"{len(bank.questions)} questions, {len(bank.tracks)} tracks, 0 problems\n")


def test_checking_a_broken_bank_names_the_file_and_fails(broken_bank, bank):
    result = call("bank", "check", "--folder", broken_bank)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert "rag/broken.yaml: minuets: no such key; see question_bank/schema.json" in lines
    assert "rag/broken.yaml: minutes: this key is needed" in lines
    assert lines[-1] == f"{len(bank.questions)} questions, {len(bank.tracks)} tracks, 2 problems"


def test_the_bank_of_the_setting_is_checked(broken_bank, monkeypatch):
    monkeypatch.setenv("INTERVIEWER_BANK", str(broken_bank))
    assert "rag/broken.yaml" in call("bank", "check").stdout


@pytest.mark.parametrize("command", ["check", "stats"])
def test_a_bank_that_is_not_there_is_a_sentence(tmp_path, command):
    assert "is not a folder. Set INTERVIEWER_BANK" in refusal("bank", command, "--folder", tmp_path / "nowhere")


def test_statistics_count_the_bank(bank):
    result = call("bank", "stats")
    rows = [line.split() for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    rag = [q for q in bank.questions.values() if q.topic.value == "rag"]
    levels = [str(sum(q.difficulty is level for q in rag)) for level in Difficulty]
    assert ["rag", *levels, str(len(rag)), str(sum(q.minutes for q in rag))] in rows
    assert ["genai-75", "75"] in [[row[0], row[2]] for row in rows if len(row) == 4]


def test_gradability_lists_what_the_embedded_grader_gets_wrong(giveaway_bank):
    result = call("bank", "check", "--gradability", "--folder", giveaway_bank)
    *listed, counted, last = result.stdout.splitlines()
    assert result.exit_code == 0
    assert [line for line in listed if line.startswith("rag/rag-vs-plain-llm: hint 1 scores ") and "wanted at most 15" in line]
    assert counted == f"gradability: 10 texts graded, {len(listed)} off, in 1 of 1 questions"
    assert last.endswith(" 0 problems")


def test_without_the_option_nothing_is_graded(giveaway_bank):
    assert "gradability" not in call("bank", "check", "--folder", giveaway_bank).stdout


def test_statistics_of_an_unusable_bank_are_refused(tmp_path):
    assert "cannot be used: tracks.toml" in refusal("bank", "stats", "--folder", tmp_path)


OFFER = "You tune BM25 and re-ranking for our RAG assistant.\n\nYou quantise weights to INT4.\n\nWe offer a pension."


def test_questions_are_found_for_a_text_and_shown_with_their_passages(tmp_path, bank):
    file = tmp_path / "offer.txt"
    file.write_text(OFFER, "utf-8")
    result = call("bank", "fit", file)
    lines = result.stdout.splitlines()
    assert (result.exit_code, len(lines)) == (0, 20)
    for first, second in zip(lines[::2], lines[1::2], strict=True):
        score, id_, topic = first.replace("%", "").replace("(", "").replace(")", "").split()
        assert 0 < int(score) < 100
        assert bank.questions[id_].topic.value == topic
        assert second.strip().strip("\u201c\u201d") in OFFER
        assert "pension" not in second
    assert call("bank", "fit", "-", typed=OFFER).stdout == result.stdout


def test_as_many_questions_are_shown_as_are_wanted():
    assert len(call("bank", "fit", "-", "--most", "3", typed=OFFER).stdout.splitlines()) == 6
    assert call("bank", "fit", "-", "--most", "0", typed=OFFER).exit_code == 2


def test_questions_are_found_in_another_bank(giveaway_bank):
    result = call("bank", "fit", "-", "--folder", giveaway_bank, typed="Retrieval-augmented generation, with passages from an index.")
    assert "rag-vs-plain-llm (rag)" in result.stdout


def test_a_passage_cannot_move_the_cursor():
    shown = call("bank", "fit", "-", typed="You tune BM25 \x1b]0;owned\x07 and\r re-ranking \u202e for RAG").stdout
    assert "BM25" in shown
    assert all(c.isprintable() or c == "\n" for c in shown)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The text is empty."),
        (b"\xef\xbb\xbf \n", "The text is empty."),
        (b"%PDF-1.7 \xe2\xe3\xcf\xd3", "This is not UTF-8 text. Save a PDF or a document as plain text"),
        ("Aufgaben".encode("utf-16"), "This is not UTF-8 text."),
        (b"x" * (LARGEST + 1), "The text has more than 100,000 bytes."),
        (b"We offer a pension and free fruit.", "Nothing in this text calls for a question of the bank."),
        (b"\0\0\0", "Nothing in this text calls for a question of the bank."),
    ],
)
def test_a_text_that_calls_for_nothing_is_a_sentence(tmp_path, content, said):
    file = tmp_path / "text"
    file.write_bytes(content)
    assert said in refusal("bank", "fit", file, status=2)


def test_a_text_that_is_not_there_is_a_sentence(tmp_path):
    assert "No such file or directory" in refusal("bank", "fit", tmp_path / "nowhere", status=2)
    assert "directory" in refusal("bank", "fit", tmp_path, status=2)


def test_questions_of_a_bank_that_is_not_there_are_a_sentence(tmp_path):
    file = tmp_path / "offer.txt"
    file.write_text(OFFER, "utf-8")
    assert "is not a folder. Set INTERVIEWER_BANK" in refusal("bank", "fit", file, "--folder", tmp_path / "nowhere")


def test_the_schema_is_written_into_the_bank(tmp_path):
    result = call("bank", "schema", "--folder", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'schema.json'}\n")
    assert (tmp_path / "schema.json").read_text("utf-8") == schema()


def test_a_schema_that_cannot_be_written_is_a_sentence(tmp_path):
    said = refusal("bank", "schema", "--folder", tmp_path / "nowhere")
    assert "schema.json could not be written: No such file or directory." in said
