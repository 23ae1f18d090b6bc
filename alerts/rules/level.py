"""level_2_next and level_2: from the tenth absence on fewer reasons excuse one (SBE, 27 June 2012)."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Finding, Year
from alerts.rules.once import first_that
from alerts.step import Step
from models.policy import Policy


def level_2_next(year: Year, policy: Policy) -> Iterator[Finding]:
    """The next absence is the first of Level 2."""
    return first_that(year.k12, lambda day: day.a >= policy.level_2 - 1)


def level_2(year: Year, policy: Policy) -> Iterator[Finding]:
    """The tenth absence."""
    return first_that(year.k12, lambda day: day.a >= policy.level_2)


def level_2_next_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """The absence before the first of Level 2."""
    return not given and step.a >= policy.level_2 - 1


def level_2_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """The tenth absence."""
    return not given and step.a >= policy.level_2
