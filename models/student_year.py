"""A student's school year as sets of days: membership, counted, and absent by class (contract 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from models.bits import last_day, up_to
from models.day_reasons import NO_REASONS, Reasons, only, remote_days

EXCUSED, UNEXCUSED, DISCIPLINARY, MHW, UNKNOWN = range(5)
CLASS_NAMES = ("excused", "unexcused", "disciplinary", "mhw", "unknown")
CLASS_INDEX = {name: index for index, name in enumerate(CLASS_NAMES)}

Classes = tuple[int, int, int, int, int]
NO_CLASSES: Classes = (0, 0, 0, 0, 0)
NO_MHW: dict[int, str] = {}
NONE_LAPSED: dict[int, int] = {}


class Marks(NamedTuple):
    """A student's records of a year at one school: seen, absent by class, documented, exempt by reason, and
    the codes that are noted.
    """

    seen: int = 0
    absent: Classes = NO_CLASSES
    documented: int = 0
    exempt: tuple[int, ...] = ()
    reasons: Reasons = NO_REASONS


class Part(NamedTuple):
    """The membership days of one stay, and those of them that are counted."""

    school: str
    grade: str
    k12: bool
    membership: int
    counted: int


class Frame:
    """The days of a year by stay, in date order; shared by the students whose days are the same."""

    __slots__ = ("counted", "k12_membership", "membership", "parts")

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts
        self.membership = self.k12_membership = self.counted = 0
        for part in parts:
            self.membership |= part.membership
            self.counted |= part.counted
            if part.k12:
                self.k12_membership |= part.membership


def gaps(frame: Frame) -> int:
    """The unreported days that lie before the last counted one."""
    return frame.membership & ~frame.counted & up_to(last_day(frame.counted))


class StudentYear:
    """The year: its frame, the counted absent days by class, and what each MHW day is. Never changed.

    `classes` is in the order of CLASS_NAMES, each day in exactly one; an invalid MHW day is in `unknown`.
    `lapsed` are the days that were unknown and are unexcused, each with the counted day from which on it is.
    `reasons` are the codes of the absent days and of the remote ones, as recorded, whatever the class became.
    """

    __slots__ = ("classes", "documented", "frame", "lapsed", "mhw", "reasons", "year")

    def __init__(
        self,
        year: int,
        frame: Frame,
        classes: Classes,
        documented: int,
        mhw: dict[int, str],
        lapsed: dict[int, int] = NONE_LAPSED,
        reasons: Reasons = NO_REASONS,
    ) -> None:
        self.year = year
        self.frame = frame
        self.classes = classes
        self.documented = documented
        self.mhw = mhw
        self.lapsed = lapsed
        self.reasons = reasons

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StudentYear):
            return NotImplemented
        mine, theirs = self.frame, other.frame
        return (
            self.classes == other.classes
            and (mine is theirs or mine.parts == theirs.parts)
            and self.documented == other.documented
            and self.mhw == other.mhw
            and self.lapsed == other.lapsed
            and self.reasons == other.reasons
            and self.year == other.year
        )

    __hash__ = None  # type: ignore[assignment]  # it is compared by value and never a key

    @property
    def parts(self) -> tuple[Part, ...]:
        """The stays that have membership days, in date order."""
        return self.frame.parts

    @property
    def membership(self) -> int:
        """All membership days."""
        return self.frame.membership

    @property
    def k12_membership(self) -> int:
        """The K-12 membership days."""
        return self.frame.k12_membership

    @property
    def counted(self) -> int:
        """All counted days."""
        return self.frame.counted

    @property
    def k12_counted(self) -> int:
        """The counted K-12 days."""
        return self.frame.counted & self.frame.k12_membership

    @property
    def absent(self) -> int:
        """The absent counted days."""
        excused, unexcused, disciplinary, mhw, unknown = self.classes
        return excused | unexcused | disciplinary | mhw | unknown

    @property
    def remote(self) -> int:
        """The counted days under a remote code, attended and absent."""
        return remote_days(self.reasons)

    def owner(self, day: int) -> Part:
        """The part that a membership day belongs to."""
        return next(part for part in self.parts if part.membership >> day & 1)


MarksOf = Mapping[str, Mapping[str, Marks]]
"""The marks of a school year, by school and student."""


def moved(classes: Classes, source: int, target: int, held: int) -> Classes:
    """The classes with some days of one moved to another."""
    changed = list(classes)
    changed[source] &= ~held
    changed[target] |= held
    return (changed[0], changed[1], changed[2], changed[3], changed[4])


def current_school(year: StudentYear) -> str:
    """The school of the last membership day; blank where there is none."""
    return year.owner(last_day(year.membership)).school if year.membership else ""


def class_of(year: StudentYear, day: int) -> str:
    """The class of a counted day, blank where the student was in attendance."""
    for index, held in enumerate(year.classes):
        if held >> day & 1:
            return CLASS_NAMES[index]
    return ""


def cut(year: StudentYear, last: int) -> StudentYear:
    """The same year as far as `last`, a day of it; what is later is as if not yet there.

    Membership days after it go too. MHW validity looks only backwards, so it stands. A day that lapsed later
    is unknown again.
    """
    if last_day(year.membership) <= last:
        return year
    kept = up_to(last)
    parts = tuple(
        Part(part.school, part.grade, part.k12, part.membership & kept, part.counted & kept)
        for part in year.parts
        if part.membership & kept
    )
    late, classes = NONE_LAPSED, year.classes
    if year.lapsed:
        late = {day: since for day, since in year.lapsed.items() if since <= last}
        classes = moved(classes, UNEXCUSED, UNKNOWN, sum(1 << day for day in year.lapsed if day not in late))
    excused, unexcused, disciplinary, mhw, unknown = classes
    classes = (excused & kept, unexcused & kept, disciplinary & kept, mhw & kept, unknown & kept)
    found = {day: what for day, what in year.mhw.items() if day <= last}
    reasons = only(year.reasons, kept)
    return StudentYear(year.year, Frame(parts), classes, year.documented & kept, found, late, reasons)
