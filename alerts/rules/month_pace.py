"""month_pace: two absences in the first month, four by the end of the second (Attendance Works)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from alerts.days import Day, Finding, Year
from alerts.rules.once import first_that
from alerts.step import Step
from models.bits import first_of
from models.policy import Policy
from models.school_year import first_day


def month_pace(year: Year, policy: Policy) -> Iterator[Finding]:
    """Twice as many absences as months begun since the first membership day."""
    first = year.first_membership
    if first is None:
        return iter(())

    def too_many(day: Day) -> bool:
        # The first comparison is the second one's smallest case, and usually decides.
        return day.a >= policy.month_pace and day.a >= policy.month_pace * (
            1 + months_passed(first, day.date)
        )

    return first_that(year.k12, too_many)


def months_passed(first: date, day: date) -> int:
    """Whole months from first to day; from 31 August the second month begins on 30 September."""
    months = (day.year - first.year) * 12 + day.month - first.month
    begins = min(first.day, monthrange(day.year, day.month)[1])
    return months if day.day >= begins else months - 1


def month_pace_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """An absence that reaches the pace of its month."""
    if given or not step.absent or step.a < policy.month_pace:
        return False
    start = first_day(step.year.year).toordinal()
    first = date.fromordinal(start + first_of(step.year.k12_membership))
    passed = months_passed(first, date.fromordinal(start + step.day))
    return step.a >= policy.month_pace * (1 + passed)
