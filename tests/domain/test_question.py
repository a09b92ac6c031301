"""What a question file may hold."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from interviewer.domain.question import CodeTests, Question, Topic
from tests.samples import content, question

CODE = {"entry": "f", "visible": ["assert f()"], "hidden": ["assert f()"]}


def refuses(match: str, **changes: object) -> None:
    with pytest.raises(ValidationError, match=match):
        question(**changes)


def changed(key: str, **changes: object) -> list[dict[str, object]]:
    """The sample's list under `key`, with its first item changed."""
    first, *rest = content()[key]
    return [first | changes, *rest]


def test_a_question_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        question().minutes = 3  # type: ignore[misc]


@pytest.mark.parametrize("key", ["points", "misconceptions", "follow_ups", "references"])
def test_an_unknown_key_inside_is_refused(key):
    refuses(rf"{key}.0.extra\n.*not permitted", **{key: changed(key, extra=1)})


def test_an_unknown_key_on_top_is_refused():
    refuses("author", author="me")


@pytest.mark.parametrize("key", [key for key in content() if key not in ("misconceptions", "references")])
def test_a_missing_key_is_refused(key):
    values = content()
    del values[key]
    with pytest.raises(ValidationError, match=rf"{key}\n.*required"):
        Question.model_validate(values)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "Not A Slug"),
        ("question", "   "),
        ("topic", "cooking"),
        ("kind", "riddle"),
        ("difficulty", "hard"),
        ("minutes", 0),
        ("minutes", 31),
        ("as_of", "2026-13"),
        ("hints", ["only one"]),
        ("hints", ["one", "two", "three", "four"]),
        ("follow_ups", [{"point": "looks-up", "ask": "Only one?"}]),
        ("sources", ["somewhere#1"]),
        ("sources", ["genai-pdf#0"]),
        ("references", [{"title": "A paper", "url": "javascript:alert(1)"}]),
        ("number", {"value": 1, "unit": "s", "tolerance": 0, "working": "none"}),
        ("points", changed("points", weight=4)),
        ("points", changed("points", weight=0)),
        ("points", changed("points", accept=["fine", " "])),
    ],
)
def test_a_value_out_of_its_range_is_refused(key, value):
    refuses(key, **{key: value})


@pytest.mark.parametrize("text", ["See ![a cat](https://e.org/cat.png)", "Text <img src=x>", "Text <!-- hidden -->", "</div>"])
def test_images_and_html_are_refused_in_the_reference_answer(text):
    refuses("images and HTML", reference_answer=text)


@pytest.mark.parametrize(
    "text", ["```html\n<img src=x>\n```", "The tag `<bos>` comes first", "a < b and c > d", "Not this! [but a link](https://e.org)"]
)
def test_code_and_comparisons_are_no_html(text):
    assert question(reference_answer=text).reference_answer == text


def test_points_with_the_same_id_are_refused():
    refuses("point ids are not unique", points=changed("points", id="into-prompt"))


def test_misconceptions_with_the_same_id_are_refused():
    refuses("misconception ids are not unique", misconceptions=content()["misconceptions"] * 2)


def test_a_follow_up_for_a_point_that_does_not_exist_is_refused_and_named():
    refuses("do not exist: nothing", follow_ups=changed("follow_ups", point="nothing"))


def test_bonus_points_do_not_count_as_required_ones():
    refuses("fewer than 3 required", points=changed("points", kind="bonus"))


def test_a_coding_question_needs_tests():
    refuses("belongs to coding", kind="coding")


def test_only_a_coding_question_has_tests():
    refuses("belongs to coding", tests=CODE)
    assert question(kind="coding", tests=CODE).tests == CodeTests.model_validate(CODE)


def test_tests_need_a_visible_and_a_hidden_check():
    for part in ("visible", "hidden"):
        refuses(part, kind="coding", tests=CODE | {part: []})


def test_required_points_leave_the_bonus_out():
    extra = {"id": "extra", "claim": "More.", "kind": "bonus"}
    assert [p.id for p in question(points=[*content()["points"], extra]).required] == [p["id"] for p in content()["points"]]


def test_the_hash_is_the_same_for_the_same_content():
    first = question()
    assert first.sha256 == question().sha256 == Question.model_validate_json(first.model_dump_json()).sha256


@pytest.mark.parametrize("change", [{"minutes": 3}, {"hints": ["a", "b"]}, {"as_of": "2026-10"}, {"points": changed("points", weight=2)}])
def test_the_hash_changes_with_any_change(change):
    assert question(**change).sha256 != question().sha256


def test_every_topic_has_a_title_of_its_own():
    assert len({topic.title for topic in Topic}) == len(Topic) == 21
