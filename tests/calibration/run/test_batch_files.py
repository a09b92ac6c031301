"""What a run in batches remembers: whatever of it was written when the process died, and what cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from interviewer.calibration.run.batch_files import NAME, BatchFiles
from interviewer.domain.errors import DataError
from interviewer.domain.grade import Grade
from tests.batch_server import BatchServer
from tests.calibration.run.batches import Run, paid, tasks_of
from tests.grading.scripted import ANSWER
from tests.openai_server import graded


def states_of(whole: bytes) -> Iterator[bytes]:
    """All that a file may hold after a kill, from the first intent on: whole lines, and a torn one."""
    lines = whole.splitlines(keepends=True)
    for number in range(1, len(lines)):
        before = b"".join(lines[:number])
        yield before
        yield before + lines[number][: len(lines[number]) // 2]
        yield before + lines[number].rstrip(b"\n")


def test_whatever_of_the_file_was_written_nothing_is_paid_twice(server: BatchServer, tmp_path: Path) -> None:
    tasks = tasks_of()
    Run(tmp_path, server.url).grade(tasks)
    path = tmp_path / NAME
    whole = path.read_bytes()
    for state in states_of(whole):
        path.write_bytes(state)
        outcomes = Run(tmp_path, server.url).grade(tasks)
        assert [o.outcome for o in outcomes] == ["grade"] * 3
        BatchFiles(tmp_path).close()
    assert (len(server.batches), paid(server)) == (1, [1, 1, 1])


def test_a_second_run_on_the_same_files_is_kept_out(server: BatchServer, tmp_path: Path) -> None:
    with BatchFiles(tmp_path), pytest.raises(DataError, match="Another run is waiting for the batches of"):
        Run(tmp_path, server.url)
    assert [o.outcome for o in Run(tmp_path, server.url).grade(tasks_of())] == ["grade"] * 3


def test_a_line_that_cannot_be_read_stops_the_run(server: BatchServer, tmp_path: Path) -> None:
    """Only the last line can be torn; without the others nobody knows what was paid for."""
    Run(tmp_path, server.url).grade(tasks_of())
    path = tmp_path / NAME
    first, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"{}\n" + b"".join(others))
    with pytest.raises(DataError, match=r"batches.jsonl, line 1 cannot be read\. .*mend that line"):
        BatchFiles(tmp_path)
    path.write_bytes(first + b'{"kind": "ended", "note": "of no batch"}\n' + b"".join(others))
    with pytest.raises(DataError, match="line 2 cannot be read"):
        BatchFiles(tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be used: "):
        BatchFiles(tmp_path / "file")


def test_the_file_holds_no_key(server: BatchServer, tmp_path: Path) -> None:
    key = "sk-proj-0123456789abcdef"
    server.otherwise = lambda exchange: exchange.reply(graded(exchange.body, advice=f"Use {key}."))
    (outcome,) = Run(tmp_path, server.url, api_key=key).grade(tasks_of([ANSWER]))
    assert isinstance(outcome, Grade)
    assert outcome.advice == "Use [key]."
    assert key not in (tmp_path / NAME).read_text()
    assert set(server.keys) == {f"Bearer {key}"}
