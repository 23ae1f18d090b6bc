"""How the year goes for those who missed days in its first month.

Rests on `district_spans`; at a school on `standings` for the bands and the days missed, which are of that
school.
"""

from __future__ import annotations

from datetime import date

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import of_district, of_grade, of_standings, parameters, spans
from models.school_year import school_year_of
from models.trends.answers import Bands
from models.trends.patterns import FirstMonth, band_table
from models.trends.scope import Scope

_FIRST_MONTH = """SELECT
    {missed} AS had_missed, band, count(), any(begun), any(addDays(addMonths(begun, 1), -1))
FROM {spans} AND {grade}
GROUP BY had_missed, band"""

# The first date on which anybody of the district, or of the state, was counted.
_BEGUN = """(
        SELECT min(first)
        FROM district_spans FINAL
        WHERE school_year = {{year:UInt16}} AND month = toStartOfMonth({{as_of:Date}}) AND first > toDate(0)
            AND {district}
    )"""

# The days of PK and K-12 are never added up: of whom has K-12 days by then only these are looked at.
_AT_SCHOOL = """WITH {begun} AS begun, addMonths(begun, 1) AS end
SELECT
    multiIf(
        if(step.3 = 'PK', steps[1].1, k12_from) >= end, 3,
        days >= 5, 2, days >= 2, 1, 0
    ) AS had_missed, step.4 AS band, count(), any(begun), any(addDays(end, -1))
FROM
(
    SELECT
        steps, arrayLast(step -> step.1 <= {{as_of:Date}}, steps) AS step, step.3 AS grade,
        arrayFirst(step -> step.3 != 'PK', steps).1 AS k12_from,
        arrayCount(
            day -> day < end AND day <= {{as_of:Date}} AND (step.3 = 'PK' OR day >= k12_from), absences
        ) AS days
    FROM standings FINAL
    WHERE school_year = {{year:UInt16}} AND {standings}
        AND arrayExists(step -> step.1 <= {{as_of:Date}}, steps)
)
WHERE {grade}
GROUP BY had_missed, band"""


def first_month(client: Client, scope: Scope, as_of: date) -> FirstMonth | None:
    """Bands as of a day by the days missed in the first month of its school year; None: nothing is known.

    For the whole state the month begins with the first school day of any district.
    """
    begun = _BEGUN.format(district=of_district(scope))
    if scope.school:
        query = _AT_SCHOOL.format(begun=begun, standings=of_standings(scope), grade=of_grade(scope))
    else:
        missed = "missed_of_state" if scope.state else "missed"
        held = spans(scope, ("grade", "band", missed))
        query = (
            f"WITH {begun} AS begun {_FIRST_MONTH.format(missed=missed, spans=held, grade=of_grade(scope))}"
        )
    given = parameters(scope, as_of=as_of, year=school_year_of(as_of))
    rows = client.query(query, parameters=given).result_rows
    if not rows:
        return None
    found = band_table((missed, band, students) for missed, band, students, *_ in rows)
    nobody = Bands(0, 0, 0, 0)
    missed_by = (found.get(0, nobody), found.get(1, nobody), found.get(2, nobody))
    return FirstMonth(rows[0][3], rows[0][4], missed_by, found.get(3, nobody))
