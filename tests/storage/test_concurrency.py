"""Many threads on one file: nobody is turned away for the others' sake, and one answer is one answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from interviewer.domain.errors import Refused
from interviewer.interviews import Interviews
from interviewer.ports import Draft
from interviewer.storage.store import SqlStore
from tests.fakes import START, FakeClock, use_cases
from tests.storage.test_store import shown

THREADS = 8


def together(task: Callable[[int], object]) -> list[object]:
    """What each thread's call came to, all begun at once."""
    barrier = Barrier(THREADS)

    def run(number: int) -> object:
        barrier.wait(timeout=30)
        return task(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_drafts_of_many_sessions_are_all_taken(store: SqlStore) -> None:
    for number in range(THREADS):
        shown(store, f"session-{number}")

    def write(number: int) -> int:
        for base in range(20):
            saved = store.save_draft(f"session-{number}", 0, Draft(text=f"{number}/{base}", tab="tab"), base=base, now=START)
        return saved.revision

    assert together(write) == [20] * THREADS
    assert store.draft("session-3", 0).text == "3/19"


def test_of_many_submits_at_once_one_is_the_answer(store: SqlStore, clock: FakeClock) -> None:
    value = shown(store)
    cases: list[Interviews] = [use_cases(store, clock) for _ in range(THREADS)]

    def submit(number: int) -> bool:
        try:
            cases[number].submit(value.id, 0, f"answer {number}")
        except Refused:
            return False
        return True

    taken = together(submit)
    assert taken.count(True) == 1
    assert [a.text for a in store.answers(value.id)] == [f"answer {taken.index(True)}"]
    assert len(store.open_requests()) == 1
    assert [e.kind for e in store.events(value.id)] == ["started", "shown", "submitted"]
