"""The same questions for all schools, grades or group values of a scope at once: one query each, not N."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.clickhouse.cells import COUNTS
from infra.trends.attendance import PERIODS, check_dates
from infra.trends.bands import AS_OF, of_day
from infra.trends.conditions import (
    days_of,
    of_district,
    of_each_grade,
    of_grade,
    of_standings,
    of_students,
    of_whole_grade,
    over_days,
    parameters,
)
from models.trends.answers import BANDS, Bands, BandsOf, Counts, CountsOf, Page, Period
from models.trends.breakdown import check_breakdown
from models.trends.scope import DIMENSIONS, Scope

PARTS = {"district": "district_id", "school": "school_id", "grade": "grade"}
"""The columns of breakdowns; those of groups have the names of the groups."""

# Of parts that are not schools, of the state or of a district: the changes of all days by then, added up.
_OF_DISTRICTS = f"""SELECT toString({{part}}) AS part, {", ".join(f"sum({name})" for name in BANDS)}
FROM district_bands FINAL
WHERE school_year = {{{{year:UInt16}}}} AND date <= {{{{as_of:Date}}}}
    AND dimension = {{{{dimension:String}}}} AND {{value}} AND {{grade}} AND {{district}}
GROUP BY part
HAVING {" + ".join(f"sum({name})" for name in BANDS)} > 0
ORDER BY part"""


def attendance_by(
    client: Client,
    scope: Scope,
    breakdown: str,
    first: date,
    last: date,
    by: Period,
    page: Page,
    schools: Sequence[str] = (),
) -> list[CountsOf]:
    """What `attendance` gives for each part that has a counted day, by period and then part by its bytes.

    `schools` leaves in only these. Raises BadQuestion.
    """
    check_breakdown(scope, breakdown)
    check_dates(first, last)
    group = breakdown in DIMENSIONS
    after, more = "", {}
    if page.after is not None:
        kind = "UInt8" if by == "weekday" else "Date"
        after = f"HAVING (period, part) > ({{after:{kind}}}, {{after_part:String}}) "
        more = {"after": page.after[0], "after_part": page.after[1]}
    rows = client.query(
        f"SELECT {'value' if group else PARTS[breakdown]} AS part, {PERIODS[by]} AS period, "
        f"uniqExact(date), {', '.join(f'sum({name})' for name in COUNTS)} FROM {days_of(scope)} FINAL "
        "WHERE school_year BETWEEN {first_year:UInt16} AND {last_year:UInt16} "
        "AND date BETWEEN {first:Date} AND {last:Date} AND counted > 0 "
        f"AND dimension = {{dimension:String}} AND {_within(scope, breakdown, schools)} "
        f"{'' if group else 'AND value = {value:String} '}"
        f"GROUP BY part, period {after}ORDER BY period, part LIMIT {{limit:UInt32}}",
        parameters={
            **over_days(scope, first, last, schools=list(schools), limit=page.limit, **more),
            **({"dimension": breakdown} if group else {}),
        },
    ).result_rows
    return [CountsOf(part, Counts(*counts)) for part, *counts in rows]


def _within(scope: Scope, breakdown: str, schools: Sequence[str]) -> str:
    return " AND ".join(
        [
            *(["district_id = {district:String}"] if scope.district else []),
            *(["school_id = {school:String}"] if scope.school else []),
            *(["school_id IN {schools:Array(String)}"] if schools else []),
            _grades(scope, breakdown, whole=scope.state),
        ]
    )


def _grades(scope: Scope, breakdown: str, whole: bool) -> str:
    """The condition on the grade; `whole`: of a table that has all but PK also as one."""
    if breakdown == "grade":
        return of_each_grade() if whole else "1"
    return of_whole_grade(scope) if whole else of_grade(scope)


def bands_by(
    client: Client, scope: Scope, breakdown: str, as_of: date, schools: Sequence[str] = ()
) -> list[BandsOf]:
    """What `bands` gives for each part that has a student, by the bytes of the part.

    Of the parts of a district that are schools each has the students and days that it had. `schools` leaves
    in only these. Raises BadQuestion.
    """
    check_breakdown(scope, breakdown)
    if not scope.school and breakdown != "school":
        return _of_districts(client, scope, breakdown, as_of)
    students = _standings(scope, breakdown, schools)
    return _bands_by(client, AS_OF.format(students=students), scope, breakdown, schools, of_day(as_of))


def _of_districts(client: Client, scope: Scope, breakdown: str, as_of: date) -> list[BandsOf]:
    group = breakdown in DIMENSIONS
    query = _OF_DISTRICTS.format(
        part="value" if group else PARTS[breakdown],
        value="1" if group else "value = {value:String}",
        grade=_grades(scope, breakdown, whole=True),
        district=of_district(scope),
    )
    given = parameters(scope, **of_day(as_of))
    rows = client.query(query, parameters={**given, **({"dimension": breakdown} if group else {})})
    return [BandsOf(part, Bands(*map(int, held))) for part, *held in rows.result_rows]


def _standings(scope: Scope, breakdown: str, schools: Sequence[str]) -> str:
    """The condition on standings: of schools each with its own days, else as the scope says."""
    if breakdown == "school":
        return f"scope = 'school' AND {of_students(scope)}{only(schools)}"
    return of_standings(scope)


def only(schools: Sequence[str]) -> str:
    """The further condition that leaves in only some schools, if any are named."""
    return " AND school_id IN {schools:Array(String)}" if schools else ""


def _bands_by(
    client: Client, students: str, scope: Scope, breakdown: str, schools: Sequence[str], given: dict[str, Any]
) -> list[BandsOf]:
    part, groups = PARTS.get(breakdown, breakdown), ""
    if breakdown in DIMENSIONS:
        # Who has no student record has a blank: "not given".
        groups = (
            f" LEFT JOIN (SELECT district_id, student_id, {breakdown} FROM students FINAL"
            f"{' WHERE district_id = {district:String}' if scope.district else ''}) AS groups"
            " ON held.district_id = groups.district_id AND held.student_id = groups.student_id"
        )
    grade = _grades(scope, breakdown, whole=False)
    query = (
        f"SELECT toString({part}) AS part, band, count() FROM ({students}) AS held{groups} "
        f"WHERE {grade} GROUP BY part, band ORDER BY part"
    )
    found: dict[str, list[int]] = {}
    rows = client.query(query, parameters=parameters(scope, schools=list(schools), **given)).result_rows
    for held, band, students_in in rows:
        found.setdefault(held, [0, 0, 0, 0])[int(band)] = int(students_in)
    return [BandsOf(held, Bands(*counts)) for held, counts in found.items()]
