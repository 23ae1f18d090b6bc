"""Students by how much they miss: school x grade, school x group, grade x group, with all margins.

By band at schools and in grades, and of student groups in the district as a whole; of a group at a school or
in a grade only the chronically absent. Each student is counted once, at the last school. PK is a grade of its
own and in no total, as in the published rates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product

from models.releases.counted import Students
from models.student_groups import HIGH_NEEDS, NEEDS, member
from models.suppression.tables import ALL, Divided, Inside, Place, Row, Structure, United
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS

CHRONIC = "chronic"
"""Absent on 10 % and more: the upper two bands."""
MEASURES = (*BANDS, CHRONIC)

PRE_K = "PK"

DISTRICT: Place = (ALL, ALL, ALL)

FEWER = range(4)
"""How far bands are left out: nowhere, in grades, at schools and of groups too, in the district too."""


def tables(students: Sequence[Students], fewer: int = 0) -> tuple[list[Row], Structure]:
    """The rows of all tables, and what anybody knows of them; `fewer` is one of FEWER.

    Every school, grade and the district has every group that anybody is in, so that no missing row says that
    nobody is.
    """
    counts: Counter[tuple[str, Place]] = Counter()
    sizes: Counter[Place] = Counter()
    members = _members(students)
    for each in students:
        names = (BANDS[each.band], *((CHRONIC,) if each.band >= 2 else ()))
        for place in _places(each):
            sizes[place] += each.number
            for name in names:
                counts[name, place] += each.number
    whole = {(school, grade) for school, grade, _ in sizes if ALL in (school, grade)}
    every = {(*pair, group) for pair in whole for group in _flat(members)} | sizes.keys()
    rows = [
        Row(place, sizes[place], {name: counts[name, place] for name in measures(place, fewer)})
        for place in every
    ]
    return rows, _structure({place[0] for place in every}, {place[1] for place in every}, members)


def measures(place: Place, fewer: int = 0) -> tuple[str, ...]:
    """What is counted of a place: of part of a student group the chronically absent alone.

    There bands are small, and would hide others beside them.
    """
    school, grade, group = place
    if group != ALL and (school, grade) != (ALL, ALL):
        return (CHRONIC,)
    named = (grade != ALL, (school, group) != (ALL, ALL), True)
    return (CHRONIC,) if any(named[:fewer]) else MEASURES


def _places(each: Students) -> list[Place]:
    grades = (each.grade,) if each.grade == PRE_K else (each.grade, ALL)
    groups = (ALL, *(member(name, value) for name, value in zip(DIMENSIONS, each.groups, strict=True)))
    return [place for place in product((each.school, ALL), grades, groups) if _is_asked(place)]


def _is_asked(place: Place) -> bool:
    """School x grade x group is in no table; a PK total is one of a grade, whatever the school."""
    school, grade, group = place
    return ALL in (school, grade, group)


def _members(students: Iterable[Students]) -> list[tuple[str, ...]]:
    values: list[set[str]] = [set() for _ in DIMENSIONS]
    for each in students:
        for held, value in zip(values, each.groups, strict=True):
            held.add(value)
    return [
        tuple(sorted(member(name, value) for value in held))
        for name, held in zip(DIMENSIONS, values, strict=True)
    ]


def _flat(members: Iterable[tuple[str, ...]]) -> list[str]:
    return [one for of in members for one in of]


def _structure(schools: set[str], grades: set[str], members: list[tuple[str, ...]]) -> Structure:
    there = set(_flat(members))
    return Structure(
        measures=MEASURES,
        divided=(
            Divided(0, ALL, tuple(sorted(schools - {ALL}))),
            Divided(1, ALL, tuple(sorted(grades - {ALL, PRE_K}))),
            *(Divided(2, ALL, of) for of in members if of),
        ),
        united=(United(2, HIGH_NEEDS, NEEDS),) if HIGH_NEEDS in there else (),
        inside=tuple(
            inside
            for inside in _high_needs(members)
            if inside.part in there and there.intersection(inside.wholes)
        ),
        outcomes=(("", BANDS), (CHRONIC, BANDS[2:])),
        rest=(BANDS[0],),
    )


def _high_needs(members: list[tuple[str, ...]]) -> list[Inside]:
    """High needs are "no" where all three are, and not given where none is "yes" and one is not given."""
    meals = members[DIMENSIONS.index("meals")]
    no_meals = tuple(one for one in meals if one not in (*NEEDS, "meals="))
    return [
        Inside(2, "high_needs=no", ("english_learner=no",)),
        Inside(2, "high_needs=no", ("disability=no",)),
        Inside(2, "high_needs=no", no_meals),
        Inside(2, "high_needs=", ("disability=", "english_learner=", "meals=")),
    ]
