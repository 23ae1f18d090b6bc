"""A thread that uses the log for the event loop, which must not wait for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from infra.sqlite_log.log import SqliteLog
from infra.sqlite_transport.place import Place

T = TypeVar("T")


class LogThread:
    """One connection and the one thread that uses it; calls are done in the order in which they came."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._executor: ThreadPoolExecutor | None = None
        self._log: SqliteLog | None = None

    async def open(self, place: Place) -> None:
        """Start the thread and open the log. Raises LogUnavailable."""
        executor = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        try:
            self._log = await asyncio.get_running_loop().run_in_executor(
                executor, lambda: SqliteLog(place.path, synchronous=place.synchronous)
            )
        except BaseException:
            executor.shutdown(wait=False)
            raise
        self._executor = executor

    async def call(self, work: Callable[[SqliteLog], T]) -> T:
        """What `work` returns or raises. Whoever is cancelled while waiting does not stop the work."""
        log = self._log
        if log is None or self._executor is None:
            raise RuntimeError("the event log is not open")
        return await asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(log))

    async def close(self) -> None:
        """End after the calls that have come, and close the log."""
        if self._executor is not None:
            await self.call(SqliteLog.close)
            self._executor.shutdown(wait=False)
            self._executor = self._log = None
