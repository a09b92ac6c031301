"""SciEntsBank and Beetle (SemEval-2013 Task 7; Dzikovska et al. 2013) to rows: one XML file a question, one label an answer.

The same answers come with labels of two, three and five kinds, in folders like `training/3way/beetle`, `test/2way/sciEntsBank/
test-unseen-answers` or `semeval-5way/beetle/train/Core`. Folders tell dataset, split and kind of label; whatever kinds are found are
joined by answer. A coarser label that is missing follows from a finer one by the task's own definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from interviewer.calibration.data.converters.sources import (
    Converted,
    Fields,
    Unusable,
    converted,
    files,
    filled,
    name_of,
    nearest,
    needed,
    one_paragraph,
    parse_xml,
    references_of,
    text_of,
)

CORRECT = "correct"
LABELS = {
    "2way": {CORRECT, "incorrect"},
    "3way": {CORRECT, "contradictory", "incorrect"},
    "5way": {CORRECT, "contradictory", "partially_correct_incomplete", "irrelevant", "non_domain"},
}
"""The labels of each kind, coarsest first."""
DATASETS = {"beetle": "beetle", "scientsbank": "scientsbank", "seb": "scientsbank"}
SPLITS = {name: name for name in ("train", "test-unseen-answers", "test-unseen-questions", "test-unseen-domains")} | {"training": "train"}
RELIABILITY = "reliability"
"""Folder of answers labelled once more, to see how far people agree; they stand in the splits too."""
CORE = "Core"
"""Folder of a split's answers; what lies beside it repeats them with more detail."""
KIND = re.compile(r"(?:^|[-_ ])([235]way)$")
"""A folder of one kind of labels; "2and3way" holds two such folders."""


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """An answer with one label; `kind` is empty where no folder tells it. `fields` are those of the row that hang on no label."""

    where: str
    kind: str
    label: str
    fields: Fields

    @property
    def key(self) -> tuple[object, object]:
        """The same for each label of an answer."""
        return self.fields["dataset"], self.fields["answer_id"]


def convert(source: Path) -> Converted:
    """Rows of the datasets `scientsbank` and `beetle`; score 1 for a correct answer, else 0. Raises `DataError` if nothing can be used."""
    problems: list[str] = []
    answers: list[_Answer] = []
    for path in files(source, {".xml"}):
        name = name_of(path, source)
        if _repeats(path, name):
            continue
        try:
            answers += _answers(path, name, problems)
        except Unusable as error:
            problems.append(f"{name}: {error}")
    rows = []
    for given in _joined(answers, problems):
        labels = {kind: answer.label for kind, answer in given.items()}
        first = next(iter(given.values()))
        if len({label == CORRECT for label in labels.values()}) > 1:
            said = ", ".join(f"“{label}” of the {kind} labels" for kind, label in labels.items())
            problems.append(f"{first.where}: it is correct and not correct: {said}")
        else:
            rows.append(_row(first.fields, labels))
    return converted(source, rows, problems)


def _repeats(path: Path, name: str) -> bool:
    beside_core = path.parent.name != CORE and (path.parent.parent / CORE).is_dir()
    return beside_core or RELIABILITY in name.casefold().split("/")[:-1]


def _answers(path: Path, name: str, problems: list[str]) -> list[_Answer]:
    document = parse_xml(path, root="question")
    question = _question(document.root, path)
    kind = nearest(path, lambda part: found[1] if (found := KIND.search(part)) else "")
    answers = []
    for element in document.root.iterfind("studentAnswers/studentAnswer"):
        where = f"{name}, line {document.lines[element]}"
        try:
            answers.append(_answer(element, question, where=where, kind=kind))
        except Unusable as error:
            problems.append(f"{where}: {error}")
    return answers


def _question(root: Element, path: Path) -> Fields:
    """The best reference answer is the first of those called BEST; SciEntsBank has one only, and calls it nothing."""
    references = references_of(root)
    best = next((found for found in references if found.get("category") == "BEST"), references[0])
    categories = [found.get("category", "") for found in references]
    return {
        "dataset": nearest(path, lambda part: DATASETS.get(part, "")) or "semeval",
        "answer_id": "",
        "question_id": root.get("id") or path.stem,
        "module": root.get("module", ""),
        "question": one_paragraph(needed(text_of(root.find("questionText")), "question")),
        "reference_answer": text_of(best),
        "reference_answers_all": [text_of(found) for found in references] if len(references) > 1 else [],
        "reference_categories": categories if any(categories) else [],
        "answer": "",
        "split": nearest(path, lambda part: SPLITS.get(part, "")),
    }


def _answer(element: Element, question: Fields, *, where: str, kind: str) -> _Answer:
    given = {"answer_id": needed(element.get("id", ""), "id"), "answer": needed(text_of(element), "answer")}
    label = needed(element.get("accuracy", ""), "label").strip().casefold().replace("-", "_")
    return _Answer(where=where, kind=kind, label=label, fields=question | given)


def _joined(answers: Sequence[_Answer], problems: list[str]) -> Iterable[Mapping[str, _Answer]]:
    """Each answer by the kind of its label."""
    untold = _kind_of({answer.label for answer in answers if not answer.kind})
    joined: dict[tuple[object, object], dict[str, _Answer]] = {}
    for answer in answers:
        kind = answer.kind or untold
        before = joined.get(answer.key, {}).get(kind)
        if answer.label not in LABELS[kind]:
            problems.append(f"{answer.where}: “{answer.label}” is none of the {kind} labels")
        elif before:
            problems.append(f"{answer.where}: {answer.fields['answer_id']} has a label already: {before.where}")
        else:
            joined.setdefault(answer.key, {})[kind] = answer
    return joined.values()


def _kind_of(labels: set[str]) -> str:
    """The kind that most of these labels belong to, the coarsest of several."""
    return max(LABELS, key=lambda kind: len(LABELS[kind] & labels))


def _row(fields: Fields, labels: Mapping[str, str]) -> Fields:
    """`label` is the one of three kinds where it is known."""
    all_labels = dict(labels)
    if "5way" in labels:
        finest = labels["5way"]
        all_labels.setdefault("3way", finest if finest in LABELS["3way"] else "incorrect")
    correct = CORRECT in labels.values()
    all_labels.setdefault("2way", CORRECT if correct else "incorrect")
    split = {"split": fields["split"]}
    scored = {"score": float(correct), "max_score": 1.0, "label": all_labels.get("3way") or all_labels["2way"]}
    by_kind = {f"label_{kind}": all_labels[kind] for kind in LABELS if kind in all_labels}
    return filled({name: value for name, value in fields.items() if name != "split"} | scored | split | by_kind)
