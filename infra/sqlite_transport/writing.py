"""Messages gathered into transactions: while the disk is waited for, the next one fills."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple

from faust.types import RecordMetadata

from infra.sqlite_log.stored import Entry
from infra.sqlite_transport.log_thread import LogThread
from infra.sqlite_transport.messages import place

# Of one transaction.
BATCH_MESSAGES = 1000
BATCH_BYTES = 8 * 1024 * 1024

# Faust's `send` gives way to others three times, so that messages which are sent in a row come every fourth.
_QUIET_TURNS = 4

# Whoever sends waits while more than this has not been written yet.
PENDING_BYTES = 64 * 1024 * 1024


class _Pending(NamedTuple):
    entry: Entry
    sent: asyncio.Future[RecordMetadata]
    size: int


class Writing:
    """Writes in the order of `put`. `written` is set after each transaction."""

    def __init__(self, writer: LogThread, written: asyncio.Event) -> None:
        self._writer = writer
        self._written = written
        self._pending: deque[_Pending] = deque()
        self._bytes = 0
        self._held_back = 0
        self._room = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def put(self, entry: Entry) -> asyncio.Future[RecordMetadata]:
        """Take a message. The future is done after its COMMIT, or has what its transaction raised."""
        sent: asyncio.Future[RecordMetadata] = asyncio.get_running_loop().create_future()
        self._held_back += 1
        try:
            while self._bytes > PENDING_BYTES:
                self._room.clear()
                await self._room.wait()
        finally:
            self._held_back -= 1
        size = len(entry.key or b"") + len(entry.value or b"")
        self._pending.append(_Pending(entry, sent, size))
        self._bytes += size
        if self._task is None:
            self._task = asyncio.create_task(self._write())
        return sent

    async def done(self) -> None:
        """Return when all that was put is written or has failed."""
        while self._task is not None or self._held_back:
            if self._task is not None:
                await asyncio.wait([self._task])
            else:
                # Whoever was held back has been woken, and has only to come to its turn.
                await asyncio.sleep(0)

    async def _write(self) -> None:
        try:
            while self._pending:
                await self._gather()
                await self._write_one_batch()
        finally:
            self._task = None

    async def _gather(self) -> None:
        """Wait until the event loop has gone around some times without a new message."""
        before, quiet = len(self._pending), 0
        while quiet < _QUIET_TURNS and before < BATCH_MESSAGES and self._bytes < BATCH_BYTES:
            await asyncio.sleep(0)
            quiet = quiet + 1 if len(self._pending) == before else 0
            before = len(self._pending)

    async def _write_one_batch(self) -> None:
        batch: list[_Pending] = []
        size = 0
        while self._pending and len(batch) < BATCH_MESSAGES and size < BATCH_BYTES:
            batch.append(self._pending.popleft())
            size += batch[-1].size
        entries = [pending.entry for pending in batch]
        try:
            offsets = await self._writer.call(lambda log: log.append_entries(entries))
        except Exception as error:
            for pending in batch:
                if not pending.sent.done():
                    pending.sent.set_exception(error)
        else:
            self._written.set()
            for pending, offset in zip(batch, offsets, strict=True):
                if not pending.sent.done():
                    pending.sent.set_result(place(pending.entry, offset))
        finally:
            self._bytes -= size
            self._room.set()
