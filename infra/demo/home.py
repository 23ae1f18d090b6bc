"""Which folder the demo may empty: one that carries its marker, and that no other demo uses."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

MARKER = ".rollcall-demo"
_TEXT = "Rollcall's demo writes into this folder, and empties it at each start.\n"


class HomeRefused(Exception):
    """The folder cannot be the demo's. The message says why and what to do."""


@contextmanager
def begun_anew(home: Path) -> Iterator[None]:
    """Make the folder or empty it, and keep it to this process until the end. Raises HomeRefused.

    Only a folder that has the marker is emptied; links in it are removed and not followed.
    """
    try:
        marker = _own(home)
    except OSError as error:
        raise HomeRefused(f"the folder {home} of the demo cannot be used: {error.strerror}") from None
    with marker:
        yield


def _own(home: Path) -> TextIO:
    """The marker, opened and locked; nothing else is left in the folder."""
    marker = home / MARKER
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not marker.is_file() and any(home.iterdir()):
        raise HomeRefused(
            f"the folder {home} holds files that no demo wrote; move it away, or set ROLLCALL_HOME to "
            "another folder"
        )
    held = marker.open("a", encoding="utf-8")
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeRefused(
                f"another demo runs in {home}; end it first, or set ROLLCALL_HOME to another folder"
            ) from None
        _empty(home)
        held.truncate(0)
        held.write(_TEXT)
        held.flush()
    except BaseException:
        held.close()
        raise
    return held


def _empty(home: Path) -> None:
    for path in home.iterdir():
        if path.name == MARKER:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
