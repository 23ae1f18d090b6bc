"""A student's year as one counted day more leaves it: what a gate may look at (docs/adr/0001).

A gate says whether a day *may* change what its rule finds. Saying yes for nothing costs a fold of that rule;
saying no wrongly would lose an alert, so a property test holds every gate against the fold.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from models.policy import Policy
from models.student_year import UNEXCUSED, StudentYear


class Step:
    """The K-12 days of a year up to and with `day`, one of its counted days."""

    __slots__ = ("a", "absences", "absent", "counted", "day", "n", "unexcused", "year")

    def __init__(self, year: StudentYear, absent: int, day: int, counted: int) -> None:
        self.year = year
        self.day = day
        self.counted = counted
        self.absences = absent & counted
        self.absent = self.absences >> day & 1 == 1
        self.n = counted.bit_count()
        self.a = self.absences.bit_count()
        self.unexcused = year.classes[UNEXCUSED] & counted

    def window(self, count: int) -> tuple[int, int]:
        """How many counted days the last `count` are, and how many of them are absent."""
        days = last_of(self.counted, count)
        return days.bit_count(), (days & self.absences).bit_count()


Gate = Callable[[Step, Policy, bool, bool], bool]
"""Whether the rule's findings may change by this day: (step, policy, has opened this year, stands)."""


Evidence = Callable[[Step, Policy], int]
"""The days that an alert counts which opens on the step's day, as a set."""


Earliest = Callable[[Step, Policy], int]
"""While an alert stands: with how many counted days it may recover at the earliest, if the student is in
attendance from the step's day on."""


def all_absences(step: Step, policy: Policy) -> int:
    """The evidence of the rules that count the year's absences."""
    return step.absences


@lru_cache(maxsize=4096)
def last_of(counted: int, count: int) -> int:
    """The last `count` days of a set."""
    kept = 0
    for _ in range(count):
        if not counted:
            break
        top = 1 << (counted.bit_length() - 1)
        kept |= top
        counted ^= top
    return kept


def never(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """The gate of rules that only look at MHW days: the engine folds everything where those have changed."""
    return False
