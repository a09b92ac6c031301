"""`interviewer bank`: check, gradability, stats, schema."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from interviewer.bank.check import schema
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


def test_the_schema_is_written_into_the_bank(tmp_path):
    result = call("bank", "schema", "--folder", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'schema.json'}\n")
    assert (tmp_path / "schema.json").read_text("utf-8") == schema()


def test_a_schema_that_cannot_be_written_is_a_sentence(tmp_path):
    said = refusal("bank", "schema", "--folder", tmp_path / "nowhere")
    assert "schema.json could not be written: No such file or directory." in said
