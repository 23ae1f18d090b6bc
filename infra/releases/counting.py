"""What a release is made from, counted in the store as of a date."""

from __future__ import annotations

from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from models.releases.counted import Alerts, Counted, Days, Students
from models.school_year import first_day, school_year_of
from models.trends.scope import DIMENSIONS

# As in infra/trends/bands.py: of a student the step as of the date, with the school and grade of it.
_STEPS = """SELECT student_id, arrayLast(step -> step.1 <= {as_of:Date}, steps) AS step
    FROM standings FINAL
    WHERE district_id = {district:String} AND school_year = {year:UInt16} AND scope = 'district'
        AND arrayExists(step -> step.1 <= {as_of:Date}, steps)"""

_GROUPS = ", ".join(DIMENSIONS)

_STUDENTS = f"""SELECT step.2 AS school, step.3 AS grade, [{_GROUPS}] AS groups, step.4 AS band, count()
FROM ({_STEPS}) AS counted
LEFT JOIN
(
    SELECT student_id, {_GROUPS} FROM students FINAL WHERE district_id = {{district:String}}
) AS held ON counted.student_id = held.student_id
GROUP BY school, grade, groups, band
ORDER BY school, grade, groups, band"""

# With a blank as all of them: no school's id is blank, and no month.
_DAYS = """SELECT school, month, count(), countIf(class != ''), uniqExact(student_id)
FROM
(
    SELECT student_id, class, arrayJoin(['', school_id]) AS school,
        arrayJoin(['', formatDateTime(date, '%Y-%m')]) AS month
    FROM student_day_facts FINAL
    WHERE district_id = {district:String} AND school_year = {year:UInt16}
        AND date BETWEEN {first:Date} AND {as_of:Date} AND counted AND grade != 'PK'
)
GROUP BY school, month
ORDER BY school, month"""

# An alert has no history by date: as of a past one it is what is known today, without what came after.
_ALERTS = f"""SELECT rule, now, count()
FROM
(
    SELECT
        student_id, rule,
        multiIf(
            countIf(condition != 'withdrawn' AND ifNull(recovered_on > {{as_of:Date}}, 1)) > 0, 'standing',
            countIf(condition != 'withdrawn') > 0, 'recovered',
            'withdrawn'
        ) AS now
    FROM alerts
    WHERE district_id = {{district:String}} AND school_year = {{year:UInt16}} AND opened_on <= {{as_of:Date}}
        AND student_id IN (SELECT student_id FROM ({_STEPS}) WHERE step.3 != 'PK')
    GROUP BY student_id, rule
)
GROUP BY rule, now
ORDER BY rule, now"""

_THROUGH = """SELECT max(date) FROM day_counts FINAL
WHERE dimension = 'all' AND district_id = {district:String} AND school_year = {year:UInt16}
    AND date <= {as_of:Date} AND counted > 0"""


def data_through(client: Client, district: str, as_of: date) -> date | None:
    """The last counted day of the school year by a date; None where there is none."""
    through: date = client.query(_THROUGH, parameters=_given(district, as_of)).result_rows[0][0]
    return through if through >= first_day(school_year_of(as_of)) else None


def counted(client: Client, district: str, as_of: date) -> Counted:
    """The counts of a district as of a date of a school year."""
    given = _given(district, as_of)

    def rows(query: str) -> Any:
        return client.query(query, parameters=given).result_rows

    return Counted(
        students=[
            Students(school, grade, tuple(groups), band, n)
            for school, grade, groups, band, n in rows(_STUDENTS)
        ],
        days=[Days(*row) for row in rows(_DAYS)],
        alerts=[Alerts(*row) for row in rows(_ALERTS)],
    )


def _given(district: str, as_of: date) -> dict[str, Any]:
    year = school_year_of(as_of)
    return {"district": district, "as_of": as_of, "year": year, "first": first_day(year)}
