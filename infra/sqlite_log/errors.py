"""What an error of SQLite means to the person who runs the log, and what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.event_log import LogUnavailable

_REPLACE = (
    "stop all of Rollcall, move the file, those beside it (-wal, -shm) and the analytics store away, and put "
    "a backup of them in their place or deliver the year's files again"
)


@contextmanager
def said_clearly(path: Path) -> Iterator[None]:
    """Turns an error of SQLite into LogUnavailable, with what to do and nothing of a message."""
    try:
        yield
    except sqlite3.Error as error:
        raise LogUnavailable(_meaning(path, error)) from error


def damaged(path: Path) -> LogUnavailable:
    """The error for a file whose content cannot be what was written."""
    return LogUnavailable(f"the event log {path} is damaged; {_REPLACE}")


def busy(error: sqlite3.Error) -> bool:
    """Whether another connection holds what was asked for."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _code(error: sqlite3.Error) -> int:
    # The lowest byte is the kind of the error; the rest tells apart what is the same to an operator.
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _meaning(path: Path, error: sqlite3.Error) -> str:
    match _code(error):
        case sqlite3.SQLITE_CORRUPT:
            return str(damaged(path))
        case sqlite3.SQLITE_NOTADB:
            return (
                f"{path} is no event log, or its beginning is damaged; see that it is the right file, "
                f"and if it is: {_REPLACE}"
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return (
                f"the event log {path} is locked by another process; end the process that holds it "
                "(a backup, an open sqlite3 shell), then try again"
            )
        case sqlite3.SQLITE_FULL:
            return f"the disk of the event log {path} is full; make room there, then try again"
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return (
                f"the event log {path} cannot be opened for writing; see that its folder is there, and that "
                "this user may write to the folder and to the file"
            )
        case sqlite3.SQLITE_IOERR:
            return f"the disk of the event log {path} reports errors; check disk and mount, then try again"
        case sqlite3.SQLITE_TOOBIG:
            return f"a message is too large for the event log {path} (at most 1 GB); send less at once"
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return f"the event log {path} cannot be used ({name}); check the file and its disk, then try again"
