from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.calibration.data.converters import CONVERTERS
from interviewer.calibration.data.converters.sources import Unusable, files, name_from, nearest, number, parse_xml, read_text
from interviewer.domain.errors import DataError

BOMB = """<?xml version="1.0"?>
<!DOCTYPE question [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<question><questionText>&c;</questionText></question>"""


@pytest.fixture
def xml(tmp_path: Path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "one.xml"
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write


def test_elements_know_their_lines(xml):
    found = parse_xml(xml("<question>\n<a>x<b>y</b></a>\n\n<a/></question>"), root="question")
    assert [found.lines[element] for element in found.root] == [2, 4]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, "it has a DOCTYPE"),
        ('<!DOCTYPE question SYSTEM "http://127.0.0.1/x.dtd"><question/>', "it has a DOCTYPE"),
        ("<question>\n<a></question>", "line 2: it is not well-formed XML (mismatched tag)"),
        ("", "line 1: it is not well-formed XML (no element found)"),
        ("<question>café</question>".encode("latin-1"), "line 1: it is not well-formed XML (not well-formed (invalid token))"),
        ('<?xml version="1.0" encoding="no-such"?><question/>', "encoding"),
        ('<?xml version="1.0" encoding="shift_jis"?><question/>', "encoding"),
        ("<questions/>", "it holds a <questions> where a <question> should be"),
    ],
)
def test_xml_that_cannot_be_used_says_why(xml, content: str | bytes, reason: str):
    with pytest.raises(Unusable) as told:
        parse_xml(xml(content), root="question")
    assert reason in str(told.value)


def test_an_encoding_that_xml_declares_is_read(xml):
    found = parse_xml(xml('<?xml version="1.0" encoding="iso-8859-1"?><question>café</question>'.encode("latin-1")), root="question")
    assert found.root.text == "café"


def test_text_loses_its_byte_order_mark_and_must_be_utf8(xml):
    assert read_text(xml("\ufeffid")) == "id"
    with pytest.raises(Unusable, match=r"it is not UTF-8 text \(byte 4\)"):
        read_text(xml("café".encode("latin-1")))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" ", "it has no score"),
        ("two", "its score “two” is not a number"),
        ("nan", "its score nan is not a number from 0 up"),
        ("-1", "its score -1 is not a number from 0 up"),
        ("5.5", "its score 5.5 is over the highest there can be, 5"),
    ],
)
def test_a_score_that_is_none_says_why(text: str, reason: str):
    with pytest.raises(Unusable) as told:
        number(text, "score", most=5.0)
    assert str(told.value) == reason


def test_files_are_sorted_and_hidden_ones_passed_over(tmp_path: Path):
    for name in ("b/2.XML", "b/._2.xml", "a/1.xml", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [path.name for path in files(tmp_path, {".xml"})] == ["1.xml", "2.XML"]
    assert files(tmp_path / "a" / "notes.txt", {".xml"}) == (tmp_path / "a" / "notes.txt",)


def test_the_nearest_folder_tells():
    told = {"train": "train", "test": "test"}
    assert nearest(Path("/train/test/x.xml"), lambda part: told.get(part, "")) == "test"
    assert nearest(Path("/test/Train.jsonl"), lambda part: told.get(part, "")) == "train"
    assert nearest(Path("/other/x.xml"), lambda part: told.get(part, "")) == ""


def test_the_same_question_has_the_same_name():
    assert name_from("What?") == name_from("What?") != name_from("Why?")


@pytest.mark.parametrize("name", CONVERTERS)
def test_a_source_without_one_answer_is_refused(name: str, tmp_path: Path):
    with pytest.raises(DataError, match=r"gone is not there\. Nothing was converted"):
        CONVERTERS[name](tmp_path / "gone")
    with pytest.raises(DataError, match=r"holds no answer that can be used\. It has no file of this format"):
        CONVERTERS[name](tmp_path)
    broken = tmp_path / "broken.xml"
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"The first of 1 problems: broken\.xml: "):
        CONVERTERS[name](broken)
