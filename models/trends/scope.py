"""Whom a question is about. There is no question without it, and none that reaches beyond it.

What comes back are true counts, small ones too: whoever shows them to people who may not see students
suppresses small cells first.
"""

from __future__ import annotations

from dataclasses import dataclass

DIMENSIONS = (
    "english_learner",
    "disability",
    "meals",
    "high_needs",
    "homeless",
    "race_ethnicity",
    "gender",
)
"""The kinds of student groups, as the student record names them; `all` is everybody."""

GRADES = ("PK", "K", *map(str, range(1, 13)))


class BadQuestion(ValueError):
    """A question that has no answer. The message says why, and shows no id."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All districts that are held (`state` is given), or one; of these a school, a grade, a student group.

    `dimension` and `value` name a group, such as `meals` and `free`; a blank value is "not given". Without
    a grade PK is left out, as in the published rates. Raises BadQuestion.
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
