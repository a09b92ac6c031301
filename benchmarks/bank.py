"""How long the bank takes to load: median over runs, in a fresh process each. Run by hand: python -m benchmarks.bank"""

from __future__ import annotations

import statistics
import subprocess
import sys

RUNS = 9
SCRIPT = """
import time
from interviewer.bank.load import load
from interviewer.settings import ROOT
start = time.perf_counter()
bank = load(ROOT / "question_bank")
print(time.perf_counter() - start, len(bank.questions))
"""


def main() -> None:
    """Print the median."""
    found = [subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True).stdout.split() for _ in range(RUNS)]
    times = [float(seconds) * 1000 for seconds, _ in found]
    count = int(found[0][1])
    median = statistics.median(times)
    spread = f"{min(times):.0f}–{max(times):.0f}"
    print(f"bank load: {count} questions, median {median:.0f} ms over {RUNS} processes ({spread}), {median / count:.2f} ms a question")


if __name__ == "__main__":
    main()
