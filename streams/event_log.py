"""What everything but Faust asks of an event log: Kafka's own model, in a few calls that block.

The adapters (`infra/sqlite_log`, `infra/kafka_log`) are held to these docstrings by one suite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]


class Message(NamedTuple):
    """One message as it was read. `value` None is a tombstone."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers


class Outgoing(NamedTuple):
    """One message to append; its partition is that of its key (murmur2, as every producer here)."""

    key: bytes
    value: bytes | None
    headers: Headers = ()


class EventLog(Protocol):
    """A durable, partitioned, append-only log. Not safe for use from several threads at once."""

    def create(
        self, topic: str, partitions: int, *, compact: bool = False, retention_ms: int | None = None
    ) -> None:
        """Create the topic; nothing happens where it exists. Never raises for that."""

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has; 0 where it does not exist."""

    def forgets(self, topic: str) -> bool | None:
        """Whether messages of the topic go for their age or number, though nothing newer takes their place.

        None where the log does not let us ask.
        """

    def append(self, topic: str, messages: Sequence[Outgoing]) -> None:
        """Append in order, durable on return. Raises LogUnavailable; a part may then be there."""

    def beginning(self, topic: str, partition: int) -> int:
        """The offset of the oldest message that is kept, or the end."""

    def end(self, topic: str, partition: int) -> int:
        """The offset that the next message will get."""

    def read(self, topic: str, partition: int, offset: int, limit: int = 500) -> list[Message]:
        """Up to `limit` messages from `offset` on; empty at the end. Gaps of compaction are skipped.

        Returns as soon as something is there, and never waits for new messages.
        """

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """The offset that the group would read next; None before its first commit."""

    def commit(self, group: str, offsets: Mapping[tuple[str, int], int]) -> None:
        """Store what the group would read next, by (topic, partition); durable on return."""

    def close(self) -> None:
        """Give everything back."""


class LogUnavailable(Exception):
    """The log cannot be reached or read now. The message says what to do; no record's content is in it."""
