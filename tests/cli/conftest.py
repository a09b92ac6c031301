"""Every command's test has its own data folder and no setting but that."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.settings import Settings


@pytest.fixture(autouse=True)
def own_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This test's data folder, and no setting but that."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("INTERVIEWER_HOME", str(home))
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(home.parent / "tiktoken"))
    monkeypatch.chdir(home.parent)
