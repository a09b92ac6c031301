"""How far a long command is: a bar on a terminal, a line now and then elsewhere. Always on standard error."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

import click

from interviewer.calibration.run.grading import Progress

SECONDS = 10.0
"""Between two lines, where there is no terminal."""


class Bar:
    """Rate, cost so far, what is ungraded, and the time left."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._started = self._told = time.monotonic()
        self._bar: click._termui_impl.ProgressBar[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.__exit__(kind, error, trace)

    def show(self, progress: Progress) -> None:
        """Told after every answer."""
        if not progress.total:
            return
        if sys.stderr.isatty():
            self._draw(progress)
        elif progress.done == progress.total or (progress.done and time.monotonic() - self._told >= SECONDS):
            self._told = time.monotonic()
            click.echo(f"{self._label}: {progress.done:,} of {progress.total:,}, {self._facts(progress)}{self._left(progress)}", err=True)

    def _draw(self, progress: Progress) -> None:
        if self._bar is None:
            self._bar = click.progressbar(
                length=progress.total, label=self._label, show_pos=True, item_show_func=lambda said: said, file=sys.stderr
            )
            self._bar.__enter__()
        self._bar.update(progress.done - self._bar.pos, self._facts(progress))

    def _facts(self, progress: Progress) -> str:
        rate = progress.done / max(time.monotonic() - self._started, 0.001)
        facts = [f"{rate:.1f} a second"]
        facts += [f"{progress.cost:.2f} USD so far"] if progress.cost else []
        facts += [f"{progress.ungraded:,} ungraded"] if progress.ungraded else []
        return ", ".join(facts)

    def _left(self, progress: Progress) -> str:
        open_ones = progress.total - progress.done
        if not (open_ones and progress.done):
            return ""
        seconds = round((time.monotonic() - self._started) / progress.done * open_ones)
        return f", about {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02} left"
