"""Many answers by the embedded grader through `interviewer grade`: rows a second, memory, and what `kill -9` costs.

Run by hand: python -m benchmarks.calibration [--rows 10000] [--kills 3]. Rows are answers of the own set, each with words of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OWN = Path(__file__).parents[1] / "calibration_data" / "answers.jsonl"
MEBI = 1 << 20


def write_rows(path: Path, count: int) -> None:
    """So many rows, none twice."""
    answers = [json.loads(line) for line in OWN.read_text("utf-8").splitlines()]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            found = answers[number % len(answers)]
            text = f"{found['answer']} That was answer number {number}."
            file.write(json.dumps({"question_id": found["question_id"], "answer_id": str(number), "answer": text}) + "\n")


def command(path: Path, out: Path) -> list[str]:
    """The command as a user would give it."""
    return [sys.executable, "-m", "interviewer", "grade", str(path), "--out", str(out), "--grader", "embedded", "--concurrency", "1"]


def killed(path: Path, out: Path, share: float, count: int) -> int:
    """Start it, kill it when that share is graded; returns how many lines stood there."""
    process = subprocess.Popen(command(path, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and (not out.exists() or lines_of(out) < share * count):
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return lines_of(out)


def lines_of(path: Path) -> int:
    """Whole lines of a file."""
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(MEBI), b""))


def main() -> None:
    """Grade in one go; then again with kills in between; compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        path, whole, parts = (Path(home) / name for name in ("rows.jsonl", "whole.jsonl", "parts.jsonl"))
        write_rows(path, options.rows)
        began = time.perf_counter()
        subprocess.run(command(path, whole), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{options.rows:,} rows in {took:.0f} s: {options.rows / took:.0f} a second; at most {peak:.0f} MiB of memory")
        print(f"  the file of grades: {whole.stat().st_size / MEBI:.0f} MiB")
        kept = [killed(path, parts, (n + 1) / (options.kills + 1), options.rows) for n in range(options.kills)]
        subprocess.run(command(path, parts), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        ids = [json.loads(line)["answer_id"] for line in parts.read_text("utf-8").splitlines()]
        twice, missing = len(ids) - len(set(ids)), options.rows - len(set(ids))
        print(f"killed -9 with {', '.join(f'{n:,}' for n in kept)} rows graded, then finished: {twice} rows twice, {missing} missing")
        print(f"  the same scores as in one go: {scores(parts) == scores(whole)}")


def scores(path: Path) -> dict[str, float]:
    """Score by answer."""
    found = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return {line["answer_id"]: line["outcome"]["score"] for line in found}


if __name__ == "__main__":
    main()
