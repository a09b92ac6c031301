"""The bank's code runs: every Python block of a reference answer, in a fresh process, and what it claims by the question's tests."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys

import pytest
import yaml

from interviewer.domain.question import Kind, Question
from interviewer.settings import ROOT

FOLDER = ROOT / "question_bank"
BLOCK = re.compile(r"```python\n(.*?)```", re.S)
TORCH = re.compile(r"^\s*(?:import|from)\s+torch\b", re.M)
SURVIVORS = """
for number, test in enumerate(TESTS):
    try:
        exec(test, {**globals()})
    except Exception:
        continue
    print(f"passed: {number}")
"""


def _with_code() -> dict[str, Question]:
    texts = {path: path.read_text("utf-8") for path in sorted(FOLDER.glob("*/*.yaml"))}
    return {path.stem: _read(text) for path, text in texts.items() if "```python" in text}


def _read(text: str) -> Question:
    return Question.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


ASKED = _with_code()
CODING = [name for name, question in ASKED.items() if question.kind is Kind.CODING]


def run(program: str) -> subprocess.CompletedProcess[str]:
    """A program in a process of its own. PyTorch is optional here, but CI installs it, so there nothing is skipped."""
    if TORCH.search(program) and importlib.util.find_spec("torch") is None and not os.environ.get("CI"):
        pytest.skip("PyTorch is not installed: pip install torch==2.13.0")
    few = os.environ | {"OMP_NUM_THREADS": "1"}  # small tensors: threads would only wait for each other
    return subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=120, check=False, env=few)


def code(question: Question) -> str:
    """All Python of the reference answer."""
    return "\n".join(BLOCK.findall(question.reference_answer))


def test_every_coding_question_has_code():
    assert {path.stem for path in (FOLDER / "coding").glob("*.yaml")} <= set(CODING)


@pytest.mark.parametrize("name", ASKED)
def test_the_code_of_a_reference_answer_runs_and_passes_the_tests(name: str):
    found = ASKED[name]
    tests = [*found.tests.visible, *found.tests.hidden] if found.tests else []
    done = run("\n".join([code(found), *tests, "print('passed')"]))
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["passed"]), done.stderr


@pytest.mark.parametrize("name", CODING)
def test_an_empty_solution_fails_each_of_the_tests(name: str):
    found = ASKED[name]
    assert found.tests is not None
    tests = [*found.tests.visible, *found.tests.hidden]
    empty = f"def {found.tests.entry}(*args, **kwargs):\n    pass\n"
    done = run(f"{'import torch' if TORCH.search(code(found)) else ''}\n{empty}\nTESTS = {tests!r}\n{SURVIVORS}")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_solution_that_passes_a_test_is_noticed():
    assert run(f"def f():\n    return 1\nTESTS = ['assert f() == 2', 'assert f() == 1']\n{SURVIVORS}").stdout == "passed: 1\n"
