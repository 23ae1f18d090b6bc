"""What Faust asks of a producer, on the log."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, cast

from faust.transport import base
from faust.types import TP, HeadersArg, RecordMetadata
from mode import Seconds, get_logger

from infra.sqlite_log.clock import wall_ms
from infra.sqlite_log.partition import partition_of
from infra.sqlite_log.stored import Entry
from infra.sqlite_transport.messages import pairs
from infra.sqlite_transport.writing import Writing

if TYPE_CHECKING:
    from infra.sqlite_transport.transport import Transport


class Producer(base.Producer):
    """Writes to the log what is sent, in the order of sending.

    The future of a message is done when the message is durable, and raises LogUnavailable where its
    transaction failed; then none of that transaction is there, and the sender may send again. Of a table's
    write that is the future that its `send_changelog` returns; where nobody waits for that, Faust only logs.
    """

    logger = get_logger(__name__)

    def __post_init__(self) -> None:
        self._writing = Writing(self._shared.writer, self._shared.written)
        self._keyless = itertools.count()
        self._opened = False

    @property
    def _shared(self) -> Transport:
        return cast("Transport", self.transport)

    async def on_start(self) -> None:
        """Open the log. Raises LogUnavailable."""
        await self._shared.open()
        self._opened = True
        await super().on_start()

    async def on_stop(self) -> None:
        """Write what has been sent; after a crash only what has come as far as here."""
        await super().on_stop()
        if self._opened and not self.crashed:
            await self.flush()

    async def on_shutdown(self) -> None:
        """Close the log, after the last write."""
        await super().on_shutdown()
        if self._opened:
            self._opened = False
            await self._writing.done()
            await self._shared.close()

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: HeadersArg | None,
        *,
        transactional_id: str | None = None,
    ) -> Awaitable[RecordMetadata]:
        """Take a message, and return the future of its place in the log; `timestamp` in seconds since 1970.

        Raises at once LogUnavailable where there is no such topic, ValueError where there is no such
        partition, TypeError where key, value or a header is not bytes.
        """
        # Checked here: what SQLite refuses would take its whole transaction with it.
        for part in (key, value):
            if part is not None and not isinstance(part, bytes):
                raise TypeError("key and value of a message are bytes or None; use the raw serializer")
        count = self._shared.partitions(topic) or await self._shared.create(
            topic, self.app.conf.topic_partitions
        )
        if partition is None:
            partition = self._partition(key, count)
        elif not 0 <= partition < count:
            raise ValueError(f"{topic} has no partition {partition}")
        timestamp_ms = wall_ms() if timestamp is None else round(timestamp * 1000)
        return await self._writing.put(Entry(topic, partition, timestamp_ms, key, value, pairs(headers)))

    async def send_and_wait(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        partition: int | None,
        timestamp: float | None,
        headers: HeadersArg | None,
        *,
        transactional_id: str | None = None,
    ) -> RecordMetadata:
        """Send a message, and return its place when it is durable."""
        return await (await self.send(topic, key, value, partition, timestamp, headers))

    async def flush(self) -> None:
        """Return when all that has been sent, by tables too, is written or has failed."""
        # Faust's own buffer gives up after a tenth of a second in which it could send nothing.
        while self.buffer.size:
            await self.buffer.flush()
        await self._writing.done()

    def key_partition(self, topic: str, key: bytes) -> TP:
        """Where a message with this key goes. Raises LogUnavailable where there is no such topic."""
        count = self._shared.partitions(topic) or self._shared.missing(topic)
        return TP(topic, self._partition(key, count))

    def _partition(self, key: bytes | None, partitions: int) -> int:
        return next(self._keyless) % partitions if key is None else partition_of(key, partitions)

    async def create_topic(
        self,
        topic: str,
        partitions: int,
        replication: int,
        *,
        config: Mapping[str, Any] | None = None,
        timeout: Seconds = 20.0,
        retention: Seconds | None = None,
        compacting: bool | None = None,
        deleting: bool | None = None,
        ensure_created: bool = False,
    ) -> None:
        """Create a topic that Faust declares; `config` and `replication` are Kafka's, and not looked at."""
        # As with Kafka, what is only compacted is never too old.
        kept = None if compacting and not deleting else retention
        await self._shared.create(topic, partitions, compact=bool(compacting), retention=kept)

    def supports_headers(self) -> bool:
        """They are kept as they are."""
        return True
