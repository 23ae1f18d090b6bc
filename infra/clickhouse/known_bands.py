"""What was learned of the bands of some students, and when (docs/adr/0034).

As everywhere nothing is added up from what came (docs/adr/0023). What a student's facts have taught from an
instant on is worked out anew from all their versions (known_segments.py), and what is no more is replaced by
zeros. Most of what comes is the next day of students of whom nothing else is new: it teaches what the step of
that day says, and this is taken from the standings.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.district_bands import CHANGES
from infra.clickhouse.known_segments import HELD, LEARNED, SINCE, STEPS, TABLES, VERSIONS
from infra.clickhouse.temporary import among
from infra.clickhouse.touched_students import IN_TOUCHED, Widened
from models.trends.scope import DIMENSIONS

# A history is a hundred times as large as what is kept of it: a large district is taken in parts.
_STUDENTS_A_CALL = 2_000


class News(NamedTuple):
    """The districts whose facts were all known after every fact before them, and the dates of all facts."""

    in_order: Collection[str]
    dates: Collection[str]


# All live as long as the client's session. `relearned` is `touched` without the students in `next_days`.
_TABLES = {
    "next_days": "district_id String, student_id String, since Int64",
    "relearned": "district_id String, school_id String, student_id String, known_since Int64",
    **TABLES,
}

_KEY = "district_id, student_id, school_id, known_at, date, grade, band"
_GROUPS = ", ".join(DIMENSIONS)

# The months of what is new, and all that the students have of them.
_KNOWN = f"""SELECT district_id, student_id, date, toUnixTimestamp64Milli(known_at) AS known
        FROM fact_history FINAL
        WHERE school_year = {{year:UInt16}} AND date >= {{first_new:Date}} AND {IN_TOUCHED}"""

# Of each student what came before `since` is of earlier dates than what came after it, and that came one day
# after the other, each once. Nothing of the student is read that is of a date before the first that is new.
_NEXT_DAYS = f"""INSERT INTO next_days
SELECT district_id, student_id, since
FROM
(
    SELECT
        facts.district_id AS district_id, facts.student_id AS student_id, any(asked.since) AS since,
        maxIf(date, known < asked.since) AS last_before,
        arraySort(groupArrayIf((known, date), known >= asked.since)) AS days
    FROM ({_KNOWN}) AS facts
    INNER JOIN ({SINCE.format(table="touched")}) AS asked
    ON facts.district_id = asked.district_id AND facts.student_id = asked.student_id
    WHERE facts.district_id IN {{in_order:Array(String)}}
    GROUP BY district_id, student_id
)
WHERE arrayAll((day, before) -> day.2 > before, days, arrayPopBack(arrayPushFront(days.2, last_before)))"""

_RELEARNED = """INSERT INTO relearned
SELECT district_id, school_id, student_id, known_since
FROM touched
WHERE (district_id, student_id) NOT IN (SELECT district_id, student_id FROM next_days)"""


def _insert(moved: str, students: str) -> str:
    """Insert rows of _KEY and `students` with the groups of the students in a table."""
    return f"""INSERT INTO known_bands (school_year, {_KEY}, students, {_GROUPS})
SELECT
    {{year:UInt16}}, {", ".join(f"moved.{name}" for name in _KEY.split(", "))}, moved.students,
    {", ".join(f"groups.{name}" for name in DIMENSIONS)}
