"""How early, how often and about whom a rule tells, over a school year: exact counts and fractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from statistics import quantiles
from typing import NamedTuple

from alerts.backtest.told import Told, counted_until
from alerts.days import Year
from models.policy import Share

CHRONIC = Share(1, 10)
"""Who ends the year at this share of the counted days or over it is chronically absent (CGS 10-198c)."""


class Spread(NamedTuple):
    """Lower quartile, median and upper quartile, exactly; between two values by their distance."""

    lower: Fraction
    median: Fraction
    upper: Fraction


class Measured(NamedTuple):
    """What a rule, or all of a policy, told in a year.

    `students` have a counted K-12 day, `chronic` of them end the year at 10 % or more. `told` are the
    students told about, `hits` those of them who are chronic. `messages` are all that was told; `opened`,
    `reopened`, `recovered` and `again` are as in Told. `first_day` is the school day of the first message and
    `ahead` the share of the year's absences after that day, both over the hits (None where there are none).
    `peak` is the most messages of one caseload in one week.
    """

    students: int
    chronic: int
    told: int
    hits: int
    messages: int
    opened: int
    reopened: int
    recovered: int
    again: int
    first_day: Spread | None
    ahead: Spread | None
    peak: int

    @property
    def recall(self) -> Fraction | None:
        """Of the chronic the share told about."""
        return Fraction(self.hits, self.chronic) if self.chronic else None

    @property
    def precision(self) -> Fraction | None:
        """Of those told about the share that is chronic."""
        return Fraction(self.hits, self.told) if self.told else None

    @property
    def messages_a_student(self) -> Fraction | None:
        """Messages for each student of the year."""
        return Fraction(self.messages, self.students) if self.students else None

    @property
    def messages_a_crosser(self) -> Fraction | None:
        """Messages for each student told about."""
        return Fraction(self.messages, self.told) if self.told else None


class Tally:
    """Collects the students of a year one by one, and says what was measured."""

    def __init__(self) -> None:
        self._students = self._chronic = self._told = 0
        self._days: list[Fraction] = []
        self._ahead: list[Fraction] = []
        self._opened = self._reopened = self._recovered = self._again = self._messages = 0
        self._weeks: Counter[tuple[object, date]] = Counter()

    def add(self, year: Year, told: Iterable[Told], caseload: object) -> None:
        """A student's year with a counted K-12 day, and what one or several rules told of it.

        `caseload` stands for whoever gets the messages; it is compared and never shown.
        """
        chronic = ends_chronic(year)
        self._students += 1
        self._chronic += chronic
        days: list[date] = []
        for each in told:
            days += each.days
            self._opened += each.opened
            self._reopened += each.reopened
            self._recovered += each.recovered
            self._again += each.again
        if not days:
            return
        self._messages += len(days)
        self._told += 1
        self._weeks.update((caseload, day - timedelta(days=day.weekday())) for day in days)
        if chronic:
            n = counted_until(year, min(days))
            absent = year.k12[n - 1].a if n else 0
            total = year.k12[-1].a
            self._days.append(Fraction(n))
            self._ahead.append(Fraction(total - absent, total))

    def measured(self) -> Measured:
        """What is known by now."""
        return Measured(
            self._students,
            self._chronic,
            self._told,
            len(self._days),
            self._messages,
            self._opened,
            self._reopened,
            self._recovered,
            self._again,
            spread(self._days),
            spread(self._ahead),
            max(self._weeks.values(), default=0),
        )


def ends_chronic(year: Year) -> bool:
    """Whether a year with a counted K-12 day ends at 10 % or more."""
    last = year.k12[-1]
    return CHRONIC.reached(last.a, last.n)


def spread(values: Sequence[Fraction]) -> Spread | None:
    """Median and quartiles, the least and the greatest value being the ends; None of nothing."""
    if not values:
        return None
    if len(values) == 1:
        return Spread(values[0], values[0], values[0])
    lower, median, upper = quantiles(values, n=4, method="inclusive")
    return Spread(lower, median, upper)
