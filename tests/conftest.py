"""Fixtures for all tests. The network is closed but for this machine; every test has its own data folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import enable_socket, socket_allow_hosts

from interviewer.bank.load import Bank, load
from interviewer.settings import ROOT, Settings
from interviewer.settings import load as load_settings
from interviewer.storage.engine import open_engine
from interviewer.storage.store import SqlStore
from tests.fakes import FakeClock
from tests.openai_server import OpenAIServer

SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def closed_network() -> Iterator[None]:
    """Only loopback addresses may be connected to."""
    socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(scope="session")
def bank() -> Bank:
    """The real bank."""
    return load(ROOT / "question_bank")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty data folder."""
    return tmp_path / "home"


@pytest.fixture
def settings(home: Path) -> Settings:
    """Settings of a newcomer: nothing set but the data folder."""
    return load_settings({"INTERVIEWER_HOME": str(home)}, secrets=home / "no-secrets.toml")


@pytest.fixture
def store(home: Path) -> Iterator[SqlStore]:
    """A store on a real SQLite file."""
    engine = open_engine(home)
    yield SqlStore(engine)
    engine.dispose()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands until it is moved."""
    return FakeClock()


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    """A real HTTP server that speaks the OpenAI protocol, scripted by the test."""
    server = OpenAIServer()
    server.start()
    yield server
    server.stop()
