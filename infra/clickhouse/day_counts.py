"""The counts of some schools' days, worked out in SQL from the facts and the students' groups.

`day_counts` counts all facts, with a row for each group, so that a student is in several. `reason_counts`
counts by code the facts that have one or are absences. They are few: a row has all groups at once, and each
student is in one.

As with standings, nothing is added up from what came: each cell of a touched day is counted anew and replaces
the one before it, and a cell that nobody is in any more is replaced by zeros.
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
TOUCHED_COLUMNS = ("district_id", "school_id", "date")
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

PAIRS = ", ".join(["('all', '')", *(f"('{name}', toString({name}))" for name in DIMENSIONS)])
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)


class Counted(NamedTuple):
    """A table of counts: its columns but the school year and COUNTS, and in the same order the recount."""

    table: str
    key: tuple[str, ...]
    recount: str

    def recounted(self, those: str, whose: str) -> str:
        """The query that counts the facts of a school year; `those` is a condition on them.

        `whose` is one on the students, and leaves in all of the districts that the facts are of.
        """
        return self.recount.replace("{those}", those).replace("{whose}", whose)


def _by_all_groups(names: tuple[str, ...], which: str) -> str:
    """Facts by some of their columns and by all groups of their students at once, which leaves few rows."""
    return f"""SELECT
    {", ".join(f"facts.{name} AS {name}" for name in names)},
    {", ".join(f"groups.{name} AS {name}" for name in DIMENSIONS)},
    count() AS counted,
    countIf(facts.class != '') AS absent,
    {", ".join(f"countIf(facts.class = '{name}') AS {name}" for name in COUNTS[2:])}
FROM
(
    SELECT student_id, class, {", ".join(names)}
    FROM student_day_facts FINAL
    WHERE school_year = {{year:UInt16}} AND counted AND {which} AND {{those}}
) AS facts
LEFT JOIN
(
    SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL WHERE {{whose}}
) AS groups
ON facts.district_id = groups.district_id AND facts.student_id = groups.student_id
GROUP BY {", ".join((*names, *DIMENSIONS))}"""


_CELL = ("district_id", "school_id", "date", "grade")
_CODED = (*_CELL, "code", "remote")

DAYS = Counted(
    "day_counts",
    ("dimension", "value", *_CELL),
    f"""SELECT pair.1 AS dimension, pair.2 AS value, {", ".join(_CELL)}, {_SUMS}
FROM
(
    {_by_all_groups(_CELL, "1")}
)
ARRAY JOIN [{PAIRS}] AS pair
GROUP BY dimension, value, {", ".join(_CELL)}""",
)
REASONS = Counted(
    "reason_counts", (*_CODED, *DIMENSIONS), _by_all_groups(_CODED, "(class != '' OR code != '')")
)
TABLES = (DAYS, REASONS)

IN_TOUCHED_DAYS = "(district_id, school_id, date) IN (SELECT district_id, school_id, date FROM touched_days)"
# Without it the students of a whole state were joined to one school's day.
_OF_TOUCHED = "district_id IN (SELECT district_id FROM touched_days)"


def _recompute(counted: Counted) -> str:
    key = ", ".join(counted.key)
    return f"""INSERT INTO {counted.table} (school_year, {key}, {", ".join(COUNTS)})
SELECT {{year:UInt16}}, {key}, {_SUMS}
FROM
(
    {counted.recounted(IN_TOUCHED_DAYS, _OF_TOUCHED)}
    UNION ALL
    SELECT {key}, {", ".join("0" for _ in COUNTS)}
    FROM {counted.table} FINAL
    WHERE school_year = {{year:UInt16}} AND counted > 0 AND {IN_TOUCHED_DAYS}
)
GROUP BY {key}"""


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
