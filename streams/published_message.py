"""Messages of published rates: rows of the state's reports, with the time at which they were read in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import orjson

from models.published import Published
from models.school_year import label
from streams.event_log import Outgoing

ROWS_A_MESSAGE = 500


class PublishedRows(NamedTuple):
    """What a message holds. `at` is a Unix time in milliseconds; of two rows of one place the later holds."""

    at: int
    rows: list[Published]


def pack(rows: Sequence[Published], at: int) -> Iterator[Outgoing]:
    """The messages of some rows, by school year."""
    for year, of_year in groupby(sorted(rows, key=_year), key=_year):
        held = list(of_year)
        for start in range(0, len(held), ROWS_A_MESSAGE):
            part = held[start : start + ROWS_A_MESSAGE]
            value = {"schema": 1, "at": at, "rows": [list(row) for row in part]}
            yield Outgoing(label(year).encode(), orjson.dumps(value))


def unpack(value: bytes) -> PublishedRows:
    """The rows of a message. Raises ValueError, KeyError or TypeError where it is not one of ours."""
    held: Any = orjson.loads(value)
    if held["schema"] != 1:
        raise ValueError("a schema that is not known")
    return PublishedRows(held["at"], [Published(*row) for row in held["rows"]])


def _year(row: Published) -> int:
    return row.school_year
