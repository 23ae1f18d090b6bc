"""level_2_next and level_2: from the tenth absence on fewer reasons excuse one (SBE, 27 June 2012)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from alerts.days import Finding, Year, found
from alerts.step import Step
from models.level import advances, advancing
from models.policy import Policy


def level_2_next(year: Year, policy: Policy) -> Iterator[Finding]:
    """The next absence is the first of Level 2."""
    return _nth(year, policy, policy.level_2 - 1)


def level_2(year: Year, policy: Policy) -> Iterator[Finding]:
    """The tenth absence."""
    return _nth(year, policy, policy.level_2)


def _nth(year: Year, policy: Policy, count: int) -> Iterator[Finding]:
    dates: list[date] = []
    for day in year.k12:
        if day.absent and advances(day.class_, policy):
            dates.append(day.date)
            if len(dates) >= count:
                yield found(day, tuple(dates))
                return


def level_evidence(step: Step, policy: Policy) -> int:
    """The absences that advance the level."""
    return advancing(step.absences, step.year.classes, policy)


def level_2_next_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """The absence before the first of Level 2."""
    return not given and _reached(step, policy, policy.level_2 - 1)


def level_2_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """The tenth absence."""
    return not given and _reached(step, policy, policy.level_2)


def _reached(step: Step, policy: Policy, count: int) -> bool:
    # The first comparison is the second one's largest case, and usually decides.
    return step.a >= count and level_evidence(step, policy).bit_count() >= count
