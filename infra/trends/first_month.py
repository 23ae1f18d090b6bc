"""How the year goes for those who missed days in its first month.

Rests on `standings` for the bands, and on `student_day_facts` of one month: partitions are months, and a
district's facts lie together in each.
"""

from __future__ import annotations

from datetime import date

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import of_district, of_grade, of_standings, of_students, parameters
from models.school_year import school_year_of
from models.trends.answers import Bands
from models.trends.patterns import FirstMonth, band_table
from models.trends.scope import Scope

# The days of PK and K-12 are never added up: of whom has K-12 days by then only these are looked at.
_FIRST_MONTH = """WITH {begins} AS first
SELECT
    multiIf(days.1 = 0, 3, days.2 >= 5, 2, days.2 >= 2, 1, 0) AS missed, band, count(),
    any(first), any(addDays(addMonths(first, 1), -1))
FROM
(
    SELECT if(grade = 'PK', month.younger, month.older) AS days, step.4 AS band, grade
    FROM
    (
        SELECT
            district_id, student_id, arrayLast(step -> step.1 <= {{as_of:Date}}, steps) AS step,
            step.3 AS grade
        FROM standings FINAL
        WHERE school_year = {{year:UInt16}} AND {standings}
            AND arrayExists(step -> step.1 <= {{as_of:Date}}, steps)
    ) AS standing
    LEFT JOIN
    (
        SELECT
            district_id, student_id,
            (countIf(grade != 'PK'), countIf(grade != 'PK' AND class != '')) AS older,
            (countIf(grade = 'PK'), countIf(grade = 'PK' AND class != '')) AS younger
        FROM student_day_facts FINAL
        WHERE school_year = {{year:UInt16}} AND date >= first AND date < addMonths(first, 1)
            AND date <= {{as_of:Date}} AND counted AND {students}
        GROUP BY district_id, student_id
    ) AS month
    ON standing.district_id = month.district_id AND standing.student_id = month.student_id
)
WHERE {grade}
GROUP BY missed, band"""

# The first date on which anybody of the district, or of the state, was counted.
_BEGINS = """(
        SELECT min(date)
        FROM day_counts FINAL
        WHERE school_year = {{year:UInt16}} AND dimension = 'all' AND value = '' AND counted > 0
            AND {district}
    )"""


def first_month(client: Client, scope: Scope, as_of: date) -> FirstMonth | None:
    """Bands as of a day by the days missed in the first month of its school year; None: nothing is known.

    For the whole state the month begins with the first school day of any district.
    """
    school = " AND school_id = {school:String}" if scope.school else ""
    query = _FIRST_MONTH.format(
        begins=_BEGINS.format(district=of_district(scope)),
        standings=of_standings(scope),
        students=of_students(scope) + school,
        grade=of_grade(scope),
    )
    given = parameters(scope, as_of=as_of, year=school_year_of(as_of))
    rows = client.query(query, parameters=given).result_rows
    if not rows:
        return None
    found = band_table((missed, band, students) for missed, band, students, *_ in rows)
    nobody = Bands(0, 0, 0, 0)
    missed = (found.get(0, nobody), found.get(1, nobody), found.get(2, nobody))
    return FirstMonth(rows[0][3], rows[0][4], missed, found.get(3, nobody))
