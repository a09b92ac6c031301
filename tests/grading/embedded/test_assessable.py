"""What the embedded grader says it cannot judge, and that it judges everything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interviewer.grading.embedded.assessable import CODE, DRAWN, FOREIGN, blind_spot
from interviewer.settings import ROOT

OTHERS = (
    "LoRA friert die Basisgewichte ein und trainiert nur kleine Matrizen, die sp\u00e4ter addiert werden.",
    "LoRA congela los pesos base y entrena matrices peque\u00f1as que se suman despu\u00e9s",
    "On g\u00e8le les poids et on entra\u00eene deux petites matrices de rang faible",
    "\u0412\u0435\u0441\u0430 \u043d\u0435 \u043e\u0431\u0443\u0447\u0430\u044e\u0442\u0441\u044f",
    "\u4f4e\u79e9\u9002\u914d \u51bb\u7ed3\u57fa\u7840\u6a21\u578b\u7684\u6743\u91cd\uff0c\u53ea\u8bad\u7ec3\u5c0f\u77e9\u9635",
)
PROGRAM = "def f(x):\n    y = x + 1\n    for i in range(3):\n        y += i\n    return y"
FENCED = "Like this:\n```python\nimport math\n\nprint(math.sqrt(2))\nprint(math.sqrt(3))\n```"
DRAWING = "+----+   +----+\n| Q  |-->| K  |\n+----+   +----+\n  |  ||  ----->"
ENGLISH = (
    "Low-rank adapters, base frozen, merge at deploy",
    "LoRA, QLoRA, prefix tuning",
    "LoRA: W = W0 + BA, r = 8",
    "precision = of what I flagged, how much was right\nrecall = of what was there, how much I flagged\nF1 = the harmonic mean of both",
    "1. Chunk the documents.\n2. Embed the chunks.\n3. Search (top k).",
    "a",
    "1 2 3",
    "",
)


@pytest.mark.parametrize("text", OTHERS)
def test_other_languages(text: str):
    assert blind_spot(text) == FOREIGN


@pytest.mark.parametrize("text", [PROGRAM, FENCED])
def test_code(text: str):
    assert blind_spot(text) == CODE


def test_a_drawing():
    assert blind_spot(DRAWING) == DRAWN


@pytest.mark.parametrize("text", ENGLISH)
def test_terse_english_is_judged(text: str):
    assert blind_spot(text) == ""


def test_no_answer_of_the_graded_set_is_called_foreign_or_a_drawing():
    rows = [json.loads(line) for line in Path(ROOT / "calibration_data" / "answers.jsonl").read_text("utf-8").splitlines()]
    assert {blind_spot(row["answer"]) for row in rows} <= {"", CODE}
