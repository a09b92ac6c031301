"""Servers with the Batch API: one, and another for a second model."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.batch_server import BatchServer


@pytest.fixture
def server() -> Iterator[BatchServer]:
    served = BatchServer()
    served.start()
    yield served
    served.stop()


@pytest.fixture
def second() -> Iterator[BatchServer]:
    served = BatchServer()
    served.start()
    yield served
    served.stop()
