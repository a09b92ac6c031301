"""One event loop in a background thread, on which all requests of this process run: it makes total deadlines possible.

The rest of the program is blocking code; it hands a coroutine over and waits. The thread starts with the first request.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Coroutine
from typing import Any, Protocol, TypeVar

GOODBYE = 1.0
T = TypeVar("T")


class Closable(Protocol):
    """Something that holds connections open."""

    async def aclose(self) -> None:
        """Let go of them."""


_lock = threading.Lock()
_running: list[asyncio.AbstractEventLoop] = []
_held: set[Closable] = set()


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, done on the loop; its exceptions are raised here. Work whose caller is gone is cancelled."""
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result()
    finally:
        future.cancel()


def hold(resource: Closable) -> None:
    """Close this at the end of the process, unless `release` did before."""
    _held.add(resource)


def release(resource: Closable) -> None:
    """Close this soon, on the loop. May be called from a finaliser, in any thread: it takes no lock and waits for nothing."""
    _held.discard(resource)
    for loop in _running:
        if not loop.is_closed():
            asyncio.run_coroutine_threadsafe(resource.aclose(), loop)


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        if not _running:
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever, name="model requests", daemon=True)
            thread.start()
            _running.append(loop)
            atexit.register(_stop, loop, thread)
        return _running[0]


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    """Close what is open, so that the end of the process is silent."""
    try:
        asyncio.run_coroutine_threadsafe(_wind_up(), loop).result(GOODBYE)
    except TimeoutError:
        return  # the thread is a daemon: it goes with the process
    loop.call_soon_threadsafe(loop.stop)
    thread.join(GOODBYE)
    if not loop.is_running():
        loop.close()


async def _wind_up() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.gather(*(resource.aclose() for resource in _held), return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
