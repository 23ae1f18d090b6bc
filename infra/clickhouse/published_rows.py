"""From messages of published rates to columns of rows that the store takes, or to the reason why not."""

from __future__ import annotations

from typing import Any, get_args

from infra.clickhouse.rows import FIRST_YEAR, LAST_YEAR, Columns, OutOfRange
from models.published import Level, Published
from models.trends.scope import DIMENSIONS
from streams import published_message

PUBLISHED_COLUMNS = (
    "school_year", "level", "district", "school", "dimension", "value", "district_code", "district_name",
    "school_code", "school_name", "chronic", "rate", "version",
)  # fmt: skip

_LEVELS = frozenset(get_args(Level))
_DIMENSIONS = frozenset(("all", "grade", *DIMENSIONS))
_MOST_STUDENTS, _MOST_RATE, _UINT64 = 2**32 - 1, 10_000, 2**64 - 1


def add_published(columns: Columns, value: bytes) -> None:
    """Add the rows of a message (PUBLISHED_COLUMNS).

    Raises ValueError, KeyError or TypeError, having added nothing.
    """
    held = published_message.unpack(value)
    _need(_whole(held.at, _UINT64))
    rows = [_row(row, held.at) for row in held.rows]
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            column.append(cell)


def _row(row: Published, at: int) -> tuple[Any, ...]:
    texts = row[1:8]
    _need(set(map(type, texts)) == {str} and type(row.school_year) is int)
    _need(row.level in _LEVELS and row.dimension in _DIMENSIONS)
    _need(row.chronic is None or _whole(row.chronic, _MOST_STUDENTS))
    _need(row.rate is None or _whole(row.rate, _MOST_RATE))
    if not FIRST_YEAR <= row.school_year <= LAST_YEAR:
        raise OutOfRange("a school year that the store cannot hold")
    # A place is known by its code; a file without codes knows it by its name.
    district, school = row.district_code or row.district_name, row.school_code or row.school_name
    _need((row.level == "state") == (district == "") and (row.level == "school") == (school != ""))
    return (
        row.school_year, row.level, district, school, row.dimension, row.value, row.district_code,
        row.district_name, row.school_code, row.school_name, row.chronic, row.rate, at,
    )  # fmt: skip


def _whole(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _need(holds: bool) -> None:
    if not holds:
        raise ValueError("a message that is not as this version writes it")
