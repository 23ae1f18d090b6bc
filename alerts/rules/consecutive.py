"""consecutive: absent on several counted days in a row."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Day, Finding, Year, found
from models.policy import Policy


def consecutive(year: Year, policy: Policy) -> Iterator[Finding]:
    """Opens on the last of `streak_days` absences in a row, recovers on the day the student is back."""
    streak: list[Day] = []
    for day in year.k12:
        if day.absent:
            streak.append(day)
            continue
        yield from _of(streak, policy, day)
        streak = []
    yield from _of(streak, policy, None)


def _of(streak: list[Day], policy: Policy, back: Day | None) -> Iterator[Finding]:
    if len(streak) >= policy.streak_days:
        counted = streak[: policy.streak_days]
        yield found(counted[-1], tuple(day.date for day in counted), back.date if back else None)