FROM
(
    {moved}
) AS moved
LEFT JOIN
(
    SELECT district_id, student_id, {_GROUPS}
    FROM students FINAL
    WHERE (district_id, student_id) IN (SELECT district_id, student_id FROM {students})
) AS groups
ON moved.district_id = groups.district_id AND moved.student_id = groups.student_id
SETTINGS max_partitions_per_insert_block = 0"""


_LEARN_NEXT_DAYS = _insert(
    f"""SELECT
        steps.district_id AS district_id, steps.student_id AS student_id, school_id,
        fromUnixTimestamp64Milli(new.known, 'UTC') AS known_at, steps.date AS date, grade, band,
        sum(n) AS students
    FROM
    (
        SELECT
            district_id, student_id, school_id, arrayJoin({CHANGES}) AS change, change.1 AS date,
            change.2 AS grade, change.3 AS band, change.4 AS n
        FROM standings FINAL
        WHERE school_year = {{year:UInt16}}
            AND (district_id, student_id) IN (SELECT district_id, student_id FROM next_days)
    ) AS steps
    INNER JOIN
    (
        SELECT facts.district_id AS district_id, facts.student_id AS student_id, date, known
        FROM ({_KNOWN}) AS facts
        INNER JOIN next_days
        ON facts.district_id = next_days.district_id AND facts.student_id = next_days.student_id
        WHERE known >= next_days.since
    ) AS new
    ON steps.district_id = new.district_id AND steps.student_id = new.student_id AND steps.date = new.date
    GROUP BY district_id, student_id, school_id, known_at, date, grade, band
    HAVING students != 0""",
    "next_days",
)

_RELEARN = _insert(
    f"""SELECT
        district_id, student_id, school_id, fromUnixTimestamp64Milli(known, 'UTC') AS known_at,
        toDate(day) AS date, grade, band, sum(new) AS students
    FROM
    (
        SELECT
            district_id, student_id, school_id, known, day, grade, band, students AS new, toInt64(0) AS old
        FROM learned
        UNION ALL
        SELECT
            held.district_id, held.student_id, toString(held.school_id),
            toUnixTimestamp64Milli(held.known_at) AS known, toUInt16(held.date), toString(held.grade),
            held.band, 0, toInt64(held.students)
        FROM
        (
            SELECT {_KEY}, students
            FROM known_bands FINAL
            WHERE school_year = {{year:UInt16}}
                AND (district_id, student_id) IN (SELECT district_id, student_id FROM relearned)
                AND cityHash64(student_id) % {{parts:UInt32}} = {{part:UInt32}}
        ) AS held
        INNER JOIN ({SINCE.format(table="relearned")}) AS asked
        ON held.district_id = asked.district_id AND held.student_id = asked.student_id
        WHERE known >= asked.since
    )
    GROUP BY district_id, student_id, school_id, known, day, grade, band
    HAVING sum(new) != sum(old)""",
    "relearned",
)

_REGROUP = _insert(
    f"""SELECT {_KEY}, students
    FROM known_bands FINAL
    WHERE school_year = {{year:UInt16}} AND students != 0
        AND (district_id, student_id) IN (SELECT district_id, student_id FROM regrouped)""",
    "regrouped",
)

_STUDENTS = "SELECT uniqExact(district_id, student_id) FROM relearned"
_SCHOOLS = "(SELECT arraySort(groupUniqArray(school_id)) FROM relearned)"
_RELEARNED_AT = among("relearned", "district_id, school_id, student_id", "String, String, String").text


def recompute(client: Client, year: int, news: News | None, touched: Widened) -> None:
    """Replace what the students in `touched` have taught in a school year, from their `known_since` on.

    Their standings have been worked out. `news` spares work where facts came in order; without it none is
    taken to have.
    """
    for table, columns in _TABLES.items():
        client.command(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({columns})")
    _empty(client, "next_days", "relearned")
    # Few are worked out from all their versions: to find out of whom only the next day is new costs more.
    if news is not None and news.in_order and not touched.few:
        given = {"year": year, "in_order": sorted(news.in_order), "first_new": min(news.dates)}
        client.command(_NEXT_DAYS, parameters=given)
        if client.query("SELECT count() FROM next_days").result_rows[0][0]:
            client.command(_LEARN_NEXT_DAYS, parameters=given)
    client.command(_RELEARNED)
    versions, named = _versions(touched)
    students = len(touched.few) or int(client.query(_STUDENTS).result_rows[0][0])
    parts = -(-students // _STUDENTS_A_CALL)
    for part in range(parts):
        _empty(client, *TABLES)
        given = {"year": year, "first": f"{year}-07-01", "last": f"{year + 1}-06-30", **named}
        for statement in (versions, HELD, STEPS, LEARNED, _RELEARN):
            client.command(statement, parameters={**given, "parts": parts, "part": part})
    # They are in memory.
    _empty(client, *TABLES)


def _versions(touched: Widened) -> tuple[str, dict[str, Any]]:
    """The statement that reads all versions, and what it takes."""
    if not touched.few:
        return VERSIONS.replace("{schools}", _SCHOOLS).replace("{those}", _RELEARNED_AT), {}
    those = touched.these()
    schools = sorted({school for _, school, _ in touched.few})
    named = VERSIONS.replace("{schools}", "{schools:Array(String)}").replace("{those}", those.text)
    return named, {"schools": schools, **those.given}


def _empty(client: Client, *tables: str) -> None:
    for table in tables:
        client.command(f"TRUNCATE TABLE {table}")


def regroup(client: Client, year: int) -> None:
    """Give what the students in `regrouped` have taught the groups that they are in now."""
    client.command(_REGROUP, parameters={"year": year})
