"""What the finders look at: a district's school year, its records counted once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.in_force import Meaning
from models.ledger.chain import live_attendance
from models.ledger.district import Ledger
from models.ledger.school_day import SchoolDay
from models.school_year import dates_of

# Why a record does not count.
SUMMER, NO_SCHOOL_DAY, OTHER_SCHOOL, NOT_ENROLLED = "summer", "no_school_day", "other_school", "not_enrolled"


@dataclass(slots=True)
class Tally:
    """Records, and the days on which they are, as a set."""

    records: int = 0
    days: int = 0

    def add(self, day: int) -> None:
        """One record more."""
        self.records += 1
        self.days |= 1 << day


class Use(NamedTuple):
    """A code in a school, and what it meant there."""

    school: str
    code: str
    class_: str


@dataclass(slots=True)
class View:
    """A district's school year. `due` are the days that are due to be reported, as a set.

    `records` counts the live attendance records by school, `misplaced` those of them that do not count by
    school and why, `uses` those that mean an absence by school, code and class.
    """

    ledger: Ledger
    year: int
    due: int
    records: dict[str, int] = field(default_factory=dict)
    misplaced: dict[tuple[str, str], Tally] = field(default_factory=dict)
    uses: dict[Use, Tally] = field(default_factory=dict)

    @property
    def district(self) -> str:
        """The district."""
        return self.ledger.district

    def dates(self, held: int) -> tuple[int, date | None, date | None]:
        """How many days a set has, the first and the last of them."""
        if not held:
            return 0, None, None
        dates = dates_of(self.year)
        return held.bit_count(), dates[(held & -held).bit_length() - 1], dates[held.bit_length() - 1]

    def students(self) -> dict[str, int]:
        """How many students have a membership day at each school."""
        found: dict[str, int] = {}
        for known in self.ledger.known.get(self.year, {}).values():
            for school in {part.school for part in known.now.parts}:
                found[school] = found.get(school, 0) + 1
        return found

    def absences(self) -> dict[str, list[int]]:
        """By school the counted student-days, and the absent ones by class (student_year.CLASS_NAMES)."""
        found: dict[str, list[int]] = {}
        for known in self.ledger.known.get(self.year, {}).values():
            now = known.now
            for part in now.parts:
                held = found.setdefault(part.school, [0, 0, 0, 0, 0, 0])
                held[0] += part.counted.bit_count()
                for place, days in enumerate(now.classes, start=1):
                    held[place] += (days & part.counted).bit_count()
        return found


def view_of(ledger: Ledger, year: int, due: int) -> View:
    """Read the attendance of a school year once."""
    view = View(ledger, year, due)
    for school, day in ledger.school_days():
        if day.year == year:
            for student, code, meaning in _live(ledger, day):
                view.records[school] = view.records.get(school, 0) + 1
                if meaning.absent:
                    use = Use(school, code, meaning.class_)
                    view.uses.setdefault(use, Tally()).add(day.index)
                why = _misplaced(ledger, school, day, student)
                if why:
                    view.misplaced.setdefault((school, why), Tally()).add(day.index)
    return view


def _live(ledger: Ledger, day: SchoolDay) -> Iterator[tuple[str, str, Meaning]]:
    """The live records of a day: student, code and what it means."""
    ordinal = day.day.toordinal()
    for (student, _), chain in day.chains.items():
        held = live_attendance(chain, ledger.codes, ordinal)
        if held is not None:
            code = held.given["code"]
            meaning = ledger.codes.meaning(code, ordinal)
            assert meaning is not None  # it is live because its code has one
            yield student, code, meaning


def _misplaced(ledger: Ledger, school: str, day: SchoolDay, student: str) -> str:
    """Why a record is not on a membership day of its student at its school; blank where it is."""
    known = ledger.known.get(day.year, {}).get(student)
    for part in known.now.parts if known is not None else ():
        if part.membership >> day.index & 1:
            return "" if part.school == school else OTHER_SCHOOL
    if not ledger.school_dates(school, day.year) >> day.index & 1:
        return SUMMER if day.day.month in (7, 8) else NO_SCHOOL_DAY
    held = ledger.students.get(student)
    for stay in held.stays if held is not None else ():
        if stay.first <= day.day.toordinal() <= stay.last:
            return NO_SCHOOL_DAY if stay.school == school else OTHER_SCHOOL
    return NOT_ENROLLED
