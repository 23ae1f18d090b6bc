"""Which alerts were known at an instant, as of a school day: of a scope in numbers, and of one student.

Rests on `alert_history` of one school year, and with a grade on `district_spans`. An alert is the event
with the greatest sequence that was known then. As of an earlier day it is there if it had opened by then, and
recovered if it had recovered by then; of an alert that recovered and reopened only the last recovery is
known: in between it is told as standing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import of_district, of_grade, of_students, parameters, spans
from infra.trends.instants import KNOWN_AT, written
from models.school_year import first_day, school_year_of
from models.trends.known import AlertCount, KnownAlert, KnownStudent
from models.trends.scope import Scope

# In the order of the table, backward: so the newest event of an alert comes first, and nothing is sorted.
_COUNTS = """SELECT
    rule, scope,
    multiIf(
        condition = 'withdrawn', 'withdrawn', recovered_on <= {{as_of:Date}}, 'recovered', 'standing'
    ) AS state,
    count()
FROM
(
    SELECT rule, scope, condition, opened_on, recovered_on, opening_school_id
    FROM alert_history
    WHERE school_year = {{year:UInt16}}
        AND known_at <= {instant} AND {students}
    ORDER BY district_id DESC, student_id DESC, alert_id DESC, sequence DESC, version DESC
    LIMIT 1 BY district_id, student_id, alert_id
)
WHERE opened_on <= {{as_of:Date}} AND {school}
GROUP BY rule, scope, state
ORDER BY rule, scope, state"""

_OF_STUDENT = """SELECT
    alert_id, last.1, last.2, last.3, last.4, last.5,
    multiIf(last.8 = 'withdrawn', 'withdrawn', last.5 <= {as_of:Date}, 'recovered', 'standing') AS state,
    last.6, last.7, toUnixTimestamp64Milli(first_known), toUnixTimestamp64Milli(last_changed)
FROM
(
    SELECT
        alert_id, min(times.known_at) AS first_known,
        argMax(times.known_at, (sequence, version)) AS last_changed,
        argMax(
            (rule, scope, school_id, opened_on, recovered_on, enrolled_days, absent_days, condition),
            (sequence, version)
        ) AS last
    FROM alert_history AS times FINAL
    WHERE district_id = {district:String} AND student_id = {student:String} AND school_year = {year:UInt16}
        AND times.known_at <= {instant}
    GROUP BY alert_id
)
WHERE last.4 <= {as_of:Date}
ORDER BY last.4, last.1, last.2, last.3, alert_id""".replace("{instant}", KNOWN_AT)

# Facts are ordered by school, and the standings know at which schools the student has any.
_STANDING = """SELECT
    if(max(older), countIf(older), count()), if(max(older), countIf(older AND away), countIf(away)),
    if(max(older), maxIf(date, older), max(date)), count()
FROM
(
    SELECT date, argMax(grade, version) != 'PK' AS older, argMax(class, version) != '' AS away
    FROM fact_history
    WHERE (district_id, school_id, student_id) IN (
            SELECT district_id, school_id, student_id
            FROM standings
            WHERE district_id = {district:String} AND school_year = {year:UInt16}
                AND student_id = {student:String} AND scope = 'school'
        )
        AND district_id = {district:String} AND school_year = {year:UInt16}
        AND date BETWEEN {first:Date} AND {as_of:Date}
        AND known_at <= {instant}
    GROUP BY school_id, date
    HAVING argMax(counted, version)
)""".replace("{instant}", KNOWN_AT)


# An alert goes without days where these came to be counted no more.
_HELD = """SELECT 1
FROM
(
    SELECT district_id, student_id FROM standings
    UNION ALL
    SELECT district_id, student_id FROM alert_history
)
WHERE district_id = {district:String} AND student_id = {student:String}
LIMIT 1"""


def alerts_as_known(client: Client, scope: Scope, as_of: date, known_at: datetime) -> list[AlertCount]:
    """The alerts of the year of `as_of` by rule and condition, as of that day, as known at an instant.

    At a school are the alerts that opened there. Without a grade those of PK are among them, which are
    notices about MHW days. The instant has an offset.
    """
    students = _in_grade(scope) if scope.grade else of_students(scope)
    school = "opening_school_id = {school:String}" if scope.school else "1"
    given = parameters(scope, as_of=as_of, year=school_year_of(as_of), known_at=written(known_at))
    rows = client.query(
        _COUNTS.format(students=students, school=school, instant=KNOWN_AT), parameters=given
    ).result_rows
    return [AlertCount(*row) for row in rows]


def _in_grade(scope: Scope) -> str:
    """The condition that the students are in the grade as of the day, and in the group."""
    held = spans(scope, ("student_id", "grade"))
    return (
        f"{of_district(scope)} AND (district_id, student_id) IN "
        f"(SELECT district_id, student_id FROM {held} AND {of_grade(scope)})"
    )


def student_as_known(
    client: Client, district: str, student: str, as_of: date, known_at: datetime
) -> KnownStudent | None:
    """Did we know? What was known of a student at an instant about the days up to `as_of`.

    None where nothing is held of the student, of any year and even now: a mistyped id is no student of whom
    nothing was known. It tells of one student: for those only who may see the student. The instant has an
    offset.
    """
    year = school_year_of(as_of)
    given: dict[str, Any] = {
        "district": district,
        "student": student,
        "year": year,
        "first": first_day(year),
        "as_of": as_of,
        "known_at": written(known_at),
    }
    ((enrolled, absent, through, days),) = client.query(_STANDING, parameters=given).result_rows
    alerts = [
        KnownAlert(*row[:-2], *map(_instant, row[-2:]))
        for row in client.query(_OF_STUDENT, parameters=given).result_rows
    ]
    if not days and not alerts and not client.query(_HELD, parameters=given).result_rows:
        return None
    return KnownStudent(int(enrolled), int(absent), through if days else None, tuple(alerts))


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
