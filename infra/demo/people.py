"""Who the made-up students are: the demo shows names, because nobody has them."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date

from infra.simulator import cast
from infra.simulator.district import District
from infra.simulator.people import Student

CAST = frozenset(cast.cast_id(role) for role in cast.ROLES)
_GRADES = {"PK": "pre-kindergarten", "K": "kindergarten"}


class Directory:
    """The students of a simulated district by id."""

    def __init__(self, district: District) -> None:
        self._students = {student.student_id: student for student in district.students}
        self._days = district.school_days
        self._schools = district.schools
        self._names = {school.school_id: school.name for school in district.schools}

    def who(self, student_id: str, day: date | None) -> str:
        """Name, grade and the school attended on a date: `Ana Ferro, grade 4, Maple Elementary School`."""
        student = self._students[student_id]
        grade = _GRADES.get(student.grade, f"grade {student.grade}")
        return f"{student.first_name} {student.last_name}, {grade}, {self._attended(student, day)}"

    def school(self, school_id: str) -> str:
        """The name of a school."""
        return self._names.get(school_id, school_id)

    def _attended(self, student: Student, day: date | None) -> str:
        """The school of that day; outside of all stays that of the one begun last."""
        index = bisect_right(self._days, day) - 1 if day is not None else 0
        begun = [stay for stay in student.stays if stay.first <= index] or student.stays[:1]
        return self._schools[begun[-1].school].name
