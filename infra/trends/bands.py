"""How many students miss how much: by band and tier, as of any day, and as it was known at any instant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import (
    of_district,
    of_grade,
    of_standings,
    of_students,
    of_whole_grade,
    parameters,
)
from models.school_year import school_year_of
from models.trends.answers import BANDS, Bands
from models.trends.scope import Scope

AS_OF = """SELECT
    district_id, school_id, student_id,
    arrayLast(step -> step.1 <= {{as_of:Date}}, steps) AS step, step.3 AS grade, step.4 AS band
FROM standings FINAL
WHERE school_year = {{year:UInt16}} AND {students}
    AND arrayExists(step -> step.1 <= {{as_of:Date}}, steps)"""
"""The students as of a day, each with grade and band; `students` is a condition on standings."""

# Of the state and of districts: the changes of all days by then, added up.
_OF_DISTRICTS = f"""SELECT {", ".join(f"sum({name})" for name in BANDS)}
FROM district_bands FINAL
WHERE school_year = {{{{year:UInt16}}}} AND date <= {{{{as_of:Date}}}}
    AND dimension = {{{{dimension:String}}}} AND value = {{{{value:String}}}}
    AND {{grade}} AND {{district}}"""

# Of whom anything was learned since about the days in question; of all others today's standing is that of
# then.
_LEARNED = """(
        SELECT district_id, student_id
        FROM fact_history
        WHERE school_year = {{year:UInt16}} AND date BETWEEN {{first:Date}} AND {{as_of:Date}}
            AND known_at > parseDateTime64BestEffort({{known_at:String}}, 3, 'UTC') AND {district}
    )"""

# Of each fact of these students the version that was the newest then; from these the standings, as they are
# always counted. Most rows are of others, and one id is compared sooner than two.
_KNOWN = f"""SELECT district_id, {{place}}student_id, grade, band
FROM ({AS_OF} AND (district_id, student_id) NOT IN {_LEARNED})
UNION ALL
SELECT district_id, {{place}}student_id, grade, toUInt8(
    multiIf(20 * absent < enrolled, 0, 10 * absent < enrolled, 1, 5 * absent < enrolled, 2, 3)) AS band
FROM
(
    SELECT
        district_id, {{place}}student_id,
        if(max(older), countIf(older), count()) AS enrolled,
        if(max(older), countIf(older AND away), countIf(away)) AS absent,
        if(max(older), argMaxIf(held_grade, date, older), argMax(held_grade, date)) AS grade
    FROM
    (
        SELECT
            district_id, school_id, student_id, date, argMax(grade, version) AS held_grade,
            held_grade != 'PK' AS older, argMax(class, version) != '' AS away
        FROM fact_history
        PREWHERE student_id IN (SELECT student_id FROM {_LEARNED})
        WHERE school_year = {{{{year:UInt16}}}} AND date BETWEEN {{{{first:Date}}}} AND {{{{as_of:Date}}}}
            AND known_at <= parseDateTime64BestEffort({{{{known_at:String}}}}, 3, 'UTC') AND {{facts}}
            AND (district_id, student_id) IN {_LEARNED}
        GROUP BY district_id, school_id, student_id, date
        HAVING argMax(counted, version)
    )
    GROUP BY district_id, {{place}}student_id
)"""


def bands(client: Client, scope: Scope, as_of: date) -> Bands:
    """The students of a scope as of a day, in the school year that it is in.

    A student counts in the district with all days there, at a school with the days there, in the grade of the
    last counted day.
    """
    if scope.school:
        return _bands(client, AS_OF.format(students=of_standings(scope)), scope, of_day(as_of))
    query = _OF_DISTRICTS.format(grade=of_whole_grade(scope), district=of_district(scope))
    (row,) = client.query(query, parameters=parameters(scope, **of_day(as_of))).result_rows
    return Bands(*map(int, row))


def bands_as_known(client: Client, scope: Scope, as_of: date, known_at: datetime) -> Bands:
    """The same from the facts that had been published at an instant (with an offset); groups are today's."""
    more = " AND school_id = {school:String}" if scope.school else ""
    students = known_students(scope, of_standings(scope), more)
    return _bands(client, students, scope, of_instant(as_of, known_at))


def known_students(scope: Scope, standings: str, more: str = "", place: str = "") -> str:
    """AS_OF as it was known at an instant.

    `standings` and `more` are conditions that mean the same students and schools, of standings and of facts;
    `place` is blank, or `school_id, ` for a row a student and school.
    """
    return _KNOWN.format(
        students=standings, facts=of_students(scope) + more, place=place, district=of_district(scope)
    )


def of_day(as_of: date) -> dict[str, Any]:
    """The parameters of AS_OF."""
    return {"as_of": as_of, "year": school_year_of(as_of)}


def of_instant(as_of: date, known_at: datetime) -> dict[str, Any]:
    """The parameters of `known_students`. Raises ValueError where the instant has no offset."""
    if known_at.tzinfo is None:
        raise ValueError("an instant has an offset")
    first = date(school_year_of(as_of), 7, 1)
    return {**of_day(as_of), "first": first, "known_at": known_at.isoformat(timespec="milliseconds")}


def _bands(client: Client, students: str, scope: Scope, given: dict[str, Any]) -> Bands:
    query = f"SELECT band, count() FROM ({students}) WHERE {of_grade(scope)} GROUP BY band"
    rows = client.query(query, parameters=parameters(scope, **given)).result_rows
    found = {int(band): int(held) for band, held in rows}
    return Bands(*(found.get(band, 0) for band in range(4)))
