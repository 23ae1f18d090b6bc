"""naive: what a plain detector sends, to compare with; a rule of the back-test alone."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Day, Finding, Year, absences, found
from alerts.rules import Rule
from models.policy import Policy


def naive(year: Year, policy: Policy) -> Iterator[Finding]:
    """Each crossing of `tier_2_opens` by the year's rate: no minimum of days, and no lower bar to recover."""
    opened: Day | None = None
    for day in year.k12:
        above = policy.tier_2_opens.reached(day.a, day.n)
        if above and opened is None:
            opened = day
        elif not above and opened is not None:
            yield found(opened, absences(year.k12, opened), day.date)
            opened = None
    if opened is not None:
        yield found(opened, absences(year.k12, opened))


NAIVE = Rule("naive", naive, per_opening=True)
