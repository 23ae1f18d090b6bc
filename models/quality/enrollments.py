"""Students whose enrollments at two schools overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from models.bits import span
from models.enrollment import Enrollment
from models.quality.finding import Finding
from models.quality.view import View
from models.school_year import first_day

NAME = "two_schools_at_once"


def overlap(one: Enrollment, other: Enrollment, year: int) -> int:
    """The days of a school year on which both hold, without a transfer day that both schools name."""
    first = max(one.entry, other.entry)
    last = min(one.last, other.last)
    if last <= first:
        return 0
    start = first_day(year).toordinal()
    end = first_day(year + 1).toordinal() - 1
    return span(max(first, start) - start, min(last, end) - start)


def two_schools_at_once(view: View) -> Iterator[Finding]:
    """A finding a school that has students with a later entry at another one.

    It is the school whose exit date is missing or too late; `part` of `whole` are students of the school's.
    """
    found: dict[str, tuple[int, int]] = {}
    of_school: dict[str, int] = {}
    start, end = first_day(view.year).toordinal(), first_day(view.year + 1).toordinal() - 1
    for student in view.ledger.students.values():
        held = [each.held for each in student.enrolled if each.held.last >= each.held.entry]
        for school in {each.school for each in held if each.entry <= end and each.last >= start}:
            of_school[school] = of_school.get(school, 0) + 1
        left: dict[str, int] = {}
        for one, other in combinations(held, 2):
            days = overlap(one, other, view.year)
            if days and one.school != other.school:
                # Of one entry date the later version has the days, and it comes later in `enrolled`.
                earlier = other if other.entry < one.entry else one
                left[earlier.school] = left.get(earlier.school, 0) | days
        for school, days in left.items():
            count, before = found.get(school, (0, 0))
            found[school] = (count + 1, before | days)
    for school, (count, days) in sorted(found.items()):
        dates = view.dates(days)
        yield Finding(NAME, view.district, school, "", "", count, of_school[school], "students", *dates)
