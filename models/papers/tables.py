"""The tables of a district as one release: school x grade, school x group, grade x group, with all margins.

Every paper of a date asks the same release, so that no two of them say more together than each alone. The
bands are a second and a third release within the first: how many of the chronically absent are severely so,
and how many of the others are at risk. Both are decided for a reader who knows the numbers of the first, and
shown only where that shows its own (docs/adr/0027).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from models.papers.people import Person
from models.student_groups import HIGH_NEEDS, NEEDS, member
from models.suppression.limits import CONNECTICUT, Limits
from models.suppression.proof import unproven
from models.suppression.release import Answer, release
from models.suppression.tables import ALL, Divided, Place, Row, Structure, United
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS

Count = Callable[[Place], int]


class Numbers(NamedTuple):
    """The numbers of a group of students, None where hidden. The bands are BANDS."""

    students: int | None
    chronic: int | None
    under_5: int | None
    under_10: int | None
    under_20: int | None
    over_20: int | None


class Tables(NamedTuple):
    """The answers by place (school, grade, group). Bands are shown where at most one of these is named."""

    answers: dict[Place, Numbers]
    schools: tuple[str, ...]
    grades: tuple[str, ...]
    values: dict[str, tuple[str, ...]]

    def ask(self, school: str = ALL, grade: str = ALL, group: str = ALL) -> Numbers:
        """The numbers of a group. Raises KeyError where it is in none of the tables."""
        return self.answers[school, grade, group]


def true_tables(persons: Sequence[Person]) -> Tables:
    """All numbers as they are: for those who may see students."""
    rows = _Rows(persons)
    answers = {
        place: Numbers(
            rows.students[place],
            rows.chronic(place),
            *(rows.bands[place, band] for band in BANDS),
        )
        for place in rows.places
    }
    return Tables(answers, rows.schools, rows.grades, rows.values)


class NotProven(Exception):
    """What was decided has no proof, and must not be shown. The message names no number."""


def released_tables(persons: Sequence[Person], limits: Limits = CONNECTICUT) -> Tables:
    """The numbers that may leave the office. Raises NotProven, which is a fault of the program."""
    rows = _Rows(persons)
    margins = [place for place in rows.places if sum(part != ALL for part in place) <= 1]
    first = rows.released(rows.places, rows.students.__getitem__, rows.chronic, "chronic", limits)
    over_20 = rows.released(margins, rows.chronic, rows.in_band("over_20"), "over_20", limits)
    under_10 = rows.released(margins, rows.others, rows.in_band("under_10"), "under_10", limits)
    answers = {}
    for place, answer in first.items():
        chronic, size = answer.counts["chronic"], answer.size
        worst = over_20[place].counts["over_20"] if place in over_20 and chronic is not None else None
        some = under_10[place].counts["under_10"] if place in under_10 and chronic is not None else None
        answers[place] = Numbers(
            size,
            chronic,
            None if some is None or size is None or chronic is None else size - chronic - some,
            None if size is None else some,
            None if worst is None or chronic is None else chronic - worst,
            worst,
        )
    return Tables(answers, rows.schools, rows.grades, rows.values)


class _Rows:
    """The students counted by place; every school and grade has every group, those of nobody too."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self.students: Counter[Place] = Counter()
        self.bands: Counter[tuple[Place, str]] = Counter()
        values: dict[str, set[str]] = {dimension: set() for dimension in DIMENSIONS}
        places: set[Place] = {(ALL, ALL, ALL)}
        schools, grades = set(), set()
        for each in persons:
            school, grade, groups = each.standing.school, each.standing.grade, each.groups
            schools.add(school)
            grades.add(grade)
            for dimension in DIMENSIONS:
                values[dimension].add(groups[dimension])
            named = [member(dimension, groups[dimension]) for dimension in DIMENSIONS]
            for place in product((school, ALL), (grade, ALL), (*named, ALL)):
                if ALL in place:
                    self.students[place] += 1
                    self.bands[place, each.band] += 1
                    places.add(place)
        self.schools, self.grades = tuple(sorted(schools)), tuple(sorted(grades, key=_grade_order))
        self.values = {dimension: tuple(sorted(held)) for dimension, held in values.items()}
        every = [member(dimension, value) for dimension, held in self.values.items() for value in held]
        places |= set(product(self.schools, (ALL,), every)) | set(product((ALL,), self.grades, every))
        self.places = sorted(places)

    def chronic(self, place: Place) -> int:
        """Absent on 10 % or more: the upper two bands."""
        return self.bands[place, "under_20"] + self.bands[place, "over_20"]

    def others(self, place: Place) -> int:
        """All others."""
        return self.students[place] - self.chronic(place)

    def in_band(self, band: str) -> Count:
        """How many of a place are in a band."""
        return lambda place: self.bands[place, band]

    def released(
        self, places: Iterable[Place], size: Count, count: Count, measure: str, limits: Limits
    ) -> Mapping[Place, Answer]:
        """What may be said of how many of some students something is true. Raises NotProven."""
        rows = [Row(place, size(place), {measure: count(place)}) for place in places]
        decided = release(rows, self._structure(measure), limits)
        try:
            open_to = [key for proof in (decided.sizes, decided.counts) for key in unproven(*proof)]
        except AssertionError:
            raise NotProven("a table that is to prove it does not look the same") from None
        if open_to:
            raise NotProven("a hidden number could be worked out from what would be shown")
        return decided.answers

    def _structure(self, measure: str) -> Structure:
        """What everybody knows of the tables."""
        partitions = [
            tuple(member(dimension, value) for value in held)
            for dimension, held in self.values.items()
            if held
        ]
        return Structure(
            (measure,),
            (
                Divided(0, ALL, self.schools),
                Divided(1, ALL, self.grades),
                *(Divided(2, ALL, parts) for parts in partitions),
            ),
            (United(2, HIGH_NEEDS, NEEDS),),
        )


def _grade_order(grade: str) -> int:
    return 0 if grade == "K" else int(grade)
