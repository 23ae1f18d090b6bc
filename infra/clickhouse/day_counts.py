"""The counts of some schools' days, worked out in SQL from the facts and the students' groups.

As with standings, nothing is added up from what came: each cell of a touched day is counted anew and replaces
the one before it, and a cell that nobody is in any more is replaced by zeros.
"""

from __future__ import annotations

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

PAIRS = ", ".join(["('all', '')", *(f"('{name}', toString({name}))" for name in DIMENSIONS)])
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in COUNTS)

# First by all groups at once, which leaves few rows, and then each of these under each of its groups.
COUNT_FACTS = f"""SELECT pair.1 AS dimension, pair.2 AS value, district_id, school_id, date, grade, {_SUMS}
FROM
(
    SELECT
        facts.district_id AS district_id, facts.school_id AS school_id, facts.date AS date,
        facts.grade AS grade, {", ".join(f"groups.{name} AS {name}" for name in DIMENSIONS)},
        count() AS counted,
        countIf(facts.class != '') AS absent,
        {", ".join(f"countIf(facts.class = '{name}') AS {name}" for name in COUNTS[2:])}
    FROM
    (
        SELECT district_id, school_id, student_id, date, grade, class
        FROM student_day_facts FINAL
        WHERE school_year = {{year:UInt16}} AND counted AND {{those}}
    ) AS facts
    LEFT JOIN
    (
        SELECT district_id, student_id, {", ".join(DIMENSIONS)} FROM students FINAL
    ) AS groups
    ON facts.district_id = groups.district_id AND facts.student_id = groups.student_id
    GROUP BY district_id, school_id, date, grade, {", ".join(DIMENSIONS)}
)
ARRAY JOIN [{PAIRS}] AS pair
GROUP BY dimension, value, district_id, school_id, date, grade"""
"""A recount; `those` is a condition on the facts."""

_IN_TOUCHED = "(district_id, school_id, date) IN (SELECT district_id, school_id, date FROM touched_days)"

_RECOMPUTE = f"""INSERT INTO day_counts
(dimension, value, district_id, school_year, school_id, date, grade, {", ".join(COUNTS)})
SELECT
    dimension, value, district_id, {{year:UInt16}}, school_id, date, grade, {_SUMS}
FROM
(
    {COUNT_FACTS.replace("{those}", _IN_TOUCHED)}
    UNION ALL
    SELECT dimension, value, district_id, school_id, date, grade, {", ".join("0" for _ in COUNTS)}
    FROM day_counts FINAL
    WHERE school_year = {{year:UInt16}} AND counted > 0 AND {_IN_TOUCHED}
)
GROUP BY dimension, value, district_id, school_id, date, grade"""


def recompute(client: Client, year: int) -> int:
    """Replace the counts of the days in `touched_days`, which are of one school year; how many days."""
    client.command(_RECOMPUTE, parameters={"year": year})
    return int(client.query("SELECT count() FROM touched_days").result_rows[0][0])


def years_of_regrouped(client: Client) -> list[int]:
    """The school years in which the students in `regrouped` have facts."""
    return [year for (year,) in client.query(_YEARS_OF_REGROUPED).result_rows]


def touch_regrouped(client: Client, year: int) -> None:
    """Put all days of the students in `regrouped` into `touched_days`."""
    client.command(_DAYS_OF_REGROUPED, parameters={"year": year})
