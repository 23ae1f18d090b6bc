"""consecutive: absent on several counted days in a row."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Day, Finding, Year, found
from alerts.step import Step, last_of
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


def consecutive_evidence(step: Step, policy: Policy) -> int:
    """The streak."""
    return last_of(step.counted, policy.streak_days)


def consecutive_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """A day back while an alert stands, or the absence that completes a streak."""
    if standing:
        return not step.absent
    return step.absent and step.window(policy.streak_days)[1] >= policy.streak_days
