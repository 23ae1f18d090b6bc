"""What of a rule would have reached a person during a year: the days on which something is told."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import NamedTuple

from alerts.days import Finding, Year
from alerts.rules import Rule
from models.policy import Policy


class Told(NamedTuple):
    """The days of a student's year on which a rule tells something, in order, and what it does besides.

    `opened` counts alerts, `reopened` and `recovered` what becomes of them; `again` are the reopenings that
    are told.
    """

    days: tuple[date, ...] = ()
    opened: int = 0
    reopened: int = 0
    recovered: int = 0
    again: int = 0


NOTHING = Told()


def told(rule: Rule, year: Year, policy: Policy, quiet_days: int) -> Told:
    """An alert that opens is told, and one that reopens `quiet_days` counted days or more after it recovered.

    What is told on a day hangs on the days up to it alone: a rule looks at no later ones.
    """
    findings = list(rule.find(year, policy))
    if not findings:
        return NOTHING
    if rule.per_opening or not rule.recovers:
        days = tuple(sorted(finding.opened_on for finding in findings))
        return Told(days, opened=len(days), recovered=sum(held.recovered_on is not None for held in findings))
    return _one_a_year(rule, year, policy, quiet_days, findings[0])


def _one_a_year(rule: Rule, year: Year, policy: Policy, quiet_days: int, whole: Finding) -> Told:
    """A finding keeps the first opening and the last recovery only, so the year is played day by day."""
    days = [whole.opened_on]
    reopened = recovered = 0
    standing = True
    quiet_since = 0
    first = next(place for place, day in enumerate(year.k12) if day.date == whole.opened_on)
    for place in range(first + 1, len(year.k12)):
        now = next(iter(rule.find(year._replace(k12=year.k12[: place + 1]), policy)))
        stands = now.recovered_on is None
        if standing and not stands:
            recovered += 1
            quiet_since = place
        elif stands and not standing:
            reopened += 1
            if place - quiet_since >= quiet_days:
                days.append(year.k12[place].date)
        standing = stands
    return Told(tuple(days), 1, reopened, recovered, len(days) - 1)


def counted_until(year: Year, day: date) -> int:
    """How many K-12 days are counted up to and with a day."""
    return bisect_right(year.k12, day, key=lambda held: held.date)
