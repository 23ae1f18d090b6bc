"""Whom a question is about. There is no question without it, and none that reaches beyond it.

What comes back are true counts, small ones too: whoever shows them to people who may not see students
suppresses small cells first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.clickhouse.day_counts import DIMENSIONS

GRADES = ("PK", "K", *map(str, range(1, 13)))


class BadQuestion(ValueError):
    """A question that has no answer. The message says why, and shows no id."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All districts that are held (`state` is given), or one; of these a school, a grade, a student group.

    `dimension` and `value` name a group, such as `meals` and `free`; a blank value is "not given". Without
    a grade PK is left out, as in the published rates.
    """

    district: str = ""
    state: bool = False
    school: str = ""
    grade: str = ""
    dimension: str = "all"
    value: str = ""

    def __post_init__(self) -> None:
        if self.state == bool(self.district):
            raise BadQuestion("name a district, or ask for the whole state; not both, and not neither")
        if self.school and not self.district:
            raise BadQuestion("a school is one of a district; name the district too")
        if self.grade and self.grade not in GRADES:
            raise BadQuestion(f"a grade is one of {', '.join(GRADES)}")
        if self.dimension != "all" and self.dimension not in DIMENSIONS:
            raise BadQuestion(f"a group is one of {', '.join(DIMENSIONS)}")
        if self.dimension == "all" and self.value:
            raise BadQuestion("a value is one of a group; name the group too")

    def parameters(self, **more: Any) -> dict[str, Any]:
        """What the conditions take, and more."""
        return {
            "district": self.district, "school": self.school, "grade": self.grade,
            "dimension": self.dimension, "value": self.value, **more,
        }  # fmt: skip

    @property
    def of_days(self) -> str:
        """The condition on `day_counts`."""
        return " AND ".join(
            ["dimension = {dimension:String} AND value = {value:String}", *self._place(), self.of_grade]
        )

    @property
    def of_students(self) -> str:
        """The condition on rows of students, such as facts: the district and the group."""
        conditions = [*(["district_id = {district:String}"] if self.district else ["1"])]
        if self.dimension != "all":
            # Who has no student record is in the group "not given".
            among, shown = ("IN", "= {value:String}") if self.value else ("NOT IN", "!= ''")
            conditions.append(
                f"(district_id, student_id) {among} (SELECT district_id, student_id FROM students FINAL"
                f" WHERE {self.dimension} {shown}"
                f"{' AND district_id = {district:String}' if self.district else ''})"
            )
        return " AND ".join(conditions)

    @property
    def of_standings(self) -> str:
        """The condition on `standings` but for the grade: those of the school where one is asked for."""
        scope = "scope = 'school' AND school_id = {school:String}" if self.school else "scope = 'district'"
        return f"{scope} AND {self.of_students}"

    @property
    def of_grade(self) -> str:
        """The condition on a grade."""
        return "grade = {grade:String}" if self.grade else "grade != 'PK'"

    def _place(self) -> list[str]:
        return [
            *(["district_id = {district:String}"] if self.district else []),
            *(["school_id = {school:String}"] if self.school else []),
        ]
