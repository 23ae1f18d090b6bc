"""The counts of some schools' days, worked out in SQL from the facts and the students' groups.

`day_counts` counts all facts, with a row for each group, so that a student is in several. `reason_counts`
counts by code the facts that have one or are absences. They are few: a row has all groups at once, and each
student is in one.

As with standings, nothing is added up from what came: each cell of a touched day is counted anew and replaces
the one before it, and a cell that nobody is in any more is replaced by zeros. What is worked out by district
needs those zeros too, also after a crash, so all cells that a touched day ever had are written again.
"""

from __future__ import annotations

from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import NAMES, PAIRS, SUMS, ZEROS
from infra.clickhouse.temporary import Condition
from infra.clickhouse.touched_facts import TOUCHED_FACTS
from models.trends.scope import DIMENSIONS

# They live as long as the client's session.
TOUCHED_COUNTS = "touched_counts"
TOUCHED_REASONS = "touched_reasons"

_CELL = "dimension, value, district_id, school_id, date, grade"
_REASON = f"district_id, school_id, date, grade, code, remote, {', '.join(DIMENSIONS)}"


class _Counted(NamedTuple):
    """Cells of touched days: in which temporary table, where they are stored, and how they are read."""

    touched: str
    stored: str
    read: str


def _counted(touched: str, stored: str, key: str, counted: str) -> _Counted:
    """Cells that hold what the query `counted` says of them, or zeros."""
    return _Counted(
        touched,
        stored,
        f"""INSERT INTO {touched} (school_year, {key}, {NAMES})
SELECT {{year:UInt16}}, {key}, {SUMS}
FROM
(
    {counted}
    UNION ALL
    SELECT DISTINCT {key}, {ZEROS}
    FROM {stored}
    WHERE school_year = {{year:UInt16}} AND {{days}}
)
GROUP BY {key}""",
    )


_DAYS = _counted(
    TOUCHED_COUNTS,
    "day_counts",
    _CELL,
    f"""SELECT pair.1 AS dimension, pair.2 AS value, district_id, school_id, date, grade, {NAMES}
    FROM {TOUCHED_FACTS}
    ARRAY JOIN [{PAIRS}] AS pair
    WHERE of_school""",
)
_REASONS = _counted(
    TOUCHED_REASONS,
    "reason_counts",
    _REASON,
    f"SELECT {_REASON}, {NAMES} FROM {TOUCHED_FACTS} WHERE of_school AND has_reason",
)


def recompute(client: Client, year: int, days: Condition) -> None:
    """Replace the counts of the days in `touched_days`, whose facts are in `touched_facts`.

    `days` says which these are. What they are now is in `touched_counts` and `touched_reasons`, with zeros
    where nobody is any more.
    """
    empty(client)
    for touched, stored, read in (_DAYS, _REASONS):
        client.command(read.replace("{days}", days.text), parameters={"year": year, **days.given})
        client.command(f"INSERT INTO {stored} SELECT * FROM {touched}")


def empty(client: Client) -> None:
    """Leave nothing in the two tables, which are in memory."""
    for touched, stored, _ in (_DAYS, _REASONS):
        client.command(f"CREATE TEMPORARY TABLE IF NOT EXISTS {touched} AS {stored} ENGINE = Memory")
        client.command(f"TRUNCATE TABLE {touched}")
