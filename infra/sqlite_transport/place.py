"""The URL of a log: where its file is, and what a commit waits for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import quote

from yarl import URL

from infra.sqlite_log.connection import Synchronous


class Place(NamedTuple):
    """What a URL says."""

    path: Path
    synchronous: Synchronous


def broker_url(path: Path, synchronous: Synchronous = "FULL") -> str:
    """The URL for `faust.App(broker=...)`: `sqlite:///srv/log.sqlite3?sync=NORMAL`.

    The path is made absolute, and characters with a meaning in a URL are escaped.
    """
    return f"sqlite://{quote(str(path.absolute()))}?sync={synchronous}"


def place_of(urls: Sequence[URL]) -> Place:
    """Read the URL; without `sync` it is FULL. Raises ValueError where it names no single file."""
    if len(urls) != 1 or urls[0].host or not urls[0].path.strip("/"):
        raise ValueError("the broker takes one sqlite:///PATH, with three slashes and an absolute path")
    synchronous = urls[0].query.get("sync", "FULL")
    if synchronous not in ("FULL", "NORMAL") or set(urls[0].query) - {"sync"}:
        raise ValueError("the broker sqlite:///PATH takes ?sync=FULL or ?sync=NORMAL and nothing else")
    return Place(Path(urls[0].path), cast(Synchronous, synchronous))
