"""Reading partitions from an offset to their end, with one consumer for all of them and without a group."""

from __future__ import annotations

import time
from typing import Any

from kafka import KafkaConsumer, TopicPartition, errors  # type: ignore[import-untyped]  # without types

from streams.event_log import Message

# One call stops at the message that reaches this, as on SQLite.
READ_BYTES = 16 * 1024 * 1024

# The broker answers at once where something is there. Where nothing is, an answer that is out would hold up
# those to other partitions.
FETCH_WAIT_MS = 5
POLL_MS = 100

READER_OPTIONS = {
    "enable_auto_commit": False,
    "allow_auto_create_topics": False,
    "enable_incremental_fetch_sessions": False,
    "metrics_enabled": False,
    "fetch_max_wait_ms": FETCH_WAIT_MS,
    # An offset that is not there is dealt with here: the consumer would begin anew behind the end.
    "auto_offset_reset": "none",
}


class Reader:
    """Reads with a consumer made with READER_OPTIONS. Raises errors of kafka-python.

    The consumer is assigned the one partition that is read now. It fetches ahead there, so that a topic is
    read through without a seek; whoever reads partitions in turn pays one fetch for each turn.
    """

    def __init__(self, consumer: KafkaConsumer, timeout: float) -> None:
        self._consumer = consumer
        self._timeout = timeout
        self._topics: dict[str, TopicPartition] = {}
        self._ends: dict[TopicPartition, int] = {}

    def beginning(self, place: TopicPartition) -> int:
        """The oldest offset that is kept, or the end."""
        return int(self._consumer.beginning_offsets([place], self._timeout * 1000)[place])

    def end(self, place: TopicPartition) -> int:
        """The offset that the next message will get."""
        self._ends[place] = int(self._consumer.end_offsets([place], self._timeout * 1000)[place])
        return self._ends[place]

    def read(self, place: TopicPartition, offset: int, limit: int) -> list[Message]:
        """Up to `limit` messages of those that are there at the call; empty only where none is."""
        # The end that was seen last will do until it is reached.
        if offset >= self._ends.get(place, 0) and offset >= self.end(place):
            return []
        self._turn_to(place, offset)
        return self._collect(place, offset, limit)

    def close(self) -> None:
        """Give the connection back."""
        self._consumer.close()

    def _turn_to(self, place: TopicPartition, offset: int) -> None:
        if self._consumer.assignment() == {place}:
            if self._position(place) == offset:
                return
        else:
            if place.topic not in self._topics:
                # All topics at once, so that the consumer goes on knowing where each of them is.
                self._topics[place.topic] = place
                self._consumer.assign(list(self._topics.values()))
            self._consumer.assign([place])
        self._consumer.seek(place, offset)

    def _collect(self, place: TopicPartition, offset: int, limit: int) -> list[Message]:
        deadline = time.monotonic() + self._timeout
        found: list[Message] = []
        size = 0
        at, end = offset, self._ends[place]
        while at < end and len(found) < limit and size < READ_BYTES:
            try:
                polled = self._consumer.poll(timeout_ms=POLL_MS, max_records=limit - len(found))
            except errors.OffsetOutOfRangeError:
                # Retention has gone past it, or the topic was made anew and ends before it.
                at, end = max(at, self.beginning(place)), self.end(place)
                self._consumer.seek(place, min(at, end))
                continue
            for record in polled.get(place, ()):
                found.append(_message(record))
                size += len(record.value or b"")
            # It moves past the markers of transactions, too, which are no messages.
            before, at = at, self._position(place)
            if at == before and time.monotonic() > deadline:
                raise errors.KafkaTimeoutError("nothing was fetched")
        return found

    def _position(self, place: TopicPartition) -> int:
        return int(self._consumer.position(place, timeout_ms=self._timeout * 1000))


def _message(record: Any) -> Message:
    headers = tuple((name, value or b"") for name, value in record.headers)
    return Message(
        record.topic, record.partition, record.offset, record.timestamp, record.key, record.value, headers
    )
