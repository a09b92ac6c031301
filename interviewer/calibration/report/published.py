"""Figures that others published on public sets, to hold a report against. Each row names its source."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Published:
    """A figure of one public set. `name` is found in the name of a report's data; `measure` is ours of the same kind."""

    name: str
    figure: str
    said: str
    measure: str


PUBLISHED = (
    Published(
        name="saf",
        figure="Weighted RMSE, 0–1, on ASAG2024's rows (arXiv:2409.18596), zero-shot",
        said="mean of the data .41 · Prometheus-2 7B .39 · Llama-3 8B .46 · GPT-3.5 .28 · GPT-4o .24",
        measure="weighted_rmse",
    ),
    Published(name="saf", figure="RMSE, 0–1, unseen questions", said="T5 trained on it .248 · people .086", measure="rmse"),
    Published(
        name="scientsbank",
        figure="Macro-F1, right or wrong, unseen answers",
        said="SemEval-2013 best .768 · GPT-4o zero-shot .755 · GPT-5.2 zero-shot .812",
        measure="two_way_f1",
    ),
    Published(
        name="scientsbank",
        figure="Macro-F1, right or wrong, unseen questions / domains",
        said="SemEval-2013 best .737 / .705",
        measure="two_way_f1",
    ),
    Published(
        name="beetle",
        figure="Macro-F1, right or wrong, unseen answers / questions",
        said="SemEval-2013 best .833 / .720",
        measure="two_way_f1",
    ),
)


def published_on(data: str) -> tuple[Published, ...]:
    """What is published on this set, by its name: "saf" is in "saf_en.jsonl", and not in "unsafe"."""
    return tuple(row for row in PUBLISHED if re.search(rf"(?<![a-z]){row.name}(?![a-z])", data.lower()))
