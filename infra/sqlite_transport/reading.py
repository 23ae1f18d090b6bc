"""From where each partition is read next, and one fetch from several of them, bounded in bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from faust.types import TP

from infra.sqlite_log.log import READ_BYTES, SqliteLog
from infra.sqlite_transport.log_thread import LogThread
from streams.event_log import Message


class _Fetched(NamedTuple):
    """What was found in a partition: from which offset on it was read, and the partition's end."""

    tp: TP
    position: int
    messages: list[Message]
    end: int


class Reading:
    """The positions of the consumer, and what they are asked from the log for."""

    def __init__(self, reader: LogThread) -> None:
        self.positions: dict[TP, int] = {}
        # As of the last fetch: what Faust asks once for every message.
        self.ends: dict[TP, int] = {}
        self._reader = reader
        self._turn = 0

    async def beginnings(self, tps: Iterable[TP]) -> dict[TP, int]:
        """The offset of the oldest message of each."""
        asked = list(tps)
        return await self._reader.call(lambda log: {tp: log.beginning(*tp) for tp in asked})

    async def endings(self, tps: Iterable[TP]) -> dict[TP, int]:
        """The offset that the next message of each will get."""
        asked = list(tps)
        return await self._reader.call(lambda log: {tp: log.end(*tp) for tp in asked})

    async def to_committed(self, group: str, tps: Iterable[TP], *, latest: bool) -> dict[TP, int | None]:
        """Go to where the group would read next; without a commit to the beginning, or the end (`latest`)."""
        asked = list(tps)
        committed = await self._reader.call(lambda log: {tp: log.committed(group, *tp) for tp in asked})
        fresh = [tp for tp, offset in committed.items() if offset is None]
        self.positions.update(await (self.endings(fresh) if latest else self.beginnings(fresh)))
        self.positions.update({tp: offset for tp, offset in committed.items() if offset is not None})
        return committed

    async def fetch(self, active: Iterable[TP], limit: int) -> Mapping[TP, list[Message]]:
        """Up to about `limit` messages, and move on; a partition where nothing is new is left out."""
        wanted = sorted((tp, self.positions[tp]) for tp in active)
        if not wanted:
            return {}
        # Whoever came last in one fetch comes first in a later one: a full partition starves no other.
        self._turn = (self._turn + 1) % len(wanted)
        wanted = wanted[self._turn :] + wanted[: self._turn]
        records = {}
        for tp, position, messages, end in await self._reader.call(lambda log: _fetch(log, wanted, limit)):
            # Somebody may have gone elsewhere while the thread was reading.
            if self.positions[tp] == position:
                records[tp] = messages
                self.positions[tp] = messages[-1].offset + 1
                self.ends[tp] = end
        return records


def _fetch(log: SqliteLog, wanted: Sequence[tuple[TP, int]], limit: int) -> list[_Fetched]:
    found: list[_Fetched] = []
    share = max(1, limit // len(wanted))
    size = 0
    for tp, position in wanted:
        messages = log.read(tp.topic, tp.partition, position, share)
        if messages:
            found.append(_Fetched(tp, position, messages, log.end(tp.topic, tp.partition)))
            size += sum(len(message.value or b"") for message in messages)
            if size >= READ_BYTES:
                break
    return found
