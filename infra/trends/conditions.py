"""A scope as conditions of SQL. Only names of our own are written into them; values go as parameters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from infra.clickhouse.cells import K12
from models.school_year import school_year_of
from models.trends.scope import Scope

# In tables that have all grades but PK as one: every student once.
EACH_ONCE = f"grade IN ('{K12}', 'PK')"
EVERYBODY = f"dimension = 'all' AND value = '' AND {EACH_ONCE}"


def parameters(scope: Scope, **more: Any) -> dict[str, Any]:
    """What the conditions take, and more."""
    return {
        "district": scope.district, "school": scope.school, "grade": scope.grade,
        "dimension": scope.dimension, "value": scope.value, **more,
    }  # fmt: skip


def over_days(scope: Scope, first: date, last: date, **more: Any) -> dict[str, Any]:
    """The same of a question over some days, with the school years that they are in."""
    years = {"first_year": school_year_of(first), "last_year": school_year_of(last)}
    return {**parameters(scope, first=first, last=last, **more), **years}


def of_days(scope: Scope) -> str:
    """The condition on `day_counts`."""
    return " AND ".join([*_places_and_group(scope), of_grade(scope)])


def days_of(scope: Scope) -> str:
    """The table in which a scope's days are the fewest rows: by school, or of the whole state by district."""
    return "district_days" if scope.state else "day_counts"


def of_fewest_days(scope: Scope) -> str:
    """The condition on the rows of `days_of`."""
    return of_school_days(scope) if scope.state else of_days(scope)


def of_school_days(scope: Scope) -> str:
    """The condition on `school_days`."""
    return " AND ".join([*_places_and_group(scope), of_whole_grade(scope)])


def of_whole_grade(scope: Scope) -> str:
    """The condition on a grade where all but PK are also there as one."""
    return "grade = {grade:String}" if scope.grade else f"grade = '{K12}'"


def of_each_grade() -> str:
    """The condition on a grade where each grade is asked for, and all but PK are also there as one."""
    return f"grade != '{K12}'"


def _places_and_group(scope: Scope) -> list[str]:
    return [
        "dimension = {dimension:String} AND value = {value:String}",
        *(["district_id = {district:String}"] if scope.district else []),
        *(["school_id = {school:String}"] if scope.school else []),
    ]


def of_district(scope: Scope) -> str:
    """The condition on the district alone."""
    return "district_id = {district:String}" if scope.district else "1"


def reasons_of(scope: Scope) -> str:
    """The table in which a scope's reasons are the fewest rows; none but the first has groups of a grade."""
    in_both = scope.grade and scope.dimension != "all"
    return "reason_counts" if scope.school or in_both else "district_reasons"


def of_reasons(scope: Scope) -> str:
    """The condition on the rows of `reasons_of`."""
    if reasons_of(scope) == "district_reasons":
        return of_school_days(scope)
    return " AND ".join(
        [
            *([f"{scope.dimension} = {{value:String}}"] if scope.dimension != "all" else []),
            *(["district_id = {district:String}"] if scope.district else []),
            *(["school_id = {school:String}"] if scope.school else []),
            of_grade(scope),
        ]
    )


def of_students(scope: Scope) -> str:
    """The condition on rows of students, such as facts: the district and the group."""
    conditions = [of_district(scope)]
    if scope.dimension != "all":
        # Who has no student record is in the group "not given".
        among, shown = ("IN", "= {value:String}") if scope.value else ("NOT IN", "!= ''")
        conditions.append(
            f"(district_id, student_id) {among} (SELECT district_id, student_id FROM students FINAL"
            f" WHERE {scope.dimension} {shown}"
            f"{' AND district_id = {district:String}' if scope.district else ''})"
        )
    return " AND ".join(conditions)


def of_standings(scope: Scope) -> str:
    """The condition on `standings` but for the grade: those of the school where one is asked for."""
    place = "scope = 'school' AND school_id = {school:String}" if scope.school else "scope = 'district'"
    return f"{place} AND {of_students(scope)}"


def of_grade(scope: Scope, grade: str = "grade") -> str:
    """The condition on a grade, in a column of our own."""
    return f"{grade} = {{grade:String}}" if scope.grade else f"{grade} != 'PK'"


def spans(scope: Scope, names: Sequence[str]) -> str:
    """Where each student of a district or the state is a row, as of a day, with columns of `district_spans`.

    It takes the parameters `year` and `as_of`. More conditions may follow.
    """
    group = [scope.dimension] if scope.dimension != "all" else []
    conditions = [
        "school_year = {year:UInt16}",
        "month = toStartOfMonth({as_of:Date})",
        of_district(scope),
        "begins <= {as_of:Date} AND ends > {as_of:Date}",
        *(f"{name} = {{value:String}}" for name in group),
    ]
    return (
        f"district_spans FINAL ARRAY JOIN {', '.join(('begins', 'ends', *names, *group))} "
        f"WHERE {' AND '.join(conditions)}"
    )
