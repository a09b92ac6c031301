"""Where a question was asked."""

from __future__ import annotations

import pytest

from interviewer.domain.question import SOURCE
from interviewer.domain.sources import Document, place, places


def test_the_collections_are_those_that_a_source_may_name():
    assert "|".join(document.value for document in Document) in SOURCE
    assert sum(document.rows for document in Document) == 805


@pytest.mark.parametrize(("source", "exists"), [("genai-75#1", True), ("genai-75#75", True), ("genai-75#76", False)])
def test_a_row_exists_up_to_the_last(source: str, exists: bool):
    assert place(source).exists is exists


def test_places_are_in_order_and_each_once():
    found = places(["genai-handbook#10", "questions-list#3", "genai-handbook#9", "genai-handbook#9"])
    assert list(found.items()) == [(Document.QUESTIONS_LIST, [3]), (Document.GENAI_HANDBOOK, [9, 10])]
    assert places([]) == {}
