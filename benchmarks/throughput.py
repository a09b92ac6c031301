"""Grading many answers at once through the app's own durable jobs, against an endpoint that takes a while: how near to the ideal?

Run by hand: python -m benchmarks.throughput [--answers 200] [--delay 2] [--at-once 8]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from interviewer import wiring
from interviewer.domain.grade import Grade
from interviewer.domain.interview import Mode, Pace
from interviewer.domain.selection import Length
from interviewer.interviews import Choice
from interviewer.settings import load as load_settings
from tests.openai_server import OpenAIServer, after

ANSWER = "It trades one thing against another: more memory buys speed, and I would measure both before I decide."
A_SESSION = 10


def main() -> None:
    """Submit all, then start the jobs and wait for the last grade."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", type=int, default=200)
    parser.add_argument("--delay", type=float, default=2.0)
    parser.add_argument("--at-once", type=int, default=8)
    options = parser.parse_args()
    server = OpenAIServer()
    server.otherwise = after(options.delay)
    server.start()
    with tempfile.TemporaryDirectory() as home:
        app = wiring.build(
            load_settings(
                {
                    "INTERVIEWER_HOME": home,
                    "OPENAI_BASE_URL": server.url,
                    "INTERVIEWER_GRADER_MODEL": "scripted-1",
                    "INTERVIEWER_GRADING_WORKERS": str(options.at_once),
                },
                secrets=Path(home) / "none.toml",
            )
        )
        ids = [session(app) for _ in range(-(-options.answers // A_SESSION))]
        asked = A_SESSION * len(ids)
        began = time.perf_counter()
        app.jobs.start()
        app.jobs.wake()
        while app.store.open_requests():
            time.sleep(0.05)
        took = time.perf_counter() - began
        grades = [g.outcome for i in ids for g in app.store.gradings(i)]
        app.jobs.stop()
        app.store.close()
    server.stop()
    ideal = asked / options.at_once * options.delay
    first = min(server.times) - began
    good = sum(isinstance(g, Grade) for g in grades)
    print(
        f"{asked} answers, {options.delay:g} s each, {options.at_once} at once: {took:.1f} s = {took / ideal:.2f} × the ideal {ideal:.1f} s"
    )
    print(f"  graded {good}, requests {len(server.requests)}; first request {first:.1f} s after the start (launching the job runner)")


def session(app: wiring.App) -> str:
    """A session with every question answered; nothing is graded yet. Returns its id."""
    choice = Choice(track=app.bank.tracks["mixed"], length=Length(questions=A_SESSION), mode=Mode.EXAM, pace=Pace.UNTIMED)
    interview = app.interviews.start(choice, list(app.bank.questions.values()), owner_id=app.owner_id)
    for turn in range(A_SESSION):
        interview = app.interviews.show(interview)
        interview = app.interviews.submit(interview.id, turn, ANSWER)
    return interview.id


if __name__ == "__main__":
    main()
