"""Tokens of one graded answer, by part, over the whole bank, with the reference answer as the answer.

Run by hand: python -m benchmarks.tokens
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from interviewer.bank.load import load
from interviewer.grading.prompting import compose
from interviewer.llm.tokens import TiktokenCounter
from interviewer.prompts import PromptFolder
from interviewer.settings import ROOT
from interviewer.text.sanitise import sanitise


def main() -> None:
    """Print median and range of each part."""
    bank = load(ROOT / "question_bank")
    prompt = PromptFolder(ROOT / "prompts").get("grade")
    with tempfile.TemporaryDirectory() as folder:
        tokens = TiktokenCounter(Path(folder), "gpt-4o")
        parts: dict[str, list[int]] = {"reply (form filled with one sentence a point)": []}
        for question in bank.questions.values():
            sent = compose(prompt, question, sanitise(question.reference_answer), attempt=0, nonce="0" * 16, tokens=tokens)
            for part, count in sent.tokens.items():
                parts.setdefault(part, []).append(count)
            reply = {
                "points": [
                    {"point": p.id, "quote": p.claim, "reasoning": "States it in these words.", "verdict": "met"} for p in question.points
                ],
                "misconceptions": [
                    {"misconception": m.id, "quote": "", "reasoning": "Not said.", "asserted": False} for m in question.misconceptions
                ],
                "wrong": [],
                "unsure": [],
                "advice": "Add one concrete example with figures from a system that you have worked on yourself.",
            }
            parts["reply (form filled with one sentence a point)"].append(tokens.count(json.dumps(reply)))
    totals = [sum(values) for values in zip(*parts.values(), strict=True)]
    print(f"tokens per graded answer over {len(bank.questions)} questions (o200k_base): median (min–max)")
    for part, values in [*parts.items(), ("all", totals)]:
        print(f"  {part:48}{statistics.median(values):7.0f}  ({min(values)}–{max(values)})")
    fixed = statistics.median([a + b for a, b in zip(parts["rules"], parts["question and rubric"], strict=True)])
    print(f"  the same for every candidate of a question (cacheable prefix): median {fixed:.0f}")


if __name__ == "__main__":
    main()
