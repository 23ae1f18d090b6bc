"""tier_2 and tier_3: the rate of the year crosses 10 % or 20 % (CGS 10-198c); recovery has a lower bar."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Day, Finding, Year, absences, found
from alerts.step import Step
from models.policy import Policy, Share


def tier_2(year: Year, policy: Policy) -> Iterator[Finding]:
    """10 % of at least `minimum_days` days enrolled."""
    return _crossing(year.k12, policy.minimum_days, policy.tier_2_opens, policy.tier_2_recovers)


def tier_3(year: Year, policy: Policy) -> Iterator[Finding]:
    """20 % of at least `minimum_days` days enrolled."""
    return _crossing(year.k12, policy.minimum_days, policy.tier_3_opens, policy.tier_3_recovers)


def _crossing(days: tuple[Day, ...], minimum: int, opens: Share, recovers: Share) -> Iterator[Finding]:
    opened: Day | None = None
    standing = False
    recovered_on = None
    for day in days:
        if standing and recovers.above(day.a, day.n):
            standing, recovered_on = False, day.date
        elif not standing and day.n >= minimum and opens.reached(day.a, day.n):
            standing, opened = True, opened or day
    if opened is not None:
        yield found(opened, absences(days, opened), None if standing else recovered_on)


def tier_2_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """A day that crosses one of the bars of tier_2."""
    if standing:
        return policy.tier_2_recovers.above(step.a, step.n)
    return step.n >= policy.minimum_days and policy.tier_2_opens.reached(step.a, step.n)


def tier_2_earliest(step: Step, policy: Policy) -> int:
    """The first number of days of which the absences are less than the lower bar of tier_2."""
    return policy.tier_2_recovers.first_above(step.a)


def tier_3_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """A day that crosses one of the bars of tier_3."""
    if standing:
        return policy.tier_3_recovers.above(step.a, step.n)
    return step.n >= policy.minimum_days and policy.tier_3_opens.reached(step.a, step.n)


def tier_3_earliest(step: Step, policy: Policy) -> int:
    """The first number of days of which the absences are less than the lower bar of tier_3."""
    return policy.tier_3_recovers.first_above(step.a)
