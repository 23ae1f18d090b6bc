"""What a message brings about: published and stored in slices, each tried until it succeeds or too late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog

from streams import topics
from streams.event_log import Outgoing
from streams.processor import Plan
from streams.table import StateStore

# What a long message publishes and stores goes out in slices, each with a deadline of its own. Of facts and
# alerts a message holds up to 300 kB.
SLICE_MESSAGES = 32
SLICE_WRITES = 1000

_log = structlog.get_logger()
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Effects:
    """Publishes and stores for one application; `retry_seconds` is the deadline of each slice."""

    def __init__(self, app: Any, store: StateStore, retry_seconds: float) -> None:
        self._app = app
        self._store = store
        self._retry_seconds = retry_seconds

    async def publish(self, plan: Plan) -> None:
        """Everything that a message publishes; durable on return."""
        outgoing = (
            (topics.RECORDS.name, plan.judged.forwards),
            (topics.DEAD_LETTERS.name, plan.refused),
            (topics.FACTS.name, plan.facts),
            (topics.ALERTS.name, plan.alerts),
        )
        # All at once, since none of them waits for another one, and each waits for the log.
        await asyncio.gather(*(self._send_all(name, messages) for name, messages in outgoing if messages))

    async def store(self, partition: int, plan: Plan, after_each: Callable[[], None]) -> None:
        """Everything that a message stores, in its order; durable on return. `after_each` slice may raise."""
        producer = await self._app.maybe_start_producer()
        for writes in _slices(plan.writes, SLICE_WRITES):
            await self.within_deadline(partial(self._store.put, producer, partition, writes))
            after_each()

    async def _send_all(self, name: str, messages: list[Outgoing]) -> None:
        for some in _slices(messages, SLICE_MESSAGES):
            await self.within_deadline(partial(self._send, name, some))

    async def _send(self, name: str, messages: Sequence[Outgoing]) -> None:
        """Append to a topic; durable on return."""
        # The producer itself: what a Faust topic adds (codecs, models, sensors) is not used here, and costs.
        producer = await self._app.maybe_start_producer()
        sent = [
            await producer.send(name, key, value, None, None, list(headers))
            for key, value, headers in messages
        ]
        await asyncio.gather(*sent)

    async def within_deadline(self, effect: Callable[[], Awaitable[_Result]]) -> _Result:
        """Try an effect until it succeeds; past the deadline the process ends."""
        deadline = time.monotonic() + self._retry_seconds
        pause = 0.05
        while True:
            try:
                # With a limit, because a client that has lost its broker may neither succeed nor fail.
                return await asyncio.wait_for(effect(), self._retry_seconds)
            except asyncio.CancelledError:
                raise
            except Exception:
                if time.monotonic() > deadline or self._app.should_stop:
                    raise
                _log.exception("publishing_is_tried_again")
            await asyncio.sleep(pause)
            pause = min(2 * pause, 5.0)


def _slices(items: Sequence[_Item], size: int) -> Iterator[Sequence[_Item]]:
    """The items in their order, so many at a time."""
    if len(items) <= size:
        if items:
            yield items
        return
    for start in range(0, len(items), size):
        yield items[start : start + size]
