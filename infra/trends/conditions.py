"""A scope as conditions of SQL. Only names of our own are written into them; values go as parameters."""

from __future__ import annotations

from typing import Any

from infra.clickhouse.district_counts import K12
from models.trends.scope import Scope


def parameters(scope: Scope, **more: Any) -> dict[str, Any]:
    """What the conditions take, and more."""
    return {
        "district": scope.district, "school": scope.school, "grade": scope.grade,
        "dimension": scope.dimension, "value": scope.value, **more,
    }  # fmt: skip


def of_days(scope: Scope) -> str:
    """The condition on `day_counts`."""
    return " AND ".join([*_places_and_group(scope), of_grade(scope)])


def days_of(scope: Scope) -> str:
    """The table in which a scope's days are the fewest rows: by school, or of the whole state by district."""
    return "district_days" if scope.state else "day_counts"


def of_fewest_days(scope: Scope) -> str:
    """The condition on the rows of `days_of`."""
    if not scope.state:
        return of_days(scope)
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


def of_reasons(scope: Scope) -> str:
    """The condition on `reason_counts`."""
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


def of_grade(scope: Scope) -> str:
    """The condition on a grade."""
    return "grade = {grade:String}" if scope.grade else "grade != 'PK'"
