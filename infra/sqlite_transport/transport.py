"""Faust's transport over one SQLite file: for one machine, one worker and any number of publishers.

`registration.register()` makes it known to Faust, `place.broker_url()` writes its URL, and
`worker_lock.lock_for_worker()` says before a start whether another worker runs.
"""

from __future__ import annotations

import asyncio
import sqlite3
from typing import Any, ClassVar, NoReturn

from faust.transport import base
from faust.types.transports import ConsumerT, ProducerT
from mode.utils.times import Seconds, want_seconds

from infra.sqlite_log.log import SqliteLog
from infra.sqlite_transport.consumer import Consumer
from infra.sqlite_transport.log_thread import LogThread
from infra.sqlite_transport.place import place_of
from infra.sqlite_transport.producer import Producer
from streams.event_log import LogUnavailable


class Transport(base.Transport):
    """What the consumer and the producer of an application share: three connections to its log.

    Reads and writes have a thread each, so that neither waits for the other's disk. The third connection
    answers in the event loop what takes microseconds.
    """

    Consumer: ClassVar[type[ConsumerT]] = Consumer
    Producer: ClassVar[type[ProducerT]] = Producer

    default_port = 0
    driver_version = f"sqlite={sqlite3.sqlite_version}"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = place_of(self.url)
        self.reader = LogThread("log-reader")
        self.writer = LogThread("log-writer")
        # Set when this process has written: what it waits for need not be looked for then.
        self.written = asyncio.Event()
        self._own: SqliteLog | None = None
        self._users = 0
        self._opening = asyncio.Lock()

    async def open(self) -> None:
        """For a consumer or producer that starts. Raises LogUnavailable."""
        async with self._opening:
            if not self._users:
                await self.writer.open(self.place)
                try:
                    await self.reader.open(self.place)
                    self._own = SqliteLog(self.place.path, synchronous=self.place.synchronous)
                except BaseException:
                    await self.reader.close()
                    await self.writer.close()
                    raise
            self._users += 1

    async def close(self) -> None:
        """For a consumer or producer that has stopped; the last one closes the log."""
        async with self._opening:
            self._users -= 1
            if not self._users:
                if self._own is not None:
                    self._own.close()
                    self._own = None
                await self.reader.close()
                await self.writer.close()

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has; 0 where it does not exist."""
        return self._opened().partitions(topic)

    def data_version(self) -> int:
        """A number that changes with every commit to the file, whoever makes it."""
        return self._opened().data_version()

    async def create(
        self, topic: str, partitions: int, *, compact: bool = False, retention: Seconds | None = None
    ) -> int:
        """Create the topic where it does not exist, if Faust may declare topics; returns its partitions.

        Raises LogUnavailable where there is none then.
        """
        if self.app.conf.topic_allow_declare:
            retention_ms = round(want_seconds(retention) * 1000) if retention else None
            await self.writer.call(
                lambda log: log.create(topic, partitions, compact=compact, retention_ms=retention_ms)
            )
        return self.partitions(topic) or self.missing(topic)

    def missing(self, topic: str) -> NoReturn:
        """Raises the LogUnavailable for a topic that does not exist."""
        raise LogUnavailable(
            f"the event log {self.place.path} has no topic {topic}; create the topics before the start"
        )

    def _opened(self) -> SqliteLog:
        if self._own is None:
            raise RuntimeError("the event log is not open")
        return self._own
