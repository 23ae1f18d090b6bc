"""Days of membership and attendance in a month, in person and remote (PSIS monthly file; contract 2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from models.bits import days, span
from models.school_year import day_index
from models.student_year import StudentYear


class MonthDays(NamedTuple):
    """The days of a student's month. Every membership day is in person or remote.

    `unreported` are the membership days of which nothing is known yet, in both kinds of membership together.
    """

    in_person_membership: int
    in_person_attendance: int
    remote_membership: int
    remote_attendance: int
    unreported: int

    @property
    def membership(self) -> int:
        """All membership days."""
        return self.in_person_membership + self.remote_membership


def last_of(first: date) -> date:
    """The last day of the month that begins on `first`."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_bits(first: date) -> int:
    """The days of the month that begins on `first`, as a set of its school year."""
    return span(day_index(first), day_index(last_of(first)))


def month_days(now: StudentYear, month: int) -> MonthDays:
    """What the days of a month are to a student; `month` is a set of days.

    A day in attendance is remote where all of its records are, an absence where the code that decides it is
    (docs/adr/0030). Everything else is in person, an absence under an ordinary code too: nothing says that
    the student was to learn from home. A day that is not reported yet is in membership, in person, and in no
    attendance.
    """
    away = now.remote
    membership = now.membership & month
    counted = now.counted & month
    attended = counted & ~now.absent
    return MonthDays(
        (membership & ~away).bit_count(),
        (attended & ~away).bit_count(),
        (membership & away).bit_count(),
        (attended & away).bit_count(),
        (membership & ~counted).bit_count(),
    )


def unreported_by_school(now: StudentYear, month: int) -> dict[str, set[int]]:
    """The days of a month that are not reported yet, by the school that owns them."""
    found: dict[str, set[int]] = {}
    for part in now.parts:
        missing = part.membership & ~part.counted & month
        if missing:
            found.setdefault(part.school, set()).update(days(missing))
    return found
