"""What a track may hold."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.samples import track


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("levels", {}),
        ("levels", {"foundation": 0}),
        ("levels", {"expert": 1}),
        ("topics", {}),
        ("topics", {"rag": -1}),
        ("topics", {"cooking": 1}),
        ("kinds", []),
        ("minutes", 4),
        ("minutes", 121),
        ("pass_band", "excellent"),
        ("questions", 6),
    ],
)
def test_a_value_no_interview_could_be_drawn_by_is_refused(key, value):
    with pytest.raises(ValidationError, match=key):
        track(**{key: value})


def test_a_track_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        track().minutes = 5  # type: ignore[misc]
