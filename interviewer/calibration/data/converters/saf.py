"""SAF, Short Answer Feedback (Filighera et al., ACL 2022), to rows: XML files of its repository, or JSON lines of its dataset pages.

An XML file is one question; folders tell split and language: `training/english/1.6.xml`. Some files bear another question's id inside,
so the file's name is the id. SAF states no highest score: `max_score` is the highest seen for the question in all files converted
together, so convert all splits at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from xml.etree.ElementTree import Element

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json

from interviewer.calibration.data.converters.sources import (
    Converted,
    Fields,
    Unusable,
    converted,
    files,
    filled,
    name_from,
    name_of,
    nearest,
    needed,
    number,
    one_paragraph,
    parse_xml,
    read_text,
    references_of,
    text_of,
)

XML, JSON = {".xml"}, {".jsonl", ".json"}
SPLITS = {
    "training": "training",
    "train": "training",
    "validation": "validation",
    "unseen_answers": "unseen_answers",
    "test_unseen_answers": "unseen_answers",
    "unseen_questions": "unseen_questions",
    "test_unseen_questions": "unseen_questions",
}
"""What files and folders are called, and the split it means."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@dataclass(frozen=True, kw_only=True)
class _Question:
    """What the answers to a question share."""

    dataset: str
    id: str
    module: str
    text: str
    references: tuple[str, ...]
    split: str


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """An answer without the highest score there can be, which is known when all are read."""

    question: _Question
    id: str
    text: str
    score: float
    label: str
    feedback: str

    @property
    def scale(self) -> tuple[str, str]:
        """Answers with the same one are scored on one scale."""
        return self.question.dataset, self.question.id


class _Line(BaseModel):
    """One answer as the dataset pages have it. Other keys are passed over: each language has some of its own."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Text
    question: Text
    reference_answer: Text
    provided_answer: Text
    score: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    verification_feedback: str | None = None
    answer_feedback: str | None = None


def convert(source: Path) -> Converted:
    """Rows of the datasets `saf_en` and `saf_de` from XML files, or from `.jsonl` and `.json` files where there are none.

    Raises `DataError` if nothing can be used.
    """
    problems: list[str] = []
    answers: list[_Answer] = []
    for path in files(source, XML) or files(source, JSON):
        read = _from_json if path.suffix.casefold() in JSON else _from_xml
        try:
            answers += read(path, name_of(path, source), problems)
        except Unusable as error:
            problems.append(f"{name_of(path, source)}: {error}")
    return converted(source, _rows(answers, problems), problems)


def _from_xml(path: Path, name: str, problems: list[str]) -> list[_Answer]:
    document = parse_xml(path, root="question")
    question = _question(document.root, path)
    answers = []
    for place, element in enumerate(document.root.iterfind("studentAnswers/studentAnswer"), start=1):
        try:
            answers.append(_answer(element, place, question))
        except Unusable as error:
            problems.append(f"{name}, line {document.lines[element]}: {error}")
    return answers


def _question(root: Element, path: Path) -> _Question:
    return _Question(
        dataset=_dataset(path),
        id=path.stem,
        module=root.get("module", ""),
        text=one_paragraph(needed(text_of(root.find("questionText")), "question")),
        references=tuple(text_of(found) for found in references_of(root)),
        split=_split(path),
    )


def _answer(element: Element, place: int, question: _Question) -> _Answer:
    """`place` in the file, from 1, names an answer without an id; no German one has an id."""
    return _Answer(
        question=question,
        id=element.get("id") or ".".join(filter(None, (question.split, str(place)))),
        text=needed(text_of(element.find("response")), "answer"),
        score=number(text_of(element.find("score")), "score"),
        label=text_of(element.find("verification_feedback")),
        feedback=text_of(element.find("response_feedback")),
    )


def _from_json(path: Path, name: str, problems: list[str]) -> list[_Answer]:
    answers = []
    for where, content in _objects(read_text(path)):
        try:
            line = _Line.model_validate(from_json(content) if isinstance(content, str) else content)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            problems.append(f"{name}, {where}: " + ": ".join((*map(str, first["loc"]), first["msg"])))
        except ValueError as error:
            problems.append(f"{name}, {where}: it is not JSON ({error})")
        else:
            answers.append(_told(line, path))
    return answers


def _objects(text: str) -> Iterator[tuple[str, object]]:
    """What a file holds and where: one JSON object a line, still as text, or a list of objects. Raises `Unusable`."""
    if not text.lstrip().startswith("["):
        yield from ((f"line {place}", line) for place, line in enumerate(text.split("\n"), start=1) if line.strip())
        return
    try:
        contents = from_json(text)
    except ValueError as error:
        raise Unusable(f"it is not JSON ({error})") from None
    yield from ((f"object {place}", content) for place, content in enumerate(contents, start=1))


def _told(line: _Line, path: Path) -> _Answer:
    """These files give questions no id."""
    text = one_paragraph(line.question)
    return _Answer(
        question=_Question(
            dataset=_dataset(path), id=name_from(text), module="", text=text, references=(line.reference_answer,), split=_split(path)
        ),
        id=line.id,
        text=line.provided_answer,
        score=line.score,
        label=(line.verification_feedback or "").strip(),
        feedback=(line.answer_feedback or "").strip(),
    )


def _dataset(path: Path) -> str:
    """Nothing said means English: the first edition of the set kept only German in a folder of its own."""
    return nearest(path, lambda part: "saf_de" if "german" in part else "saf_en" if "english" in part else "") or "saf_en"


def _split(path: Path) -> str:
    return nearest(path, lambda part: SPLITS.get(part, ""))


def _rows(answers: Sequence[_Answer], problems: list[str]) -> list[Fields]:
    """The rows; where the highest score of a question is 0, nobody can tell the scale, and its answers are left out."""
    highest: dict[tuple[str, str], float] = {}
    for answer in answers:
        highest[answer.scale] = max(highest.get(answer.scale, 0.0), answer.score)
    without = Counter(answer.scale for answer in answers if not highest[answer.scale])
    problems += [f"question {id_}: no score is above 0, so its scale is unknown; answers left out: {n}" for (_, id_), n in without.items()]
    return [_row(answer, highest[answer.scale]) for answer in answers if highest[answer.scale]]


def _row(answer: _Answer, highest: float) -> Fields:
    question = answer.question
    return filled(
        {
            "dataset": question.dataset,
            "answer_id": f"{question.id}:{answer.id}",
            "question_id": question.id,
            "module": question.module,
            "question": question.text,
            "reference_answer": question.references[0],
            "reference_answers_all": list(question.references[1:] and question.references),
            "answer": answer.text,
            "score": answer.score,
            "max_score": highest,
            "label": answer.label,
            "feedback": answer.feedback,
            "split": question.split,
        }
    )
