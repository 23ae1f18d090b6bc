"""Made-up students as the linked tables of a district: school x grade, school x group, grade x group."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from models.suppression.tables import ALL, Divided, Row, Structure, United


class Student(NamedTuple):
    """Where a student is, the groups the student is in, and what is true of the student."""

    school: str
    grade: str
    groups: tuple[str, ...]
    measures: tuple[str, ...]


def rows_of(students: Iterable[Student], groups: Iterable[str], measures: tuple[str, ...]) -> list[Row]:
    """The rows of all three tables with all margins; every school, grade and the district has every group."""
    size: Counter[tuple[str, ...]] = Counter()
    counts: Counter[tuple[str, tuple[str, ...]]] = Counter()
    places = set()
    for student in students:
        for place in product((student.school, ALL), (student.grade, ALL), (*student.groups, ALL)):
            if ALL in place:
                size[place] += 1
                counts.update((name, place) for name in student.measures)
                places |= {place, *((*place[:2], group) for group in groups if ALL in place[:2])}
    return [Row(place, size[place], {name: counts[name, place] for name in measures}) for place in places]


def structure_of(
    rows: Iterable[Row],
    measures: tuple[str, ...],
    partitions: Iterable[tuple[str, ...]],
    unions: Iterable[tuple[str, tuple[str, ...]]] = (),
) -> Structure:
    """What everybody knows of such rows; groups that are partitions of all, and groups that are unions."""
    schools, grades = (tuple({row.place[at] for row in rows} - {ALL}) for at in (0, 1))
    return Structure(
        measures=measures,
        divided=(
            Divided(0, ALL, schools),
            Divided(1, ALL, grades),
            *(Divided(2, ALL, parts) for parts in partitions),
        ),
        united=tuple(United(2, whole, parts) for whole, parts in unions),
        outcomes=(("", ("tier_1", "tier_2", "tier_3")), ("chronic", ("tier_2", "tier_3")))
        if "tier_1" in measures
        else (),
        rest=("tier_1",) if "tier_1" in measures else (),
    )


RACES = ("White", "Black", "Hispanic", "Asian", "Two or more", "American Indian", "Pacific Islander")
PARTITIONS = (
    RACES,
    ("Female", "Male", "Another"),
    ("English learner", "Not an English learner"),
    ("Disability", "No disability"),
    ("Free meals", "Reduced-price meals", "No meals"),
    ("High needs", "Not high needs"),
)
UNIONS = (("High needs", ("English learner", "Disability", "Free meals", "Reduced-price meals")),)
SPANS = (range(0, 6), range(6, 9), range(9, 13), range(0, 9))


def district(
    schools: int, in_a_grade: int, seed: int, measures: tuple[str, ...] = ("chronic",)
) -> tuple[list[Row], Structure]:
    """A district with Connecticut's groups, a few tiny schools, and rates that depend on high needs."""
    chance = random.Random(seed)
    students = []
    for number in range(schools):
        share = chance.choice((0.05, 0.5, 1, 1, 2))
        for grade in chance.choice(SPANS):
            for _ in range(int(in_a_grade * share)):
                learner, disability = chance.random() < 0.1, chance.random() < 0.15
                (meals,) = chance.choices(PARTITIONS[4], (36, 6, 58))
                needs = learner or disability or meals != "No meals"
                groups = (
                    *chance.choices(RACES, (50, 13, 27, 5, 4, 0.3, 0.1)),
                    *chance.choices(PARTITIONS[1], (49, 50.8, 0.2)),
                    PARTITIONS[2][not learner],
                    PARTITIONS[3][not disability],
                    meals,
                    PARTITIONS[5][not needs],
                )
                missed = chance.random() / (0.19 if needs else 0.07)
                true = ("tier_1",) if missed > 1 else ("chronic", "tier_3" if missed < 0.3 else "tier_2")
                students.append(Student(f"S{number:02d}", f"{grade:02d}", groups, true))
    groups = [group for parts in PARTITIONS for group in parts]
    rows = rows_of(students, groups, measures)
    return rows, structure_of(rows, measures, PARTITIONS, UNIONS)
