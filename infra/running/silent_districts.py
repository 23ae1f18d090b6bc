"""Reads the districts of which no record has come since the start: one that sends nothing may be late."""

from __future__ import annotations

import asyncio

from infra.sqlite_log.partition import partition_of
from streams.worker_app import Worker


class SilentDistricts:
    """Reads them one after the other, in a thread, while messages of other districts go on."""

    def __init__(self, worker: Worker, partitions: int) -> None:
        self._worker = worker
        self._partitions = partitions
        self._reading: asyncio.Task[None] | None = None

    def all_read(self) -> bool:
        """Whether every district of this worker is known; if not, the next one is being read.

        To be called in the loop. Raises what the reading of the one before has raised.
        """
        if self._reading is not None:
            if not self._reading.done():
                return False
            self._reading.result()
            self._reading = None
        known = {engine.district for engine in self._worker.processor.engines}
        mine = self._worker.partitions()
        for district in self._worker.store.districts():
            if district not in known and partition_of(district.encode(), self._partitions) in mine:
                self._reading = asyncio.create_task(self._worker.load(district))
                return False
        return True
