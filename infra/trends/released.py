"""What was released of a district: the only numbers for those who may not see students.

It reads what was decided, and nothing else: no count of the store comes through it, and no reason why one is
hidden (docs/suppression.md).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

from clickhouse_connect.driver.client import Client

from models.suppression.limits import Limits
from models.suppression.release import HIDDEN, NotReleased

TableName = Literal["bands", "attendance", "alerts"]

_HELD = """SELECT school_year, as_of, version, made_by, data_through, least_count, least_size, values_open
FROM releases FINAL
WHERE district_id = {district:String}
ORDER BY as_of DESC, school_year DESC"""

# The version in the list is the release; cells of another one were replaced, or were never finished.
_CELLS = """SELECT school_id, grade, dimension, member, month, rule, measure, value
FROM released_cells FINAL
WHERE district_id = {district:String} AND as_of = {as_of:Date} AND table_name = {table:String}
    AND version = {version:UInt64}
ORDER BY school_id, grade, dimension, member, month, rule, measure"""


class Held(NamedTuple):
    """A release: of which date, when and by whom it was made, the last day that it knows, and its limits."""

    district_id: str
    school_year: int
    as_of: date
    made_at: datetime
    made_by: str
    data_through: date
    limits: Limits


class Cell(NamedTuple):
    """A number of a release; blank places are margins. `value` is None where hidden.

    `bands` has the school, grade, dimension and member (blank: not given), and measures `enrolled`,
    `under_5`, `under_10`, `under_20`, `over_20`, `chronic`. `attendance` has school and month, and `counted`
    and `absent` student-days. `alerts` has the rule, and students `standing`, `recovered`, `withdrawn`.
    """

    school_id: str
    grade: str
    dimension: str
    member: str
    month: str
    rule: str
    measure: str
    value: int | None

    @property
    def shown(self) -> str:
        """The number as it is written: `*` where hidden."""
        return HIDDEN if self.value is None else str(self.value)


def districts(client: Client) -> list[str]:
    """The districts of which anything is released, by their bytes."""
    rows = client.query("SELECT DISTINCT district_id FROM releases FINAL ORDER BY district_id").result_rows
    return [district for (district,) in rows]


def releases(client: Client, district: str) -> list[Held]:
    """The releases of a district, the newest date first."""
    rows = client.query(_HELD, parameters={"district": district}).result_rows
    return [_held(district, row) for row in rows]


def _held(district: str, row: Any) -> Held:
    year, as_of, version, made_by, through, *limits = row
    made_at = datetime.fromtimestamp(version / 1000, UTC)
    return Held(district, year, as_of, made_at, made_by, through, Limits(*limits))


def cells(client: Client, district: str, as_of: date, table: TableName) -> list[Cell]:
    """All numbers of a table of the release of a date. Raises NotReleased where there is none."""
    listed = client.query(
        "SELECT version FROM releases FINAL WHERE district_id = {district:String} AND as_of = {as_of:Date}",
        parameters={"district": district, "as_of": as_of},
    ).result_rows
    if not listed:
        raise NotReleased(
            f"nothing is released as of {as_of}; ask for a date that is in the list of releases"
        )
    given = {"district": district, "as_of": as_of, "table": table, "version": listed[0][0]}
    return [Cell(*row) for row in client.query(_CELLS, parameters=given).result_rows]
