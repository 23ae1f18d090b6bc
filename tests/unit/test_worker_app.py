"""No exception leaves the agent's body, and few messages are worked out ahead of what is published."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from streams import worker_app
from streams.turns import Turns
from streams.worker_app import Worker


class Ended(BaseException):
    """What ending the process is here."""


def fatal(why: str) -> None:
    raise Ended(why)


class Stream:
    """Events as Faust gives them, as far as the agent asks."""

    def __init__(self, *events: Any) -> None:
        self._events = events

    async def events(self) -> AsyncIterator[Any]:
        for event in self._events:
            yield event


def bare() -> Any:
    """A worker without an application."""
    worker = Worker.__new__(Worker)
    worker._options = SimpleNamespace(fatal=fatal)  # type: ignore[assignment]  # all of them that is asked
    worker.turns = Turns()
    worker._tasks = set()
    worker._room = asyncio.Semaphore(worker_app._MOST_WORKED_OUT)
    worker._taken = False
    return worker


def test_an_event_that_cannot_be_read_ends_the_process() -> None:
    message = SimpleNamespace(partition=0, offset=7)  # no topic, no headers: no message at all
    with pytest.raises(Ended, match="a message could not be dealt with"):
        asyncio.run(bare()._records(Stream(SimpleNamespace(message=message, ack=None))))


def test_no_more_are_worked_out_than_are_published_in_time() -> None:
    """Each message of another district; half of them waited for their turn."""
    worked_out: list[int] = []
    most = 0

    async def run() -> None:
        nonlocal most
        worker = bare()
        published = asyncio.Event()

        def apply(message: int, judged: Any) -> int:
            worked_out.append(message)
            return message

        async def effects(message: int, *_: Any) -> None:
            await published.wait()
            worked_out.remove(message)

        worker.processor = SimpleNamespace(apply=apply, is_quick=lambda judged: True)
        worker._effects = effects
        tasks = []
        for number in range(3 * worker_app._MOST_WORKED_OUT):
            turn = worker.turns.take(0, number, frozenset((str(number),)), lambda: None)
            tasks.append(asyncio.create_task(worker._in_turn(number, None, turn, 1)))
        for _ in range(20):
            await asyncio.sleep(0)
        most = len(worked_out)
        published.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert (most, worked_out) == (worker_app._MOST_WORKED_OUT, [])
