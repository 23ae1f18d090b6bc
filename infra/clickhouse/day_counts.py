"""The counts of some schools' days, worked out in SQL from the facts and the students' groups.

`day_counts` counts all facts of a cell, `reason_counts` by code those that have one or are absences. As with
standings, nothing is added up from what came: each cell of a touched day is counted anew and replaces the one
before it, and a cell that nobody is in any more is replaced by zeros.
"""

from __future__ import annotations

from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from models.trends.scope import DIMENSIONS

COUNTS = ("counted", "absent", "excused", "unexcused", "disciplinary", "mhw", "unknown")

# Both live as long as the client's session.
TOUCHED_DAYS = (
    "CREATE TEMPORARY TABLE IF NOT EXISTS touched_days (district_id String, school_id String, date Date)"
)
REGROUPED = "CREATE TEMPORARY TABLE IF NOT EXISTS regrouped (district_id String, student_id String)"

# The standings know at which schools a student has facts, which are ordered by school.
_DAYS_OF_REGROUPED = """INSERT INTO touched_days
SELECT DISTINCT district_id, school_id, date
FROM student_day_facts
WHERE school_year = {year:UInt16} AND (district_id, school_id, student_id) IN (
        SELECT district_id, school_id, student_id
        FROM standings
        WHERE school_year = {year:UInt16} AND scope = 'school'
            AND (district_id, student_id) IN (SELECT district_id, student_id FROM regrouped)
    )"""

_YEARS_OF_REGROUPED = """SELECT DISTINCT school_year
FROM standings
WHERE scope = 'school' AND (district_id, student_id) IN (SELECT district_id, student_id FROM regrouped)
ORDER BY school_year"""

_PAIRS = ", ".join(["('all', '')", *(f"('{name}', toString({name}))" for name in DIMENSIONS)])
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)


class Counted(NamedTuple):
    """A table of counts: its columns, all of its key but dimension and value, and which facts it counts."""

    table: str
    key: tuple[str, ...]
    which: str


_CELL = ("district_id", "school_id", "date", "grade")
DAYS = Counted("day_counts", _CELL, "1")
REASONS = Counted("reason_counts", (*_CELL, "code", "remote"), "(class != '' OR code != '')")
TABLES = (DAYS, REASONS)


def count_facts(counted: Counted, those: str) -> str:
    """A recount of the facts of a school year; `those` is a condition on them."""
    # First by all groups at once, which leaves few rows, and then each of these under each of its groups.
    key = ", ".join(counted.key)
    return f"""SELECT pair.1 AS dimension, pair.2 AS value, {key}, {_SUMS}
FROM
(
    SELECT
        {", ".join(f"facts.{name} AS {name}" for name in counted.key)},
        {", ".join(f"groups.{name} AS {name}" for name in DIMENSIONS)},
        count() AS counted,
        countIf(facts.class != '') AS absent,
        {", ".join(f"countIf(facts.class = '{name}') AS {name}" for name in COUNTS[2:])}
    FROM
    (
        SELECT student_id, class, {key}
        FROM student_day_facts FINAL
        WHERE school_year = {{year:UInt16}} AND counted AND {counted.which} AND {those}
    ) AS facts
    LEFT JOIN
    (
        SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL
    ) AS groups
    ON facts.district_id = groups.district_id AND facts.student_id = groups.student_id
    GROUP BY {key}, {", ".join(DIMENSIONS)}
)
ARRAY JOIN [{_PAIRS}] AS pair
GROUP BY dimension, value, {key}"""


_IN_TOUCHED = "(district_id, school_id, date) IN (SELECT district_id, school_id, date FROM touched_days)"


def _recompute(counted: Counted) -> str:
    key = ", ".join(counted.key)
    return f"""INSERT INTO {counted.table}
(dimension, value, school_year, {key}, {", ".join(COUNTS)})
SELECT
    dimension, value, {{year:UInt16}}, {key}, {_SUMS}
FROM
(
    {count_facts(counted, _IN_TOUCHED)}
    UNION ALL
    SELECT dimension, value, {key}, {", ".join("0" for _ in COUNTS)}
    FROM {counted.table} FINAL
    WHERE school_year = {{year:UInt16}} AND counted > 0 AND {_IN_TOUCHED}
)
GROUP BY dimension, value, {key}"""


_RECOMPUTES = tuple(map(_recompute, TABLES))


def recompute(client: Client, year: int) -> int:
    """Replace the counts of the days in `touched_days`, which are of one school year; how many days."""
    for recompute_one in _RECOMPUTES:
        client.command(recompute_one, parameters={"year": year})
    return int(client.query("SELECT count() FROM touched_days").result_rows[0][0])


def years_of_regrouped(client: Client) -> list[int]:
    """The school years in which the students in `regrouped` have facts."""
    return [year for (year,) in client.query(_YEARS_OF_REGROUPED).result_rows]


def touch_regrouped(client: Client, year: int) -> None:
    """Put all days of the students in `regrouped` into `touched_days`."""
    client.command(_DAYS_OF_REGROUPED, parameters={"year": year})
