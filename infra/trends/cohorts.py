"""Who was chronically absent last year, and how they do now.

Rests on `district_spans`, and on `district_bands` of last year; at a school on `standings` of the two years.

The store knows the days that it was told of, and no `prior_year` record: who came from another district is
new. Last year's band is that of all days in the district; groups are today's.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from clickhouse_connect.driver.client import Client

from infra.trends.bands import bands
from infra.trends.conditions import of_grade, of_students, parameters, spans
from models.school_year import first_day, school_year_of
from models.trends.answers import Bands
from models.trends.patterns import Cohorts, band_table, bands_of
from models.trends.scope import Scope

# Of those who are anywhere today: last year's band (-1: none) and today's, how many are in the grade today,
# and how many were in it last year.
_COHORTS = """SELECT band_before, band, countIf({grade}), countIf(band_before >= 0 AND {grade_before})
FROM {spans}
GROUP BY band_before, band"""

# A student has up to four rows: the district's and the school's of both years.
_COHORTS_AT_SCHOOL = """SELECT
    if(was, toInt8(before), -1) AS then, if(is_here, toInt8(now), -1) AS today, count()
FROM
(
    SELECT
        countIf(NOT current AND whole) > 0 AS was,
        anyIf(step.4, NOT current AND whole) AS before,
        countIf(current AND here AND {grade}) > 0 AS is_here,
        anyIf(step.4, current AND here AND {grade}) AS now,
        countIf(NOT current AND here AND {grade}) > 0 AS was_here,
        countIf(current AND whole) > 0 AS is_anywhere
    FROM
    (
        SELECT
            district_id, student_id, school_year = {{year:UInt16}} AS current, scope = 'district' AS whole,
            scope = 'school' AS here, step.3 AS grade,
            arrayLast(step -> NOT current OR step.1 <= {{as_of:Date}}, steps) AS step
        FROM standings FINAL
        WHERE school_year IN ({{year:UInt16}}, {{year:UInt16}} - 1) AND {students}
            AND (scope = 'district' OR school_id = {{school:String}})
            AND arrayExists(step -> school_year != {{year:UInt16}} OR step.1 <= {{as_of:Date}}, steps)
    )
    GROUP BY district_id, student_id
)
WHERE is_here OR (was_here AND NOT is_anywhere)
GROUP BY then, today"""


def cohorts(client: Client, scope: Scope, as_of: date) -> Cohorts:
    """Last year's bands by those of the year of `as_of`, as of that day, for the students of a scope."""
    moved, gone = (_at_school if scope.school else _of_districts)(client, scope, as_of)
    nobody = Bands(0, 0, 0, 0)
    return Cohorts(
        (moved.get(0, nobody), moved.get(1, nobody), moved.get(2, nobody), moved.get(3, nobody)),
        moved.get(-1, nobody),
        gone,
    )


def _of_districts(client: Client, scope: Scope, as_of: date) -> tuple[dict[int, Bands], Bands]:
    """Bands by last year's, and last year's of those who are nowhere any more."""
    year = school_year_of(as_of)
    query = _COHORTS.format(
        spans=spans(scope, ("grade", "band", "band_before", "grade_before")),
        grade=of_grade(scope),
        grade_before=of_grade(scope, "grade_before"),
    )
    rows = client.query(query, parameters=parameters(scope, as_of=as_of, year=year)).result_rows
    moved = band_table((then, now, students) for then, now, students, _ in rows if students)
    came = Counter[int]()
    for then, _, _, students in rows:
        came[int(then)] += int(students)
    were = bands(client, scope, first_day(year) - timedelta(days=1))
    return moved, Bands(*(were[band] - came[band] for band in range(4)))


def _at_school(client: Client, scope: Scope, as_of: date) -> tuple[dict[int, Bands], Bands]:
    query = _COHORTS_AT_SCHOOL.format(grade=of_grade(scope), students=of_students(scope))
    given = parameters(scope, as_of=as_of, year=school_year_of(as_of))
    found = client.query(query, parameters=given).result_rows
    moved = band_table((then, now, students) for then, now, students in found if now >= 0)
    return moved, bands_of({int(then): int(students) for then, now, students in found if now < 0})
