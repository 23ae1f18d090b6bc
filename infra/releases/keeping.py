"""Keeping a release: all of its numbers, or nothing that anybody reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from infra.clickhouse.store import ROWS_A_CALL, Store
from infra.clickhouse.suppression import why_hidden_sql
from infra.releases.rows import BANDS, COLUMNS, ENROLLED, Row
from models.releases.made import NotProven
from models.school_year import school_year_of
from models.suppression.limits import Limits

_OF_BANDS = f"""district_id = {{district:String}} AND as_of = {{as_of:Date}} AND version = {{version:UInt64}}
    AND table_name = '{BANDS}'"""
_LIST = (
    "district_id", "school_year", "as_of", "version", "made_by", "data_through", "least_count", "least_size",
    "values_open", "cells",
)  # fmt: skip


def _shown_wrongly(limits: Limits) -> str:
    """How many counts of bands are shown that are hidden for themselves: a second opinion, in SQL."""
    return f"""SELECT countIf({why_hidden_sql("cells.value", "sizes.value", limits)} != '')
FROM (
    SELECT * FROM released_cells WHERE {_OF_BANDS} AND measure != '{ENROLLED}' AND isNotNull(value)
) AS cells
INNER JOIN (SELECT * FROM released_cells WHERE {_OF_BANDS} AND measure = '{ENROLLED}') AS sizes
USING (school_id, grade, dimension, member)"""


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

    Until its last statement the older one is read, and from then on this one. Raises NotProven where the
    store finds a number shown that is hidden for itself, and StoreUnavailable.
    """
    year, as_of = school_year_of(about.as_of), about.as_of.isoformat()
    place = (about.district, year, as_of, about.at_ms)
    for first in range(0, len(cells), ROWS_A_CALL):
        rows = [(*place, *cell) for cell in cells[first : first + ROWS_A_CALL]]
        store.insert("released_cells", COLUMNS, rows)
    with store.said():
        given = {"district": about.district, "as_of": as_of, "version": about.at_ms}
        if store.client.query(_shown_wrongly(limits), parameters=given).result_rows[0][0]:
            raise NotProven("a number is shown that is hidden for itself")
    listed = (*place, about.made_by, about.data_through.isoformat(), *limits, len(cells))
    store.insert("releases", _LIST, [listed])
