"""Two counts of the same groups: students, and how many of them are chronically absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models import percent
from models.policy import Policy
from models.reconcile.causes import Explained, causes
from models.reconcile.reading import Reading, alternatives
from models.reconcile.recount import Evidence, recount
from models.reconcile.students import codes_in

DISTRICT = ""


class Group(NamedTuple):
    """A school, or the whole district where it is blank, and a student group; `all` is everybody.

    `dimension` is one of models.trends.scope.DIMENSIONS, `grade` or `all`.
    """

    school: str
    dimension: str = "all"
    value: str = ""


class TheirGroup(NamedTuple):
    """What the other says of a group; None is not said, or hidden.

    `rate` is a whole number: percent times 10 ** `places`.
    """

    students: int | None = None
    chronic: int | None = None
    rate: int | None = None
    places: int = 0


class OurGroup(NamedTuple):
    """Our count of a group."""

    students: int
    chronic: int

    def rate(self, places: int) -> int | None:
        """The chronic rate in percent times 10 ** `places`, half up; None where there is nobody."""
        return percent.rounded(self.chronic, self.students, places) if self.students else None


class Person(NamedTuple):
    """Where a student is counted: the school and grade of the last membership day, and the groups."""

    school: str
    grade: str
    groups: Mapping[str, str]


def agrees(theirs: TheirGroup | None, ours: OurGroup | None) -> bool:
    """Whether all that they say is what we count; nobody is 0 students."""
    if theirs is None:
        return ours is None
    ours = ours or OurGroup(0, 0)
    return (
        theirs.students in (None, ours.students)
        and theirs.chronic in (None, ours.chronic)
        and (theirs.rate is None or theirs.rate == ours.rate(theirs.places))
    )


def explain_groups(
    theirs: Mapping[Group, TheirGroup],
    evidence: Mapping[str, Evidence],
    people: Mapping[str, Person],
    base: Reading,
    policy: Policy,
) -> Explained[Group]:
    """The causes of each group's difference; only the groups that they name are compared."""

    def ours(reading: Reading, of: Sequence[Group]) -> dict[Group, OurGroup]:
        return count_groups(evidence, people, of, reading)

    tried = alternatives(base, policy, *codes_in(evidence))
    return causes(theirs, ours, list(theirs), base, tried, agrees)


def count_groups(
    evidence: Mapping[str, Evidence], people: Mapping[str, Person], keys: Sequence[Group], reading: Reading
) -> dict[Group, OurGroup]:
    """Our counts of some groups under a reading.

    In school scope a student counts at each school with the days there, else with all days at the last one.
    """
    asked = set(keys)
    wanted = {(key.dimension, key.value) for key in asked}
    found: dict[Group, list[int]] = {}
    for student, held in evidence.items():
        person = people[student]
        memberships = [
            (dimension, value)
            for dimension, value in (("all", ""), ("grade", person.grade), *person.groups.items())
            if (dimension, value) in wanted
        ]
        if not memberships:
            continue
        for school, chronic in _counted(held, reading, person.school):
            for dimension, value in memberships:
                key = Group(school, dimension, value)
                if key in asked:
                    cell = found.setdefault(key, [0, 0])
                    cell[0] += 1
                    cell[1] += chronic
    return {key: OurGroup(*cell) for key, cell in found.items()}


def _counted(held: Evidence, reading: Reading, last_school: str) -> list[tuple[str, bool]]:
    """The schools that the student is counted at, the district among them, and whether chronic there."""
    whole = recount(held, reading._replace(school_scope=False))
    counted = [] if whole is None else [(DISTRICT, whole.chronic)]
    if not reading.school_scope:
        return counted + [(last_school, chronic) for _, chronic in counted]
    for school in dict.fromkeys(part.school for part in held.year.parts):
        here = recount(held, reading, school)
        if here is not None:
            counted.append((school, here.chronic))
    return counted
