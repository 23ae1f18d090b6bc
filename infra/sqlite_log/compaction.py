"""Which messages of a compacted topic stay: the newest of each key, and the tombstones that are needed.

A tombstone goes once it is older than the grace and an earlier compaction has already removed what it ends.
So no kill in between brings that back, and whoever is reading the topic meanwhile and has seen the older
value sees the tombstone as well. A message without a key stays, and so does the last one of a partition:
Faust waits for the offset before the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from infra.sqlite_log.connection import transaction
from infra.sqlite_log.removal import remove
from infra.sqlite_log.stored import offset_of, row_id

TOMBSTONE_GRACE_MS = 86_400_000

# Cleaning reads a whole partition, so it waits until that has doubled, and is by so much larger.
SMALLEST_GROWTH = 500

_ROWS_A_LOOK = 1000


@dataclass(slots=True)
class _Findings:
    """What one reading of a partition found: of each row that goes its id and its size in bytes."""

    gone: list[tuple[int, int]] = field(default_factory=list)
    kept: int = 0


def compact(connection: sqlite3.Connection, topic: str, before_ms: int) -> Iterator[int]:
    """Compact each partition, one short transaction a step; yields how many messages each step removed.

    `before_ms`: a tombstone from before may go.
    """
    for (tp,) in connection.execute("SELECT id FROM tp WHERE topic = ?", (topic,)).fetchall():
        yield from _compact(connection, tp, before_ms)


def compact_grown(connection: sqlite3.Connection, before_ms: int) -> Iterator[int]:
    """`compact` for those partitions of all compacted topics that have grown enough since the last time."""
    grown = connection.execute(
        "SELECT tp.id FROM tp JOIN topic ON topic.name = tp.topic"
        " WHERE topic.compact AND tp.next_offset - tp.cleaned_end >= max(?, tp.cleaned_kept)",
        (SMALLEST_GROWTH,),
    ).fetchall()
    for (tp,) in grown:
        yield from _compact(connection, tp, before_ms)


def _compact(connection: sqlite3.Connection, tp: int, before_ms: int) -> Iterator[int]:
    end, cleaned_end = connection.execute(
        "SELECT next_offset, cleaned_end FROM tp WHERE id = ?", (tp,)
    ).fetchone()
    findings = _Findings()
    yield from _look(connection, tp, end, cleaned_end, before_ms, findings)
    yield from remove(connection, findings.gone)
    with transaction(connection):
        connection.execute(
            "UPDATE tp SET cleaned_end = ?, cleaned_kept = ? WHERE id = ?", (end, findings.kept, tp)
        )


def _look(
    connection: sqlite3.Connection, tp: int, end: int, cleaned_end: int, before_ms: int, findings: _Findings
) -> Iterator[int]:
    """Read the partition from its end to its beginning, without the values; removes nothing yet."""
    seen: set[bytes] = set()
    below = row_id(tp, end)
    while rows := connection.execute(
        # typeof() and length() look at the row's head only.
        "SELECT id, key, typeof(value) = 'null', timestamp_ms, coalesce(length(value), 0)"
        " FROM message WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?",
        (row_id(tp, 0), below, _ROWS_A_LOOK),
    ).fetchall():
        for row, key, is_tombstone, timestamp_ms, size in rows:
            below = row
            digest = None if key is None else blake2b(key, digest_size=16).digest()
            is_over = is_tombstone and timestamp_ms < before_ms and offset_of(row) < min(cleaned_end, end - 1)
            if digest is not None and (digest in seen or is_over):
                findings.gone.append((row, size))
            else:
                findings.kept += 1
            if digest is not None:
                seen.add(digest)
        yield 0
