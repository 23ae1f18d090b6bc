"""How many students miss how much: by band and tier, as of any day, and as it was known at any instant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import of_grade, of_standings, of_students, parameters
from models.school_year import school_year_of
from models.trends.answers import Bands
from models.trends.scope import Scope

AS_OF = """SELECT
    district_id, school_id, student_id,
    arrayLast(step -> step.1 <= {{as_of:Date}}, steps) AS step, step.3 AS grade, step.4 AS band
FROM standings FINAL
WHERE school_year = {{year:UInt16}} AND {students}
    AND arrayExists(step -> step.1 <= {{as_of:Date}}, steps)"""
"""The students as of a day, each with grade and band; `students` is a condition on standings."""

# Of each fact the version that was the newest then; from these the standings, as they are always counted.
KNOWN = """SELECT
    district_id, {place}student_id,
    if(max(older), countIf(older), count()) AS enrolled,
    if(max(older), countIf(older AND away), countIf(away)) AS absent,
    if(max(older), argMaxIf(held_grade, date, older), argMax(held_grade, date)) AS grade,
    multiIf(20 * absent < enrolled, 0, 10 * absent < enrolled, 1, 5 * absent < enrolled, 2, 3) AS band
FROM
(
    SELECT
        district_id, school_id, student_id, date, argMax(grade, version) AS held_grade,
        held_grade != 'PK' AS older, argMax(class, version) != '' AS away
    FROM fact_history
    WHERE school_year = {{year:UInt16}} AND date BETWEEN {{first:Date}} AND {{as_of:Date}}
        AND known_at <= parseDateTime64BestEffort({{known_at:String}}, 3, 'UTC') AND {students}
    GROUP BY district_id, school_id, student_id, date
    HAVING argMax(counted, version)
)
GROUP BY district_id, {place}student_id"""
"""The same as it was known at an instant; `students` is a condition on facts, and `place` is blank, or
`school_id, ` for a row a student and school."""


def bands(client: Client, scope: Scope, as_of: date) -> Bands:
    """The students of a scope as of a day, in the school year that it is in.

    A student counts in the district with all days there, at a school with the days there, in the grade of the
    last counted day.
    """
    return _bands(client, AS_OF.format(students=of_standings(scope)), scope, of_day(as_of))


def bands_as_known(client: Client, scope: Scope, as_of: date, known_at: datetime) -> Bands:
    """The same from the facts that had been published at an instant (with an offset); groups are today's."""
    students = of_students(scope) + (" AND school_id = {school:String}" if scope.school else "")
    given = of_instant(as_of, known_at)
    return _bands(client, KNOWN.format(students=students, place=""), scope, given)


def of_day(as_of: date) -> dict[str, Any]:
    """The parameters of AS_OF."""
    return {"as_of": as_of, "year": school_year_of(as_of)}


def of_instant(as_of: date, known_at: datetime) -> dict[str, Any]:
    """The parameters of KNOWN. Raises ValueError where the instant has no offset."""
    if known_at.tzinfo is None:
        raise ValueError("an instant has an offset")
    first = date(school_year_of(as_of), 7, 1)
    return {**of_day(as_of), "first": first, "known_at": known_at.isoformat(timespec="milliseconds")}


def _bands(client: Client, students: str, scope: Scope, given: dict[str, Any]) -> Bands:
    query = f"SELECT band, count() FROM ({students}) WHERE {of_grade(scope)} GROUP BY band"
    rows = client.query(query, parameters=parameters(scope, **given)).result_rows
    found = {int(band): int(held) for band, held in rows}
    return Bands(*(found.get(band, 0) for band in range(4)))
