"""Keeping a release: all of its numbers, or nothing that anybody reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from infra.clickhouse.store import ROWS_A_CALL, Store
from infra.releases.rows import COLUMNS, Row
from models.school_year import school_year_of
from models.suppression.limits import Limits

_LIST = (
    "district_id", "school_year", "as_of", "version", "made_by", "data_through", "least_count", "least_size",
    "values_open", "cells",
)  # fmt: skip


class About(NamedTuple):
    """Of which district and date a release is, what it knows, when (Unix time in milliseconds) and by whom it
    was made."""

    district: str
    as_of: date
    data_through: date
    at_ms: int
    made_by: str


def keep(store: Store, about: About, limits: Limits, cells: Sequence[Row]) -> None:
    """Store a release in the place of one of the same date. A repetition changes nothing.

    Until its last statement the older one is read, and from then on this one. Raises StoreUnavailable.
    """
    year, as_of = school_year_of(about.as_of), about.as_of.isoformat()
    place = (about.district, year, as_of, about.at_ms)
    for first in range(0, len(cells), ROWS_A_CALL):
        rows = [(*place, *cell) for cell in cells[first : first + ROWS_A_CALL]]
        store.insert("released_cells", COLUMNS, rows)
    listed = (*place, about.made_by, about.data_through.isoformat(), *limits, len(cells))
    store.insert("releases", _LIST, [listed])
