"""Which schools are behind: others of their district have counted days that they do not have yet.

The store knows counted days only, and no calendar: a school that has a holiday of its own is behind here
until its next counted day. It is a hint to ask, and no finding. Rests on `school_days`.
"""

from __future__ import annotations

from datetime import date

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import EVERYBODY, of_district, of_school_days, parameters
from models.school_year import school_year_of
from models.trends.answers import Late
from models.trends.scope import Scope

_BEHIND = """SELECT
    schools.district_id, schools.school_id, schools.last,
    arrayCount(day -> day > schools.last AND day <= {{as_of:Date}}, every.days) AS behind
FROM
(
    SELECT district_id, school_id, arrayLast(day -> day <= {{as_of:Date}}, days) AS last
    FROM school_days FINAL
    WHERE school_year = {{year:UInt16}} AND notEmpty(days) AND days[1] <= {{as_of:Date}} AND {days}
) AS schools
INNER JOIN
(
    SELECT district_id, groupUniqArrayArray(days) AS days
    FROM school_days FINAL
    WHERE school_year = {{year:UInt16}} AND {everybody} AND {of_district}
    GROUP BY district_id
) AS every
ON schools.district_id = every.district_id
WHERE behind > 0
ORDER BY behind DESC, schools.district_id, schools.school_id"""


def late_schools(client: Client, scope: Scope, as_of: date) -> list[Late]:
    """The schools of a scope that are behind as of a day of the school year, the latest first."""
    query = _BEHIND.format(days=of_school_days(scope), everybody=EVERYBODY, of_district=of_district(scope))
    given = parameters(scope, as_of=as_of, year=school_year_of(as_of))
    return [Late(*row) for row in client.query(query, parameters=given).result_rows]
