"""Removing messages in transactions short enough that a publisher hardly waits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from infra.sqlite_log.connection import transaction

MOST_ROWS = 500
MOST_BYTES = 4 * 1024 * 1024


def remove(connection: sqlite3.Connection, rows: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Remove rows, given as (id, size in bytes); yields how many each transaction removed."""
    at = 0
    while at < len(rows):
        count = portion([size for _, size in rows[at : at + MOST_ROWS]])
        with transaction(connection):
            connection.executemany(
                "DELETE FROM message WHERE id = ?", [(row,) for row, _ in rows[at : at + count]]
            )
        at += count
        yield count


def portion(sizes: Sequence[int]) -> int:
    """How many of the rows, from the first on, go in one transaction: at least one."""
    total = 0
    for count, size in enumerate(sizes):
        total += size
        if total > MOST_BYTES:
            return max(count, 1)
    return len(sizes)
