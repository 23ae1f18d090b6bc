"""early_pace: from the second absence on, one day in seven missed (docs/backtest.md); off by default."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Finding, Year
from alerts.rules.once import first_that
from alerts.step import Step
from models.policy import Policy


def early_pace(year: Year, policy: Policy) -> Iterator[Finding]:
    """A share of the year's days that would be far over Tier II, without waiting for a minimum of days.

    A minimum of absences takes its place, so that one day in the first week alarms nobody.
    """
    if not policy.early_pace:
        return iter(())
    return first_that(
        year.k12,
        lambda day: day.a >= policy.early_pace_absences and policy.early_pace_opens.reached(day.a, day.n),
    )


def early_pace_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """An absence that reaches the share; on a day in attendance it falls."""
    return (
        policy.early_pace
        and not given
        and step.a >= policy.early_pace_absences
        and policy.early_pace_opens.reached(step.a, step.n)
    )
