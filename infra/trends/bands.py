"""How many students miss how much: by band and tier, as of any day, and as it was known at any instant."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.clickhouse.district_counts import BANDS
from infra.trends.conditions import (
    of_district,
    of_grade,
    of_standings,
    of_students,
    of_whole_grade,
    parameters,
)
from models.school_year import school_year_of
from models.trends.answers import Bands
from models.trends.scope import Scope

_STEPS = """SELECT
        arrayLast(step -> step.1 <= {{as_of:Date}}, steps) AS step, step.3 AS grade, step.4 AS band
    FROM standings FINAL
    WHERE school_year = {{year:UInt16}} AND {standings}
        AND arrayExists(step -> step.1 <= {{as_of:Date}}, steps)"""

# Of the state and of districts: the changes of all days by then, added up.
_OF_DISTRICTS = f"""SELECT {", ".join(f"sum({name})" for name in BANDS)}
FROM district_bands FINAL
WHERE school_year = {{{{year:UInt16}}}} AND date <= {{{{as_of:Date}}}}
    AND dimension = {{{{dimension:String}}}} AND value = {{{{value:String}}}}
    AND {{grade}} AND {{district}}"""

_AS_OF = f"""SELECT band, count()
FROM
(
    {_STEPS}
)
WHERE {{grade}}
GROUP BY band"""

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
_KNOWN = f"""SELECT band, count()
FROM
(
    SELECT band, grade
    FROM ({_STEPS} AND (district_id, student_id) NOT IN {_LEARNED})
    UNION ALL
    SELECT
        multiIf(20 * absent < enrolled, 0, 10 * absent < enrolled, 1, 5 * absent < enrolled, 2, 3) AS band,
        grade
    FROM
    (
        SELECT
            if(max(older), countIf(older), count()) AS enrolled,
            if(max(older), countIf(older AND away), countIf(away)) AS absent,
            if(max(older), argMaxIf(held_grade, date, older), argMax(held_grade, date)) AS grade
        FROM
        (
            SELECT
                district_id, student_id, date, argMax(grade, version) AS held_grade,
                held_grade != 'PK' AS older, argMax(class, version) != '' AS away
            FROM fact_history
            PREWHERE student_id IN (SELECT student_id FROM {_LEARNED})
            WHERE school_year = {{{{year:UInt16}}}} AND date BETWEEN {{{{first:Date}}}} AND {{{{as_of:Date}}}}
                AND known_at <= parseDateTime64BestEffort({{{{known_at:String}}}}, 3, 'UTC') AND {{students}}
                AND (district_id, student_id) IN {_LEARNED}
            GROUP BY district_id, school_id, student_id, date
            HAVING argMax(counted, version)
        )
        GROUP BY district_id, student_id
    )
)
WHERE {{grade}}
GROUP BY band"""


def bands(client: Client, scope: Scope, as_of: date) -> Bands:
    """The students of a scope as of a day, in the school year that it is in.

    A student counts in the district with all days there, at a school with the days there, in the grade of the
    last counted day.
    """
    given = parameters(scope, as_of=as_of, year=school_year_of(as_of))
    if not scope.school:
        query = _OF_DISTRICTS.format(grade=of_whole_grade(scope), district=of_district(scope))
        return Bands(*map(int, client.query(query, parameters=given).result_rows[0]))
    query = _AS_OF.format(standings=of_standings(scope), grade=of_grade(scope))
    return _bands(client.query(query, parameters=given).result_rows)


def bands_as_known(client: Client, scope: Scope, as_of: date, known_at: datetime) -> Bands:
    """The same from the facts that had been published at an instant (with an offset); groups are today's."""
    if known_at.tzinfo is None:
        raise ValueError("an instant has an offset")
    year = school_year_of(as_of)
    students = of_students(scope) + (" AND school_id = {school:String}" if scope.school else "")
    given = parameters(
        scope,
        as_of=as_of,
        year=year,
        first=date(year, 7, 1),
        known_at=known_at.isoformat(timespec="milliseconds"),
    )
    query = _KNOWN.format(
        standings=of_standings(scope),
        students=students,
        district=of_district(scope),
        grade=of_grade(scope),
    )
    return _bands(client.query(query, parameters=given).result_rows)


def _bands(rows: Any) -> Bands:
    found = {int(band): int(students) for band, students in rows}
    return Bands(*(found.get(band, 0) for band in range(4)))
