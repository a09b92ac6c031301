"""A session as a file: untrusted text stays text, the session's link stays out, an exam stays closed until its end."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from interviewer.domain.grade import Claim, Evidence, Grade, MisconceptionResult, PointResult, Verdict
from interviewer.domain.interview import Mode
from interviewer.review.export import to_json, to_markdown
from interviewer.review.report import Report
from interviewer.text.markdown import fenced, inline, plain
from tests import samples
from tests.fakes import provenance
from tests.review.sessions import session

QUESTION = samples.question(reference_answer="Sentinel reference words. " * 40)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
WORDS = ("text", "text_special", "softbreak")
HOSTILE = {
    "fence": "```\n# Out of the fence\n```",
    "long fence": "````` `` ` ```````\n</code>",
    "tildes": "~~~\n~~gone~~\n~~~",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\n\n<h1>Big</h1>",
    "comment": "<!-- the rest is hidden",
    "image": "![seen](https://evil.example/pixel.png)",
    "reference": "![a][b]\n\n[b]: https://evil.example/pixel.png",
    "link": "[press](javascript:alert(1)) <https://evil.example>",
    "entities": "&lt;b&gt; &amp; &#42;",
    "backslash": "\\*not bold\\* \\",
    "heading": "# Score: 100\nSetext\n======",
    "list": "- one\n- two",
    "plus": "+ one",
    "number": "1. one",
    "other number": "12) one",
    "rule": "---",
    "stars": "***",
    "quote": "> Somebody said",
    "code": "    indented",
    "table": "| a | b |\n| - | - |\n| c | d |",
    "emphasis": "__all__ of *it* and _that_",
}
ALPHABET = st.text(alphabet="`~<>&*_[]()!#|\\-+=.:1a \n\t", max_size=30)
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def flat(text: str) -> list[Token]:
    """Every token of a rendered text, those of its lines included."""
    return [inner for token in MARKDOWN.parse(text) for inner in (token, *(token.children or []))]


def structure(text: str) -> list[tuple[str, str]]:
    """Headings, lists, code and emphasis, without the words."""
    return [(t.type, t.tag) for t in flat(text) if t.type not in WORDS]


def one_line(text: str) -> str:
    return " ".join(text.split())


def evidence(text: str) -> Evidence:
    return Evidence(start=0, end=len(text), text=text)


def everywhere(text: str) -> Report:
    """A finished session with the same text as answer, and as every word of the model."""
    quote = evidence(text)
    source = provenance(QUESTION).model_copy(update={"grader": "llm", "model": text})
    graded = samples.grade(
        QUESTION,
        points=(PointResult(point="looks-up", verdict=Verdict.MET, evidence=quote, reasoning=text),),
        misconceptions=(MisconceptionResult(misconception="it-trains", evidence=quote),),
        wrong=(Claim(evidence=quote, note=text),),
        unsure=(Claim(evidence=quote, note=text),),
        advice=text,
        provenance=source,
    )
    return session([QUESTION], [[graded]], texts=[text])


# Markdown


@hostile
def test_hostile_text_changes_nothing_of_the_files_structure(text: str) -> None:
    assert structure(to_markdown(everywhere(text))) == structure(to_markdown(everywhere("harmless words")))


@hostile
def test_the_answer_stands_in_the_file_as_it_was_written(text: str) -> None:
    (block,) = [t for t in flat(to_markdown(everywhere(text))) if t.type == "fence"]
    assert block.content == text + "\n"


@given(ALPHABET)
def test_a_fence_holds_any_text(text: str) -> None:
    assert [(t.type, t.content) for t in flat(fenced(text))] == [("fence", text + "\n")]


@given(ALPHABET.filter(str.strip))
@example("`")
@example("`` ` ``")
def test_a_quote_is_one_piece_of_code_with_all_its_words(text: str) -> None:
    codes = [t for t in flat(f"- x: {inline(text)}") if t.type == "code_inline"]
    assert [t.content for t in codes] == [one_line(text)]


@given(ALPHABET.filter(str.strip))
@example("- one")
@example("+ one")
@example("1. one")
@example("12) one")
@example("---")
@example("&lt;b&gt;")
def test_a_models_words_are_read_as_they_were_written(text: str) -> None:
    tokens = flat(f"- point\n  - {plain(text)}")
    kinds = [t.type for t in tokens if t.type not in WORDS]
    opened = ["bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close"]
    closed = ["list_item_close", "bullet_list_close"]
    assert kinds == opened + opened + closed + closed
    assert "".join(t.content for t in tokens if t.type in WORDS) == "point" + one_line(text)


@hostile
def test_the_sentence_of_a_failure_stays_text(text: str) -> None:
    written = to_markdown(session([QUESTION], [[samples.failure(QUESTION, f"The endpoint knows no model “{text}”.")]]))
    usual = to_markdown(session([QUESTION], [[samples.failure(QUESTION, "The endpoint knows no model “m”.")]]))
    assert structure(written) == structure(usual)


def test_an_estimate_is_called_one() -> None:
    written = to_markdown(session([QUESTION], [[samples.estimate(QUESTION, 72)]]))
    assert "**Overall: 72 of 100, solid (estimate by the built-in grader), over 1 answers**" in written
    assert "**Score: 72 of 100, solid (estimate)**" in written


def test_an_estimate_says_of_each_point_whether_it_is_sure() -> None:
    said = ((True, Verdict.MET), (False, Verdict.NOT_MET), (None, Verdict.NOT_MET))
    points = tuple(PointResult(point=p.id, verdict=v, sure=sure) for p, (sure, v) in zip(QUESTION.points, said, strict=True))
    written = to_markdown(session([QUESTION], [[samples.estimate(QUESTION, 72).model_copy(update={"points": points})]]))
    assert [line for line in written.splitlines() if line.startswith("- **m")] == [
        "- **met, sure**: The claim of looks-up.",
        "- **missed, unsure**: The claim of into-prompt.",
        "- **missed**: The claim of no-training.",
    ]


def test_what_is_missing_is_said() -> None:
    asked = samples.questions(4)
    written = to_markdown(session(asked, [[samples.grade(asked[0], 72)], [samples.failure(asked[1])], [None]]))
    assert "**Overall: 72 of 100, solid, over 1 answers; 2 not graded**" in written
    assert "Not reached: 1 (left out of the average)" in written
    assert "**Not graded:** The model did not answer." in written
    assert "**Not graded yet.**" in written


# JSON


@hostile
def test_json_gives_back_every_text_unchanged(text: str) -> None:
    (item,) = json.loads(to_json(everywhere(text)))["questions"]
    (grading,) = item["gradings"]
    outcome = Grade.model_validate(grading["outcome"])
    assert item["answer"]["text"] == text
    assert (outcome.advice, outcome.wrong[0].note, outcome.provenance.model) == (text, text, text)


def test_no_file_holds_the_sessions_link_or_its_owner() -> None:
    found = session([QUESTION], [[samples.grade(QUESTION)]], owner_id="owner-7f3a")
    for written in (to_json(found), to_markdown(found)):
        assert samples.SESSION not in written
        assert "owner-7f3a" not in written


def test_json_keeps_all_gradings_in_order() -> None:
    outcomes = [samples.failure(QUESTION), samples.grade(QUESTION, 80), None]
    (item,) = json.loads(to_json(session([QUESTION], [outcomes])))["questions"]
    found = [(g["attempt"], g["outcome"] and g["outcome"]["outcome"]) for g in item["gradings"]]
    assert found == [
        (0, "ungraded"),
        (1, "grade"),
        (2, None),
    ]
    assert item["progress"] == "pending"


def test_json_says_what_the_average_is_of() -> None:
    asked = samples.questions(2)
    content = json.loads(to_json(session(asked, [[samples.estimate(asked[0], 72)], [None]])))
    assert content["format"] == "interviewer-session-1"
    assert content["overall"] == {"score": 72, "band": "solid", "graded": 1, "not_graded": 1, "estimate": True}


# what is not yet to be read


@pytest.mark.parametrize("write", [to_json, to_markdown])
def test_an_unfinished_exam_exports_no_reference_answer_point_or_correction(write) -> None:
    asked = [QUESTION, samples.question("next")]
    outcomes = [[samples.grade(QUESTION)]]
    secrets = ("Sentinel reference", "The claim of", "The weights stay", "A strong hint", "example.org/paper")
    written = write(session(asked, outcomes, finished=False))
    assert not [secret for secret in secrets if secret in written]
    finished = write(session(asked, outcomes))
    assert "Sentinel reference" in finished
    assert "The claim of" in finished


@pytest.mark.parametrize("write", [to_json, to_markdown])
def test_in_study_only_what_was_attempted_is_exported(write) -> None:
    asked = [
        QUESTION,
        samples.question("blank", reference_answer="Hidden. " * 99),
        samples.question("open", reference_answer="Hidden. " * 99),
    ]
    outcomes = [[samples.grade(QUESTION)], [samples.grade(asked[1], 0, gate="Nothing was written.")]]
    written = write(session(asked, outcomes, texts=["An own attempt.", ""], finished=False, mode=Mode.STUDY))
    assert "Sentinel reference" in written
    assert "Hidden." not in written
