"""Which messages are too old to keep: past their topic's retention, and read by all who ever read the topic.

A group that has committed on any partition of a topic holds the others as well, until it commits there. A
topic on which nobody has ever committed is never emptied, however old it is. Messages go from the beginning
of a partition only, so that what is left has no gap.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from infra.sqlite_log.connection import transaction
from infra.sqlite_log.removal import MOST_ROWS, portion
from infra.sqlite_log.stored import row_id

# The offset that the slowest group of the topic would read next in this partition; NULL without any group.
_READ_BY_ALL = """
SELECT min(coalesce(here.next_offset, 0))
FROM (
    SELECT DISTINCT committed.consumer FROM committed JOIN tp ON tp.id = committed.tp WHERE tp.topic = ?
) AS reader
LEFT JOIN committed AS here ON here.consumer = reader.consumer AND here.tp = ?
"""


def expire(connection: sqlite3.Connection, now_ms: int) -> Iterator[int]:
    """Remove what is too old, one short transaction a step; yields how many messages each step removed."""
    kept = connection.execute(
        "SELECT tp.id, topic.name, topic.retention_ms FROM tp JOIN topic ON topic.name = tp.topic"
        " WHERE topic.retention_ms IS NOT NULL ORDER BY tp.id"
    ).fetchall()
    for tp, topic, retention_ms in kept:
        while removed := _expire_some(connection, tp, topic, now_ms - retention_ms):
            yield removed


def _expire_some(connection: sqlite3.Connection, tp: int, topic: str, before_ms: int) -> int:
    with transaction(connection):
        # In the same transaction, so that no group commits for the first time between question and removal.
        read_by_all = connection.execute(_READ_BY_ALL, (topic, tp)).fetchone()[0]
        if not read_by_all:
            return 0
        rows = connection.execute(
            "SELECT id, timestamp_ms, coalesce(length(value), 0) FROM message"
            " WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
            (row_id(tp, 0), row_id(tp, read_by_all), MOST_ROWS),
        ).fetchall()
        young = next((at for at, row in enumerate(rows) if row[1] >= before_ms), len(rows))
        count = portion([size for _, _, size in rows[:young]])
        if count:
            connection.execute(
                "DELETE FROM message WHERE id >= ? AND id <= ?", (row_id(tp, 0), rows[count - 1][0])
            )
    return count
