"""The time that a family has to explain an absence: ten school days after the student's return.

Source: Connecticut State Board of Education, definitions of excused and unexcused absences (27 June 2012),
and the Guidelines of 2013: written documentation within ten school days of the student's return, separately
for each incidence; from the tenth absence of the year on (Level 2) fewer reasons excuse one.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from models.bits import days, first_of, nth_day, up_to


class WindowState(StrEnum):
    """Whether an absence can still be explained."""

    NOT_RETURNED = "not_returned"
    OPEN = "open"
    CLOSED = "closed"


class Spell(NamedTuple):
    """Absences with one return, as days of the year; -1 where a day is not known.

    `returned`: the first counted day in attendance after them. `closes`: the last school day of the window,
    the return not among its days. `closed`: the first counted day after the window, from which on it is known
    to be closed: what has passed is asked of the data, and not of a clock.
    """

    absences: int
    returned: int
    closes: int
    closed: int

    @property
    def state(self) -> WindowState:
        """Where the window stands, as far as the data go."""
        if self.returned < 0:
            return WindowState.NOT_RETURNED
        return WindowState.CLOSED if self.closed >= 0 else WindowState.OPEN


def spells(
    absences: int, counted: int, absent: int, membership: int, window_days: int = 10
) -> Iterator[Spell]:
    """The spells of some absences of a school year, in date order.

    `absences` are of the `absent` days, and these of the `counted`; `membership`: every membership day,
    reported or not, as far as the calendar reaches. A day that is not reported ends no spell, for nobody
    knows that the student was back. Nothing is carried into the next school year: a window that does not
    close in this one stays open.
    """
    attended = counted & ~absent
    while absences:
        returned = first_of(_after(attended, first_of(absences)))
        together = absences & up_to(returned) if returned >= 0 else absences
        absences &= ~together
        closes = nth_day(_after(membership, returned), window_days) if returned >= 0 else -1
        closed = first_of(_after(counted, closes)) if closes >= 0 else -1
        yield Spell(together, returned, closes, closed)


def lapsed(absences: int, counted: int, absent: int, membership: int, window_days: int) -> dict[int, int]:
    """Of some absences those whose window has closed, each with the counted day from which on it is known."""
    return {
        day: spell.closed
        for spell in spells(absences, counted, absent, membership, window_days)
        if spell.closed >= 0
        for day in days(spell.absences)
    }


def level_of(day: int, absences: int, level_2: int) -> int:
    """The level of an absence: 2 from the `level_2`-th of the absences that advance it on, else 1."""
    first = nth_day(absences, level_2)
    return 2 if 0 <= first <= day else 1


def _after(held: int, day: int) -> int:
    return held >> (day + 1) << (day + 1)
