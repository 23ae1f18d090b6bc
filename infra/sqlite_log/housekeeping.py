"""What keeps the file from growing for ever: retention, compaction, and space given back to the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from infra.sqlite_log.compaction import TOMBSTONE_GRACE_MS, compact_grown
from infra.sqlite_log.connection import number, transaction
from infra.sqlite_log.retention import expire

# Free pages are used again before the file grows. Giving every one of them back would only move pages about.
FREE_SHARE = 4
SMALLEST_FREE = 256

_PAGES_A_STEP = 256


class Removed(NamedTuple):
    """What went: messages past their retention, messages with a newer one of their key, pages of 4 KiB."""

    expired: int = 0
    compacted: int = 0
    pages: int = 0

    def plus(self, other: Removed) -> Removed:
        """Both together."""
        return Removed(*(mine + its for mine, its in zip(self, other, strict=True)))


def steps(connection: sqlite3.Connection, now_ms: int) -> Iterator[Removed]:
    """All that is due, one short transaction a step: the caller may wait between them, or stop at any."""
    for count in expire(connection, now_ms):
        yield Removed(expired=count)
    for count in compact_grown(connection, now_ms - TOMBSTONE_GRACE_MS):
        yield Removed(compacted=count)
    for count in _give_back(connection):
        yield Removed(pages=count)


def _give_back(connection: sqlite3.Connection) -> Iterator[int]:
    """Cut free pages off the file until they are less than a quarter of it."""
    gave = False
    while (free := number(connection, "freelist_count")) > max(
        SMALLEST_FREE, number(connection, "page_count") // FREE_SHARE
    ):
        with transaction(connection):
            # One at a time: of a statement without columns Python takes the first step only, which is a page.
            for _ in range(_PAGES_A_STEP):
                connection.execute("PRAGMA incremental_vacuum(1)")
        given = free - number(connection, "freelist_count")
        if given <= 0:
            break
        gave = True
        yield given
    if gave:
        # Only a checkpoint shortens the file itself; this one waits for nobody.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
