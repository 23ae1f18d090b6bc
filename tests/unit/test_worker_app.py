"""No exception leaves the agent's body, and few messages are worked out ahead of what is published."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from streams import worker_app
from streams.rounds import Rounds
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
    worker._publishing, worker._storing = Rounds(worker._publish), Rounds(worker._store)
    worker._tasks = set()
    worker._room = asyncio.Semaphore(worker_app._MOST_WORKED_OUT)
    worker._taken = False
    return worker


def test_an_event_that_cannot_be_read_ends_the_process() -> None:
    message = SimpleNamespace(partition=0, offset=7)  # no topic, no headers: no message at all
    with pytest.raises(Ended, match="a message could not be dealt with"):
        asyncio.run(bare()._records(Stream(SimpleNamespace(message=message, ack=None))))


class Brought:
    """What was brought about, in order; `log` says when the log takes what is published, `state` what is
    stored.
    """

    def __init__(self) -> None:
        self.log = self.state = asyncio.Event()
        self.told: list[Any] = []

    def all(self, what: str) -> list[int]:
        """What was published or stored, in order."""
        return [number for told, numbers in self.told if told == what for number in numbers]

    async def publish(self, plans: Any) -> None:
        await self.log.wait()
        self.told.append(("published", [plan.number for _, plan in plans]))

    async def store(self, partition: int, writes: Any, after_each: Any) -> None:
        await self.state.wait()
        self.told.append(("stored", [number for number, _ in writes]))
        after_each()


class Run:
    """A worker whose messages are numbers; `streaks` are those of some of them."""

    def __init__(self, streaks: dict[int, int] | None = None) -> None:
        self.applied: list[int] = []
        self.acknowledged: list[int] = []
        self._streaks = streaks or {}
        self.worker = bare()
        self.worker._brought = self.brought = Brought()
        self.worker.app = SimpleNamespace(consumer_generation_id=1)
        self.worker.store = SimpleNamespace(promise=lambda writes: None)
        self.worker.processor = SimpleNamespace(
            judge=self._judge, apply=self._apply, is_quick=lambda judged: True, done=lambda plan: None
        )
        self.worker._continuity = SimpleNamespace(is_next=lambda *_: True, given=lambda *_: None)
        self.worker._options.brake_after = 3
        self.worker._options.observer = SimpleNamespace(done=lambda *_: None)

    def _judge(self, message: Any) -> Any:
        return SimpleNamespace(valid={self.district(message.offset): []})

    def _apply(self, message: Any, judged: Any) -> Any:
        number = message.offset
        self.applied.append(number)
        judged = SimpleNamespace(refused=[SimpleNamespace(reason="bad_id")])
        return SimpleNamespace(
            number=number, writes=[(number, b"")], streak=self._streaks.get(number, 0), judged=judged
        )

    def district(self, number: int) -> str:
        """All of one district."""
        return "d"

    async def take(self, count: int) -> None:
        """So many messages come."""
        for number in range(count):
            message = SimpleNamespace(
                topic="t", partition=0, offset=number, timestamp=0.0, key=b"", value=b"", headers=None
            )
            ack = partial(self.acknowledged.append, number)
            await self.worker._take(SimpleNamespace(message=message, ack=ack))

    def ends(self) -> list[str]:
        """Why the process would have ended; the work at which it does goes no further."""
        told: list[str] = []

        def fatal(why: str) -> None:
            told.append(why)
            raise asyncio.CancelledError

        self.worker._options.fatal = fatal
        return told

    async def settle(self) -> None:
        """Let everything happen that can."""
        for _ in range(40):
            await asyncio.sleep(0)


def test_a_district_goes_on_while_what_came_before_is_on_its_way() -> None:
    async def run() -> None:
        held = Run()
        await held.take(4)
        assert (held.applied, held.acknowledged) == ([0, 1, 2, 3], [])
        held.brought.log.set()
        await held.settle()
        # The first goes out alone, and all that came meanwhile together.
        assert held.brought.told[:2] == [("published", [0]), ("published", [1, 2, 3])]
        assert held.brought.all("stored") == [0, 1, 2, 3]
        assert held.acknowledged == [0, 1, 2, 3]
        assert held.worker._room._value == worker_app._MOST_WORKED_OUT

    asyncio.run(run())


def test_no_more_are_worked_out_than_are_published_in_time() -> None:
    async def run() -> None:
        held = Run()
        taking = asyncio.create_task(held.take(3 * worker_app._MOST_WORKED_OUT))
        await held.settle()
        assert len(held.applied) == worker_app._MOST_WORKED_OUT
        held.brought.log.set()
        await taking
        await held.settle()
        assert held.acknowledged == list(range(3 * worker_app._MOST_WORKED_OUT))

    asyncio.run(run())


def test_those_who_waited_for_their_turn_take_room_too() -> None:
    async def run() -> None:
        held = Run()
        tasks = []
        for number in range(3 * worker_app._MOST_WORKED_OUT):
            message = SimpleNamespace(partition=0, offset=number)
            ack = partial(held.acknowledged.append, number)
            turn = held.worker.turns.take(0, number, frozenset((str(number),)), ack)
            tasks.append(asyncio.create_task(held.worker._in_turn(message, None, turn, 1)))
        await held.settle()
        assert len(held.applied) == worker_app._MOST_WORKED_OUT
        held.brought.log.set()
        await asyncio.gather(*tasks)
        await held.settle()
        assert sorted(held.acknowledged) == list(range(3 * worker_app._MOST_WORKED_OUT))

    asyncio.run(run())


def test_what_comes_before_a_brake_is_done_and_nothing_of_it_or_after_it() -> None:
    async def run() -> None:
        held = Run(streaks={3: 3})
        ended = held.ends()
        await held.take(6)
        held.brought.log.set()
        await held.settle()
        assert held.brought.all("published") == held.brought.all("stored") == [0, 1, 2]
        assert held.acknowledged == [0, 1, 2]
        assert "3 messages in a row were wholly refused" in ended[0]

    asyncio.run(run())


def test_the_brake_waits_until_what_comes_before_it_is_acknowledged() -> None:
    """Ending the process ends what is being stored too, and those messages would be published again."""

    async def run() -> None:
        held = Run(streaks={3: 3})
        ended = held.ends()
        held.brought.state = asyncio.Event()
        held.brought.log.set()
        await held.take(4)
        await held.settle()
        assert (held.brought.all("published"), held.acknowledged, ended) == ([0, 1, 2], [], [])
        held.brought.state.set()
        await held.settle()
        assert (held.acknowledged, len(ended)) == ([0, 1, 2], 1)

    asyncio.run(run())


def test_partitions_that_were_assigned_anew_are_not_written_to() -> None:
    async def run() -> None:
        held = Run()
        ended = held.ends()
        await held.take(1)
        held.worker.app.consumer_generation_id = 2
        held.brought.log.set()
        await held.settle()
        assert "assigned anew" in ended[0] and not held.acknowledged

    asyncio.run(run())


def test_a_round_that_begins_after_partitions_were_assigned_anew_stores_nothing() -> None:
    """The worker that has them now may have stored more already, which this would overwrite."""

    async def run() -> None:
        held = Run()
        ended = held.ends()
        held.brought.state = asyncio.Event()
        held.brought.log.set()
        await held.take(2)
        await held.settle()
        assert held.brought.all("published") == [0, 1]

        def assigned_anew(*_: object) -> None:
            held.worker.app.consumer_generation_id = 2

        # After the first round is stored, and before the second one, which has waited for it, begins.
        held.worker._options.observer = SimpleNamespace(done=assigned_anew)
        held.brought.state.set()
        await held.settle()
        assert "assigned anew" in ended[0]
        assert held.brought.all("stored") == held.acknowledged == [0]

    asyncio.run(run())
