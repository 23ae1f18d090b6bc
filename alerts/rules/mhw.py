"""mhw_*: each mental health wellness day, and each that breaks a rule.

CGS 10-198f; CSDE guidance of 24 January 2022.
"""

from __future__ import annotations

from collections.abc import Iterator

from alerts.days import Day, Finding, Year, found
from models import mhw
from models.policy import Policy


def mhw_day(year: Year, policy: Policy) -> Iterator[Finding]:
    """A valid MHW day: an offer of support."""
    return _that_are(year.k12, mhw.VALID)


def mhw_not_k12(year: Year, policy: Policy) -> Iterator[Finding]:
    """An MHW day in pre-kindergarten; its numbers are of PK days."""
    return _that_are(year.pk, mhw.NOT_K12)


def mhw_consecutive(year: Year, policy: Policy) -> Iterator[Finding]:
    """An MHW day on the school day after a valid one."""
    return _that_are(year.k12, mhw.CONSECUTIVE)


def mhw_over_limit(year: Year, policy: Policy) -> Iterator[Finding]:
    """An MHW day after the year's valid ones are used."""
    return _that_are(year.k12, mhw.OVER_LIMIT)


def mhw_permission_missing(year: Year, policy: Policy) -> Iterator[Finding]:
    """A valid MHW day on which no record documents permission, where the policy asks for it."""
    if policy.mhw_requires_permission:
        for day in year.k12:
            if day.mhw == mhw.VALID and not day.documented:
                yield found(day, (day.date,))


def _that_are(days: tuple[Day, ...], what: str) -> Iterator[Finding]:
    return (found(day, (day.date,)) for day in days if day.mhw == what)
