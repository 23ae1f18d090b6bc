"""A student's school year as sets of days: membership, counted, and absent by class (contract 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from models.bits import days, up_to
from models.enrollment import Stay
from models.mhw import VALID, judge

EXCUSED, UNEXCUSED, DISCIPLINARY, MHW, UNKNOWN = range(5)
CLASS_NAMES = ("excused", "unexcused", "disciplinary", "mhw", "unknown")
CLASS_INDEX = {name: index for index, name in enumerate(CLASS_NAMES)}


class Marks(NamedTuple):
    """A student's records of a year at one school: seen, absent by class, documented."""

    seen: int = 0
    absent: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    documented: int = 0


class SchoolYear(NamedTuple):
    """What a school gives: school days by track, reported days while negative, and its positive days."""

    school_days: Callable[[str], int]
    reported: int
    positive: int


class Part(NamedTuple):
    """The membership days of one stay."""

    school: str
    grade: str
    k12: bool
    membership: int
    counted: int


@dataclass(slots=True)
class StudentYear:
    """The year: its parts in date order, the sets of all of them, and what each MHW day is."""

    year: int
    parts: tuple[Part, ...]
    membership: int = 0
    k12_membership: int = 0
    counted: int = 0
    classes: list[int] = field(default_factory=lambda: [0] * 5)
    mhw: dict[int, str] = field(default_factory=dict)
    documented: int = 0

    @property
    def k12_counted(self) -> int:
        """The counted K-12 days."""
        return self.counted & self.k12_membership

    @property
    def absent(self) -> int:
        """The absent counted days; each is in exactly one class."""
        every = 0
        for held in self.classes:
            every |= held
        return every

    def owner(self, day: int) -> Part:
        """The part that a membership day belongs to."""
        return next(part for part in self.parts if part.membership >> day & 1)


def build(
    year: int,
    stays: Sequence[Stay],
    schools: Callable[[str], SchoolYear],
    marks: Mapping[str, Marks],
    mhw_limit: int = 2,
) -> StudentYear:
    """The student's year from the stays, the schools and the student's records by school."""
    parts: list[Part] = []
    result = StudentYear(year, ())
    mhw = 0
    for stay in stays:
        owned = stay.bits(year)
        if not owned:
            continue
        school = schools(stay.school)
        membership = owned & school.school_days(stay.track)
        if not membership:
            continue
        held = marks.get(stay.school)
        reported = school.reported & ~school.positive | (held.seen & school.positive if held else 0)
        counted = membership & reported
        parts.append(Part(stay.school, stay.grade, stay.k12, membership, counted))
        result.membership |= membership
        result.counted |= counted
        if stay.k12:
            result.k12_membership |= membership
        if held is not None:
            for index, absent in enumerate(held.absent):
                result.classes[index] |= absent & counted
            result.documented |= held.documented & counted
            mhw |= held.absent[MHW] & counted
    result.parts = tuple(parts)
    if mhw:
        result.mhw = judge(mhw, result.k12_membership, result.membership, mhw_limit)
        invalid = sum(1 << day for day, found in result.mhw.items() if found != VALID)
        result.classes[MHW] &= ~invalid
        result.classes[UNKNOWN] |= invalid
    return result


def class_of(year: StudentYear, day: int) -> str:
    """The class of a counted day, blank where the student was in attendance."""
    for index, held in enumerate(year.classes):
        if held >> day & 1:
            return CLASS_NAMES[index]
    return ""


def cut(year: StudentYear, last: int) -> StudentYear:
    """The same year as far as `last`, a day of it; what is later is as if not yet there.

    Membership days after it go too. MHW validity looks only backwards, so it stands.
    """
    kept = up_to(last)
    parts = tuple(
        Part(part.school, part.grade, part.k12, part.membership & kept, part.counted & kept)
        for part in year.parts
        if part.membership & kept
    )
    return StudentYear(
        year.year,
        parts,
        year.membership & kept,
        year.k12_membership & kept,
        year.counted & kept,
        [held & kept for held in year.classes],
        {day: found for day, found in year.mhw.items() if day <= last},
        year.documented & kept,
    )


def counted_days(held: int) -> list[int]:
    """The days of a set as a list, for folds."""
    return list(days(held))
