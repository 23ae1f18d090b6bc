"""A student's counted days as the rules read them, one after the other (contract 3)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Day(NamedTuple):
    """A counted day: `n` enrolled and `a` absent up to and with it; class_ blank in attendance.

    `mhw` says what an MHW day is (models.mhw), blank on all others.
    """

    date: date
    n: int
    a: int
    class_: str
    mhw: str
    documented: bool
    school: str

    @property
    def absent(self) -> bool:
        """Whether the student was absent."""
        return self.class_ != ""


class Year(NamedTuple):
    """A school year of a student: its counted K-12 and PK days, and what rules ask besides.

    `first_membership` is the first K-12 membership day, reported or not; `last_year` holds the enrolled and
    absent days of the year before.
    """

    school_year: int
    k12: tuple[Day, ...]
    pk: tuple[Day, ...]
    first_membership: date | None
    birthdate: date | None
    last_year: tuple[int, int] | None


class Finding(NamedTuple):
    """What a rule found: opening and last recovery, the numbers and dates of the opening day."""

    opened_on: date
    recovered_on: date | None
    n: int
    a: int
    dates: tuple[date, ...]
    school: str


def found(day: Day, dates: tuple[date, ...], recovered_on: date | None = None) -> Finding:
    """A finding that opens on a day, with that day's numbers."""
    return Finding(day.date, recovered_on, day.n, day.a, dates, day.school)


def absences(days: tuple[Day, ...], until: Day) -> tuple[date, ...]:
    """The absent days up to and with a day."""
    return tuple(day.date for day in days if day.absent and day.date <= until.date)


def renumbered(days: list[Day]) -> tuple[Day, ...]:
    """The same days with n and a counted over them alone."""
    absent = 0
    result = []
    for n, day in enumerate(days, start=1):
        absent += day.absent
        result.append(day._replace(n=n, a=absent))
    return tuple(result)
