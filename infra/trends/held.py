"""What the store has anything of: schools, grades, groups and their values, school years, days.

Rests on `school_days`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.trends.conditions import EACH_ONCE, EVERYBODY, of_each_grade, parameters
from models.school_year import school_year_of
from models.trends.answers import YearHeld
from models.trends.scope import GRADES, Scope

_BY_GRADE = f"dimension = 'all' AND value = '' AND {of_each_grade()}"
_GROUPS = f"dimension != 'all' AND {EACH_ONCE}"


def schools(client: Client, scope: Scope) -> list[str]:
    """The schools of a scope's district that have a counted day, by their bytes."""
    return [found for (found,) in _query(client, scope, "school_id", EVERYBODY)]


def grades(client: Client, scope: Scope) -> list[str]:
    """The grades that have a counted day, from PK to 12."""
    found = {grade for (grade,) in _query(client, scope, "grade", _BY_GRADE)}
    return [grade for grade in GRADES if grade in found]


def groups(client: Client, scope: Scope) -> list[tuple[str, str]]:
    """Each kind of group and each of its values that has a counted day; a blank value is "not given"."""
    return [(kind, value) for kind, value in _query(client, scope, "dimension, value", _GROUPS)]


def school_years(client: Client, scope: Scope) -> list[YearHeld]:
    """The school years that have a counted day, the newest first."""
    rows = client.query(
        "SELECT school_year, min(days[1]), max(days[-1]) FROM school_days FINAL "
        f"WHERE {EVERYBODY} AND {_of(scope)} "
        "GROUP BY school_year ORDER BY school_year DESC",
        parameters=parameters(scope),
    ).result_rows
    return [YearHeld(*row) for row in rows]


def data_through(client: Client, scope: Scope, until: date) -> date | None:
    """The last day not after `until` on which anybody of the district or school was counted; None: never."""
    # Of the table as a whole, which ClickHouse knows of its partitions without reading a row.
    ((first, last),) = client.query(
        "SELECT min(school_year), max(school_year) FROM school_days WHERE school_year <= {year:UInt16}",
        parameters={"year": school_year_of(until)},
    ).result_rows
    for year in range(last, first - 1, -1):
        # A year at a time: the newest nearly always has a day.
        ((days, found),) = client.query(
            "SELECT count(), max(arrayLast(day -> day <= {until:Date}, days)) FROM school_days FINAL "
            f"WHERE {EVERYBODY} AND {_of(scope)} "
            "AND school_year = {year:UInt16} AND days[1] <= {until:Date}",
            parameters=parameters(scope, until=until, year=year),
        ).result_rows
        if days:
            return found  # type: ignore[no-any-return]  # the client says nothing of its values
    return None


def _of(scope: Scope) -> str:
    return " AND ".join(
        [
            "notEmpty(days)",
            *(["district_id = {district:String}"] if scope.district else []),
            *(["school_id = {school:String}"] if scope.school else []),
        ]
    )


def _query(client: Client, scope: Scope, columns: str, which: str) -> Any:
    return client.query(
        f"SELECT DISTINCT {columns} FROM school_days FINAL WHERE {which} AND {_of(scope)} ORDER BY {columns}",
        parameters=parameters(scope),
    ).result_rows
