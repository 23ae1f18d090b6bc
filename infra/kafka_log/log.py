"""The event log in Apache Kafka (port: streams/event_log.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer  # type: ignore[import-untyped]  # without types
from kafka import TopicPartition as Place

from infra.kafka_log.administrator import Administrator
from infra.kafka_log.client import Client, connected
from infra.kafka_log.options import kafka_options
from infra.kafka_log.reader import READER_OPTIONS, Reader
from infra.kafka_log.writer import WRITER_OPTIONS, Writer
from infra.settings import Settings
from streams.event_log import LogUnavailable, Message, Outgoing

# One request; a broker that takes longer is taken for lost.
REQUEST_SECONDS = 30.0

# The first connection: whoever mistyped an address is to be told before long.
CONNECT_SECONDS = 15.0


class KafkaLog:
    """The log at the brokers of the settings, which are connected to at once.

    What a call returned for is kept by as many brokers as their `min.insync.replicas` says. Every call but
    `close` raises LogUnavailable where the brokers cannot do it within about `timeout` seconds, by default
    the settings' retry_seconds. Offsets are committed as by a consumer without members: the broker forgets
    them where none was committed for its `offsets.retention.minutes` (7 days by default).
    """

    def __init__(self, settings: Settings, *, timeout: float | None = None) -> None:
        self._timeout = settings.retry_seconds if timeout is None else timeout
        self._copies = settings.replication_factor
        self._servers = ",".join(settings.bootstrap)
        self._options = {
            **kafka_options(settings),
            "request_timeout_ms": int(min(REQUEST_SECONDS, self._timeout / 2) * 1000),
            # A broker that comes back is found again at once, not after half a minute.
            "reconnect_backoff_max_ms": 1000,
        }
        self._partitions: dict[str, int] = {}
        self._admin = Client(self._administrator, self._servers, self._timeout)
        self._reading = Client(self._reader, self._servers, self._timeout)
        self._writing = Client(self._writer, self._servers, 0.0)
        self._admin.call(lambda _: None, min(self._timeout, CONNECT_SECONDS))

    def create(
        self, topic: str, partitions: int, *, compact: bool = False, retention_ms: int | None = None
    ) -> None:
        """Create the topic; nothing happens where it exists. Never raises for that."""
        if partitions < 1:
            raise ValueError("a topic has at least one partition")
        if not self.partitions(topic):
            self._admin.call(
                lambda admin: admin.create(
                    topic, partitions, self._copies, compact=compact, retention_ms=retention_ms
                )
            )

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has; 0 where it does not exist."""
        if topic not in self._partitions:
            found = self._admin.call(lambda admin: admin.partitions(topic))
            if not found:
                return 0
            self._partitions[topic] = found
        return self._partitions[topic]

    def forgets(self, topic: str) -> bool | None:
        """Whether messages of the topic go for their age or number, though nothing newer takes their place.

        None where the user may not ask for the topic's settings.
        """
        if not self.partitions(topic):
            self._missing(topic)
        return self._admin.call(lambda admin: admin.forgets(topic))

    def append(self, topic: str, messages: Sequence[Outgoing]) -> None:
        """Append in order, durable on return. Raises LogUnavailable; a part may then be there."""
        if not self.partitions(topic):
            self._missing(topic)
        if messages:
            # Tried once: the producer itself goes on until the time is over, and writes nothing twice.
            self._writing.call(lambda writer: writer.append(topic, messages))

    def beginning(self, topic: str, partition: int) -> int:
        """The offset of the oldest message that is kept, or the end."""
        place = self._place(topic, partition)
        return self._reading.call(lambda reader: reader.beginning(place))

    def end(self, topic: str, partition: int) -> int:
        """The offset that the next message will get."""
        place = self._place(topic, partition)
        return self._reading.call(lambda reader: reader.end(place))

    def read(self, topic: str, partition: int, offset: int, limit: int = 500) -> list[Message]:
        """Up to `limit` messages from `offset` on; empty at the end. Gaps of compaction are skipped.

        Fewer come where they are large: the reading stops at the message that makes it READ_BYTES. The last
        offset of a partition may belong to no message, so that `end` itself is never reached.
        """
        place = self._place(topic, partition)
        return self._reading.call(lambda reader: reader.read(place, max(offset, 0), limit))

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """The offset that the group would read next; None before its first commit."""
        self._place(topic, partition)
        return self._admin.call(lambda admin: admin.committed(group, topic, partition))

    def commit(self, group: str, offsets: Mapping[tuple[str, int], int]) -> None:
        """Store what the group would read next, by (topic, partition); durable on return."""
        for place in offsets:
            self._place(*place)
        if offsets:
            self._admin.call(lambda admin: admin.commit(group, offsets))

    def close(self) -> None:
        """Give all connections back."""
        for client in (self._writing, self._reading, self._admin):
            client.close()

    def _administrator(self, seconds: float) -> Administrator:
        return Administrator(connected(KafkaAdminClient, self._options, seconds))

    def _reader(self, seconds: float) -> Reader:
        consumer = connected(KafkaConsumer, self._options, seconds, **READER_OPTIONS)
        return Reader(consumer, self._timeout)

    def _writer(self, _: float) -> Writer:
        milliseconds = int(self._timeout * 1000)
        more: dict[str, Any] = {
            **WRITER_OPTIONS,
            "max_block_ms": milliseconds,
            "delivery_timeout_ms": milliseconds,
        }
        return Writer(connected(KafkaProducer, self._options, self._timeout, **more), self._timeout)

    def _place(self, topic: str, partition: int) -> Place:
        if not 0 <= partition < self.partitions(topic):
            self._missing(f"{topic}, partition {partition},")
        return Place(topic, partition)

    def _missing(self, what: str) -> NoReturn:
        raise LogUnavailable(
            f"Kafka at {self._servers} has no topic {what}; topics are made when Rollcall starts on it, so "
            "see that ROLLCALL_BROKER names the right one"
        )
