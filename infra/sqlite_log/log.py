"""The event log in one SQLite file: for one machine, without a broker (port: streams/event_log.py)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from infra.sqlite_log import housekeeping
from infra.sqlite_log.clock import wall_ms
from infra.sqlite_log.connection import Synchronous, connect, transaction
from infra.sqlite_log.errors import damaged, said_clearly
from infra.sqlite_log.housekeeping import Removed
from infra.sqlite_log.partition import partition_of
from infra.sqlite_log.stored import Entry, Row, message_of, offset_of, row_id, row_of
from streams.event_log import LogUnavailable, Message, Outgoing

# One call to `read` stops at the message that reaches this, so that a few hundred large ones do not fill
# the memory.
READ_BYTES = 16 * 1024 * 1024


class SqliteLog:
    """The log at `path`; the file is made where there is none, its folder is not.

    Several processes may append and read at once; a writer waits up to 30 s for the one before it. What a
    call returned for is kept. With `synchronous` FULL each commit waits until the disk has it (fsync), so
    that it outlives a loss of power. With NORMAL only checkpoints wait for the disk: what is committed
    outlives a killed process, and a loss of power may take the last commits, never one from the middle.
    Every call raises LogUnavailable where the file is damaged, locked, full or cannot be reached.
    """

    def __init__(
        self, path: Path, *, synchronous: Synchronous = "FULL", now_ms: Callable[[], int] = wall_ms
    ) -> None:
        self._path = path
        self._now_ms = now_ms
        self._connection = connect(path, synchronous)
        self._partitions: dict[str, int] = {}
        self._ids: dict[tuple[str, int], int] = {}

    def create(
        self, topic: str, partitions: int, *, compact: bool = False, retention_ms: int | None = None
    ) -> None:
        """Create the topic; nothing happens where it exists. Never raises for that."""
        if partitions < 1:
            raise ValueError("a topic has at least one partition")
        if self.partitions(topic):
            return
        with said_clearly(self._path), transaction(self._connection):
            added = self._connection.execute(
                "INSERT OR IGNORE INTO topic VALUES(?, ?, ?, ?)",
                (topic, partitions, int(compact), retention_ms),
            )
            # Another process may have been first, with another number.
            if added.rowcount:
                self._connection.executemany(
                    "INSERT INTO tp(topic, partition) VALUES(?, ?)", [(topic, n) for n in range(partitions)]
                )

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has; 0 where it does not exist."""
        if topic not in self._partitions:
            row = self._row("SELECT partitions FROM topic WHERE name = ?", topic)
            if row is None:
                return 0
            self._partitions[topic] = row[0]
        return self._partitions[topic]

    def forgets(self, topic: str) -> bool | None:
        """Whether messages of the topic go for their age, though nothing newer takes their place."""
        row = self._row("SELECT retention_ms IS NOT NULL FROM topic WHERE name = ?", topic)
        return bool((row or self._missing(topic))[0])

    def append(self, topic: str, messages: Sequence[Outgoing]) -> None:
        """Append in order, durable on return, and all or nothing. Raises LogUnavailable."""
        partitions = self.partitions(topic) or self._missing(topic)
        now = self._now_ms()
        self.append_entries(
            [
                Entry(topic, partition_of(key, partitions), now, key, value, headers)
                for key, value, headers in messages
            ]
        )

    def append_entries(self, entries: Sequence[Entry]) -> list[int]:
        """Append to several topics in one transaction; the offsets come back in the same order."""
        if not entries:
            return []
        rows: list[Row] = []
        following: dict[int, int] = {}
        places = [self._id(entry.topic, entry.partition) for entry in entries]
        with said_clearly(self._path), transaction(self._connection):
            for tp, entry in zip(places, entries, strict=True):
                offset = following[tp] if tp in following else self._next_offset(tp)
                following[tp] = offset + 1
                rows.append(row_of(tp, offset, entry))
            self._connection.executemany("INSERT INTO message VALUES(?, ?, ?, ?, ?, ?)", rows)
            self._connection.executemany(
                "UPDATE tp SET next_offset = ? WHERE id = ?", [(end, tp) for tp, end in following.items()]
            )
        return [offset_of(row[0]) for row in rows]

    def beginning(self, topic: str, partition: int) -> int:
        """The offset of the oldest message that is kept, or the end."""
        tp = self._id(topic, partition)
        # One statement, so that an append in between cannot make an empty partition begin behind its end.
        oldest, end = self._one(
            "SELECT (SELECT min(id) FROM message WHERE id >= ? AND id < ?), next_offset FROM tp WHERE id = ?",
            row_id(tp, 0),
            row_id(tp + 1, 0),
            tp,
        )
        return int(end if oldest is None else offset_of(oldest))

    def end(self, topic: str, partition: int) -> int:
        """The offset that the next message will get."""
        return self._next_offset(self._id(topic, partition))

    def read(self, topic: str, partition: int, offset: int, limit: int = 500) -> list[Message]:
        """Up to `limit` messages from `offset` on; empty at the end. Gaps of compaction are skipped.

        Fewer come where they are large: the reading stops at the message that makes it READ_BYTES.
        """
        tp = self._id(topic, partition)
        found: list[Message] = []
        size = 0
        with said_clearly(self._path):
            rows = self._connection.execute(
                "SELECT id, timestamp_ms, checksum, key, value, headers FROM message"
                " WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
                (row_id(tp, max(offset, 0)), row_id(tp + 1, 0), limit),
            )
            try:
                for row in rows:
                    message = message_of(topic, partition, row)
                    found.append(message)
                    size += len(message.value or b"")
                    if size >= READ_BYTES:
                        break
            except (ValueError, TypeError):
                raise damaged(self._path) from None
            finally:
                # A statement that is left half-read would hold the file's end back from every checkpoint.
                rows.close()
        return found

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """The offset that the group would read next; None before its first commit."""
        row = self._row(
            "SELECT next_offset FROM committed WHERE consumer = ? AND tp = ?",
            group,
            self._id(topic, partition),
        )
        return None if row is None else int(row[0])

    def commit(self, group: str, offsets: Mapping[tuple[str, int], int]) -> None:
        """Store what the group would read next, by (topic, partition); durable on return."""
        rows = [(group, self._id(*place), offset) for place, offset in offsets.items()]
        with said_clearly(self._path), transaction(self._connection):
            self._connection.executemany("INSERT OR REPLACE INTO committed VALUES(?, ?, ?)", rows)

    def housekeeping(self, now_ms: int) -> Removed:
        """All that is due, at once; beside a worker, `Housekeeper` does it in small steps."""
        removed = Removed()
        with said_clearly(self._path):
            for step in housekeeping.steps(self._connection, now_ms):
                removed = removed.plus(step)
        return removed

    def data_version(self) -> int:
        """A number that changes when another connection has committed; costs microseconds."""
        return int(self._one("PRAGMA data_version")[0])

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _next_offset(self, tp: int) -> int:
        return int(self._one("SELECT next_offset FROM tp WHERE id = ?", tp)[0])

    def _id(self, topic: str, partition: int) -> int:
        if (topic, partition) not in self._ids:
            row = self._row("SELECT id FROM tp WHERE topic = ? AND partition = ?", topic, partition)
            if row is None:
                self._missing(f"{topic}, partition {partition},")
            self._ids[topic, partition] = row[0]
        return self._ids[topic, partition]

    def _row(self, statement: str, *values: str | int) -> Any:
        with said_clearly(self._path):
            return self._connection.execute(statement, values).fetchone()

    def _one(self, statement: str, *values: str | int) -> Any:
        row = self._row(statement, *values)
        if row is None:
            # A partition that was known is no longer there.
            raise damaged(self._path)
        return row

    def _missing(self, what: str) -> NoReturn:
        raise LogUnavailable(
            f"the event log {self._path} has no topic {what}; topics are made when Rollcall starts on it, "
            "so see that this is the right file"
        )
