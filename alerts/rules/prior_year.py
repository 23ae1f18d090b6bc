"""prior_year_tier_2 and _3: last year's rate, known on the first day of this one (Attendance Works)."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Finding, Year
from alerts.step import Step
from models.policy import Policy


def prior_year_tier_2(year: Year, policy: Policy) -> Iterator[Finding]:
    """Last year from 10 % up to 20 %."""
    if year.last_year is not None and not policy.tier_3_opens.reached(year.last_year[1], year.last_year[0]):
        yield from _first_day(year, policy)


def prior_year_tier_3(year: Year, policy: Policy) -> Iterator[Finding]:
    """Last year 20 % or more."""
    if year.last_year is not None and policy.tier_3_opens.reached(year.last_year[1], year.last_year[0]):
        yield from _first_day(year, policy)


def _first_day(year: Year, policy: Policy) -> Iterator[Finding]:
    if year.last_year is None or not year.k12:
        return
    n, a = year.last_year
    if n >= policy.minimum_days and policy.tier_2_opens.reached(a, n):
        first = year.k12[0]
        yield Finding(first.date, None, n, a, (), first.school)


def prior_year_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """The first counted day."""
    return step.n == 1
