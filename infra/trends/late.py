"""Which schools are behind: others of their district have counted days that they do not have yet.

The store knows counted days only, and no calendar: a school that has a holiday of its own is behind here
until its next counted day. It is a hint to ask, and no finding.
"""

from __future__ import annotations

from datetime import date

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import of_days, of_district, parameters
from models.school_year import school_year_of
from models.trends.answers import Late
from models.trends.scope import Scope

_LAST = """SELECT district_id, school_id, max(date) AS last
FROM day_counts FINAL
WHERE school_year = {{year:UInt16}} AND date <= {{as_of:Date}} AND counted > 0 AND {days}
GROUP BY district_id, school_id"""

_BEHIND = f"""SELECT
    schools.district_id, schools.school_id, schools.last, countIf(days.date > schools.last) AS behind
FROM ({_LAST}) AS schools
INNER JOIN
(
    SELECT DISTINCT district_id, date
    FROM district_days FINAL
    WHERE school_year = {{{{year:UInt16}}}} AND date <= {{{{as_of:Date}}}} AND counted > 0
        AND dimension = 'all' AND {{of_district}}
) AS days
ON schools.district_id = days.district_id
GROUP BY ALL
HAVING behind > 0
ORDER BY behind DESC, schools.district_id, schools.school_id"""


def late_schools(client: Client, scope: Scope, as_of: date) -> list[Late]:
    """The schools of a scope that are behind as of a day of the school year, the latest first."""
    query = _BEHIND.format(days=of_days(scope), of_district=of_district(scope))
    given = parameters(scope, as_of=as_of, year=school_year_of(as_of))
    return [Late(*row) for row in client.query(query, parameters=given).result_rows]
