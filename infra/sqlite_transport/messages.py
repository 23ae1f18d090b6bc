"""Messages in Faust's form and in the log's."""

from __future__ import annotations

from collections.abc import Mapping

from faust.types import TP, ConsumerMessage, HeadersArg, RecordMetadata

from infra.sqlite_log.stored import Entry
from streams.event_log import Headers, Message


def consumed(message: Message, generation: int) -> ConsumerMessage:
    """A message as Faust's streams take it; they drop what was read in another generation than theirs."""
    return ConsumerMessage(
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        timestamp=message.timestamp_ms / 1000,
        timestamp_type=0,
        headers=list(message.headers),
        key=message.key,
        value=message.value,
        checksum=None,
        serialized_key_size=len(message.key or b""),
        serialized_value_size=len(message.value or b""),
        tp=TP(message.topic, message.partition),
        generation_id=generation,
    )


def pairs(headers: HeadersArg | None) -> Headers:
    """Headers as the log takes them. Raises TypeError where a value is not bytes."""
    items = headers.items() if isinstance(headers, Mapping) else headers or ()
    found = tuple((name, value) for name, value in items)
    if not all(isinstance(value, bytes) for _, value in found):
        raise TypeError("the values of headers are bytes")
    return found


def place(entry: Entry, offset: int) -> RecordMetadata:
    """Where a message stands, as a sender gets it."""
    return RecordMetadata(
        topic=entry.topic,
        partition=entry.partition,
        topic_partition=TP(entry.topic, entry.partition),
        offset=offset,
        timestamp=entry.timestamp_ms / 1000,
        timestamp_type=0,
    )
