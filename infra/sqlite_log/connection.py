"""One connection to the file of the log: its layout, its transactions, and what makes it durable."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from infra.sqlite_log.errors import busy, said_clearly
from streams.event_log import LogUnavailable

Synchronous = Literal["FULL", "NORMAL"]

BUSY_SECONDS = 30.0

# "RCLG": a database that is something else is never taken for a log, and never written to.
_APPLICATION_ID = 0x52434C47
_LAYOUT = 1

# The row id of a message is its partition's id and its offset in one number, so that a partition is one range
# of the table and needs no index. 2**40 messages fit into a partition, 2**23 partitions into the file.
OFFSET_BITS = 40

_TABLES = (
    """CREATE TABLE topic(
        name TEXT PRIMARY KEY, partitions INTEGER NOT NULL, compact INTEGER NOT NULL, retention_ms INTEGER
    ) WITHOUT ROWID""",
    # cleaned_end and cleaned_kept: up to where the last compaction came, and how many messages it left.
    """CREATE TABLE tp(
        id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL,
        next_offset INTEGER NOT NULL DEFAULT 0,
        cleaned_end INTEGER NOT NULL DEFAULT 0, cleaned_kept INTEGER NOT NULL DEFAULT 0,
        UNIQUE(topic, partition)
    )""",
    # The numbers stand before the blobs: looking for what is too old then reads no overflow page.
    """CREATE TABLE message(
        id INTEGER PRIMARY KEY, timestamp_ms INTEGER NOT NULL, checksum INTEGER NOT NULL,
        key BLOB, value BLOB, headers BLOB
    )""",
    """CREATE TABLE committed(
        consumer TEXT NOT NULL, tp INTEGER NOT NULL, next_offset INTEGER NOT NULL, PRIMARY KEY(consumer, tp)
    ) WITHOUT ROWID""",
)

# WAL: readers and a writer do not wait for each other. FULL makes each commit wait for an fsync of the -wal
# file; with NORMAL only a checkpoint does. fullfsync is macOS's: its fsync alone stops at the disk's cache.
_SETTINGS = (
    "fullfsync=ON",
    "wal_autocheckpoint=4000",
    "journal_size_limit=67108864",
    "cache_size=-32768",
    "temp_store=MEMORY",
    # Removed messages are newer ones' former versions: overwriting them twice would double the writing.
    "secure_delete=FAST",
)


def connect(path: Path, synchronous: Synchronous) -> sqlite3.Connection:
    """Open the log, and lay it out where the file is new. Raises LogUnavailable; so too for another file."""
    if synchronous not in ("FULL", "NORMAL"):
        raise ValueError("synchronous is FULL or NORMAL")
    with said_clearly(path):
        connection = sqlite3.connect(
            path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False, cached_statements=64
        )
        try:
            _prepare(connection, path, synchronous)
        except BaseException:
            connection.close()
            raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, synchronous: Synchronous) -> None:
    if number(connection, "application_id") != _APPLICATION_ID:
        if _tables(connection):
            _refuse_unless_ours(connection, path)
        # It only takes effect before the first table; it lets housekeeping give pages back to the disk.
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    else:
        _refuse_unless_ours(connection, path)
    _turn_to_wal(connection)
    for setting in (f"synchronous={synchronous}", *_SETTINGS):
        connection.execute(f"PRAGMA {setting}")
    if not _tables(connection):
        with transaction(connection):
            # Asked again: another process may have laid the file out since.
            if not _tables(connection):
                for table in _TABLES:
                    connection.execute(table)
                connection.execute(f"PRAGMA application_id={_APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version={_LAYOUT}")
    _refuse_unless_ours(connection, path)


def _refuse_unless_ours(connection: sqlite3.Connection, path: Path) -> None:
    # Read anew rather than trusted: another process may have laid the file out since the first look.
    if number(connection, "application_id") != _APPLICATION_ID:
        raise LogUnavailable(f"{path} is a database of something else, not an event log; name another file")
    layout = number(connection, "user_version")
    if layout != _LAYOUT:
        raise LogUnavailable(
            f"the event log {path} has layout {layout}, and this version reads layout {_LAYOUT}; "
            "use the version of Rollcall that wrote it"
        )


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Two processes that open a new file at once meet here; SQLite does not wait for this lock."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if not busy(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _tables(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0])


def number(connection: sqlite3.Connection, pragma: str) -> int:
    """The value of a pragma that is a whole number."""
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, alone among the writers from its start; durable on return where synchronous is FULL."""
    _begin(connection)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself has rolled back after a full disk; to do it again would be an error.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection) -> None:
    """Take the write lock, looking every millisecond.

    SQLite itself soon looks only ten times a second. Beside a process that writes without a pause, as one
    that delivers a year's files, a worker would get its turn every few seconds.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not busy(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.001)
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
