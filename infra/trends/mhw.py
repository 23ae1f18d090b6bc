"""Mental health wellness days taken (CGS 10-198f): by how many students, and where in which month."""

from __future__ import annotations

from datetime import date, timedelta

from clickhouse_connect.driver.client import Client

from infra.trends.attendance import check_dates
from infra.trends.conditions import of_grade, of_school_days, of_standings, over_days, parameters, spans
from models.school_year import first_day
from models.trends.patterns import MhwDays, MhwStudents
from models.trends.scope import Scope

# As of the last day of the year each student is in one span of days.
_STUDENTS = "SELECT mhw, count() FROM {spans} AND {grade} GROUP BY mhw"

_STUDENTS_AT_SCHOOL = """SELECT mhw_days, count()
FROM standings FINAL
WHERE school_year = {{year:UInt16}} AND enrolled_days > 0 AND {students} AND {grade}
GROUP BY mhw_days"""

_DAYS = """SELECT district_id, school_id, toStartOfMonth(day) AS month, sum(taken)
FROM school_days FINAL
ARRAY JOIN days AS day, mhw AS taken
WHERE school_year BETWEEN {{first_year:UInt16}} AND {{last_year:UInt16}}
    AND day BETWEEN {{first:Date}} AND {{last:Date}} AND taken > 0 AND {days}
GROUP BY district_id, school_id, month
ORDER BY district_id, school_id, month"""


def mhw_students(client: Client, scope: Scope, school_year: int) -> MhwStudents:
    """How many students have taken none, one, two or more valid MHW days, as it is now.

    Rests on `district_spans`, of a school on `standings`.

    `school_year` is the calendar year in which it begins.
    """
    if scope.school:
        query = _STUDENTS_AT_SCHOOL.format(students=of_standings(scope), grade=of_grade(scope))
    else:
        query = _STUDENTS.format(spans=spans(scope, ("grade", "mhw")), grade=of_grade(scope))
    given = parameters(scope, year=school_year, as_of=first_day(school_year + 1) - timedelta(days=1))
    rows = client.query(query, parameters=given).result_rows
    found = {int(days): int(students) for days, students in rows}
    return MhwStudents(tuple(found.get(days, 0) for days in range(max(found, default=-1) + 1)))


def mhw_days(client: Client, scope: Scope, first: date, last: date) -> list[MhwDays]:
    """The schools and months in which any was taken, in order. Rests on `school_days`. Raises BadQuestion."""
    check_dates(first, last)
    given = over_days(scope, first, last)
    rows = client.query(_DAYS.format(days=of_school_days(scope)), parameters=given).result_rows
    return [MhwDays(district, school, month, int(days)) for district, school, month, days in rows]
