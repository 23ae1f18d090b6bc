"""rolling: absence gets worse quickly, measured over the student's last counted days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from alerts.days import Day, Finding, Year, found
from alerts.step import Step, last_of
from models.policy import Policy


def rolling(year: Year, policy: Policy) -> Iterator[Finding]:
    """Opens at 20 % of the window, recovers below 10 %; each opening is an alert of its own."""
    days = year.k12
    opened: tuple[Day, tuple[date, ...]] | None = None
    for place, day in enumerate(days):
        first = max(0, place + 1 - policy.window_days)
        size = place + 1 - first
        missed = day.a - (days[first - 1].a if first else 0)
        if opened is None:
            if size >= policy.window_minimum and policy.rolling_opens.reached(missed, size):
                window = days[first : place + 1]
                opened = (day, tuple(held.date for held in window if held.absent))
        elif policy.rolling_recovers.above(missed, size):
            yield found(*opened, recovered_on=day.date)
            opened = None
    if opened is not None:
        yield found(*opened)


def rolling_evidence(step: Step, policy: Policy) -> int:
    """The absences within the window."""
    return last_of(step.counted, policy.window_days) & step.absences


def rolling_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """A day on which the window crosses one of the bars."""
    days, absent = step.window(policy.window_days)
    if standing:
        return policy.rolling_recovers.above(absent, days)
    return days >= policy.window_minimum and policy.rolling_opens.reached(absent, days)


def rolling_earliest(step: Step, policy: Policy) -> int:
    """When so many absences have left the window that the rest are less than the lower bar; a window that
    still grows is looked at each day.
    """
    size = policy.window_days
    if step.n < size:
        return 0
    bar = policy.rolling_recovers
    window = last_of(step.counted, size)
    absent = window & step.absences
    surplus = absent.bit_count() - (bar.numerator * size - 1) // bar.denominator
    for _ in range(surplus - 1):
        absent &= absent - 1
    if surplus <= 0 or not absent:
        return 0
    # The last one that has to leave, and how many days of the window lie before it.
    last = absent & -absent
    return step.n + (window & (last - 1)).bit_count() + 1
