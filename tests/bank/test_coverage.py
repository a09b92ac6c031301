"""The bank against the documents it covers, measured by the yardstick beside this checkout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from interviewer.domain.question import Topic
from interviewer.domain.sources import Document
from interviewer.settings import ROOT
from tests.conftest import SHARED

FOLDER = ROOT / "question_bank"
YARDSTICK = SHARED / "tools" / "check_bank.py"
SEEDS = SHARED / "seeds" / "seed_questions.jsonl"
WHOLE = (
    Topic.ML_FOUNDATIONS,
    Topic.NEURAL_NETWORKS,
    Topic.REINFORCEMENT_LEARNING,
    Topic.GENERATIVE_MODELS,
    Topic.MEDIA_GENERATION,
    Topic.NLP_BASICS,
    Topic.TRANSFORMERS,
    Topic.LLM_TRAINING,
    Topic.PROMPTING,
    Topic.TOOLING,
    Topic.CODING,
    Topic.RAG,
    Topic.EMBEDDINGS_VECTOR_SEARCH,
    Topic.EVALUATION,
    Topic.AGENTS_APPLICATIONS,
)
"""The topics of which every question of the five documents is covered."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not YARDSTICK.is_file(), reason="../shared/tools/check_bank.py is not beside this checkout"),
]


def yardstick(*options: str, folder: Path = FOLDER) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(YARDSTICK), str(folder), *options], capture_output=True, text=True, timeout=120, check=False)


def test_nothing_is_copied_and_nothing_lacking():
    done = yardstick()
    assert done.stdout.splitlines()[-1].endswith("copied runs 0, lacking 0"), done.stdout + done.stderr


def test_the_topics_that_are_whole_cover_every_row():
    done = yardstick("--topics", ",".join(WHOLE))
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_documents_have_as_many_rows_as_the_seeds():
    text = SEEDS.read_text("utf-8")
    files = {"000_": "questions-list", "001_": "ml-llm-answers", "002_": "genai-pdf", "003_": "genai-75", "004_": "genai-handbook"}
    assert {Document(name): text.count(f'{{"seed": "{start}') for start, name in files.items()} == {d: d.rows for d in Document}
