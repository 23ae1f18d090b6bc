"""The tables of a district as papers print them, out of the release of the same students.

Papers decide nothing: what they show is what the release of the district and date shows, and what is not in
it is hidden (docs/adr/0032). So no paper says more beside the release, or another paper, than each alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from models.papers.people import Person
from models.releases import bands
from models.releases.counted import Students
from models.releases.made import made_bands
from models.suppression.limits import CONNECTICUT, Limits
from models.suppression.tables import ALL, Place
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS


class Numbers(NamedTuple):
    """The numbers of a group of students, None where hidden or not in the tables. The bands are BANDS."""

    students: int | None
    chronic: int | None
    under_5: int | None
    under_10: int | None
    under_20: int | None
    over_20: int | None


class Tables(NamedTuple):
    """The answers by place (school, grade, group), K-12; `values` are those of each kind of student group."""

    answers: dict[Place, Numbers]
    schools: tuple[str, ...]
    grades: tuple[str, ...]
    values: dict[str, tuple[str, ...]]

    def ask(self, school: str = ALL, grade: str = ALL, group: str = ALL) -> Numbers:
        """The numbers of a group. Raises KeyError where it is in none of the tables."""
        return self.answers[school, grade, group]


def true_tables(persons: Sequence[Person]) -> Tables:
    """All numbers as they are: for those who may see students."""
    rows = {row.place: row for row in bands.tables(students(persons))[0]}
    return _tables(persons, rows, lambda place: _numbers(rows[place].size, rows[place].counts))


def released_tables(persons: Sequence[Person], limits: Limits = CONNECTICUT) -> Tables:
    """The numbers that may leave the office, those of PK students decided with them as in a release.

    Raises NotProven, which is a fault of the program, and ValueError where groups contradict each other.
    """
    answers = made_bands(students(persons), limits).answers
    return _tables(persons, answers, lambda place: _numbers(answers[place].size, answers[place].counts))


def students(persons: Sequence[Person]) -> list[Students]:
    """The students as a release counts them."""
    alike = Counter(
        (
            each.standing.school,
            each.standing.grade,
            tuple(each.groups[name] for name in DIMENSIONS),
            BANDS.index(each.band),
        )
        for each in persons
    )
    return [Students(*what, number) for what, number in sorted(alike.items())]


def _tables(
    persons: Sequence[Person], places: Mapping[Place, object], numbers: Callable[[Place], Numbers]
) -> Tables:
    older = [each.standing for each in persons if each.is_k12]
    return Tables(
        {place: numbers(place) for place in sorted(places) if place[1] != bands.PRE_K},
        tuple(sorted({each.school for each in older})),
        tuple(sorted({each.grade for each in older}, key=_grade_order)),
        # Of PK students too: that no older one is in a group is nothing that a missing row may tell.
        {name: tuple(sorted({each.groups[name] for each in persons})) for name in DIMENSIONS},
    )


def _numbers(size: int | None, counts: Mapping[str, int | None]) -> Numbers:
    return Numbers(size, counts.get(bands.CHRONIC), *(counts.get(band) for band in BANDS))


def _grade_order(grade: str) -> int:
    return 0 if grade == "K" else int(grade)
