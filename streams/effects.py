"""What messages bring about: published and stored in slices, each tried until it succeeds or too late."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

import structlog

from streams import topics
from streams.appending import Append
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

    def __init__(self, app: Any, store: StateStore, append: Append, retry_seconds: float) -> None:
        self._app = app
        self._store = store
        self._append = append
        self._retry_seconds = retry_seconds

    async def publish(self, plans: Iterable[tuple[int, Plan]]) -> None:
        """Everything that some messages publish, each with its partition, in order; durable on return."""
        with_headers: dict[str, list[Outgoing]] = {}
        by_place: dict[tuple[str, int], list[tuple[bytes, bytes]]] = {}
        for partition, plan in plans:
            for name, messages in (
                (topics.RECORDS.name, plan.judged.forwards),
                (topics.DEAD_LETTERS.name, plan.refused),
            ):
                if messages:
                    with_headers.setdefault(name, []).extend(messages)
            # Of a district of this partition, so in the same one of these topics: all have as many.
            for name, messages in ((topics.FACTS.name, plan.facts), (topics.ALERTS.name, plan.alerts)):
                if messages:
                    pairs = [(held.key, held.value or b"") for held in messages]
                    by_place.setdefault((name, partition), []).extend(pairs)
        # All at once, since no topic waits for another one, and each waits for the log.
        await asyncio.gather(
            *(self._send_all(name, messages) for name, messages in with_headers.items()),
            *(self._append_all(name, at, pairs) for (name, at), pairs in by_place.items()),
        )

    async def store(
        self, partition: int, writes: Sequence[tuple[bytes, bytes]], after_each: Callable[[], None]
    ) -> None:
        """Everything that messages of a partition store, in order; durable on return. `after_each` slice may
        raise.
        """
        producer = await self._app.maybe_start_producer()
        for some in _slices(writes, SLICE_WRITES):
            await self.within_deadline(partial(self._store.put, producer, partition, some))
            after_each()

    async def _append_all(self, name: str, partition: int, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        producer = await self._app.maybe_start_producer()
        for some in _slices(pairs, SLICE_MESSAGES):
            await self.within_deadline(partial(self._append, producer, name, partition, some))

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
