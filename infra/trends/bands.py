"""How many students miss how much: by band and tier, as of any day."""

from __future__ import annotations

from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import (
    of_district,
    of_grade,
    of_standings,
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


def of_day(as_of: date) -> dict[str, Any]:
    """The parameters of AS_OF."""
    return {"as_of": as_of, "year": school_year_of(as_of)}


def _bands(client: Client, students: str, scope: Scope, given: dict[str, Any]) -> Bands:
    query = f"SELECT band, count() FROM ({students}) WHERE {of_grade(scope)} GROUP BY band"
    rows = client.query(query, parameters=parameters(scope, **given)).result_rows
    found = {int(band): int(held) for band, held in rows}
    return Bands(*(found.get(band, 0) for band in range(4)))
