"""A whole release: decided, and checked before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.releases import alerts, attendance, bands
from models.releases.counted import Counted, Students
from models.suppression.limits import CONNECTICUT, Limits
from models.suppression.proof import unproven
from models.suppression.release import Release, release


class NotProven(Exception):
    """What was decided has no proof. It must not be kept; the message names no number."""


class Made(NamedTuple):
    """The three tables. `days` is None where no number of days is shown; `schools` have their own days."""

    bands: Release
    days: Release | None
    schools: frozenset[str]
    alerts: Release


def made(counted: Counted, rules: Sequence[str], limits: Limits = CONNECTICUT) -> Made:
    """Decide a release of a district, school year and date. `rules` are all that could have told.

    Takes seconds to minutes. Raises ValueError where the numbers contradict each other, and NotProven.
    """
    of_bands = made_bands(counted.students, limits)
    schools = attendance.shown_schools(counted.days, of_bands)
    days = None
    if schools is not None:
        rows, structure = attendance.tables(counted.days, schools)
        days = _proven(release(rows, structure, attendance.limits_of_days(limits)))
    students = sum(each.number for each in counted.students if each.grade != bands.PRE_K)
    rows, structure = alerts.tables(counted.alerts, students, rules)
    of_alerts = _proven(release(rows, structure, limits, alerts.withheld(rows, of_bands, limits)))
    return Made(of_bands, days, schools or frozenset(), of_alerts)


def made_bands(students: Sequence[Students], limits: Limits = CONNECTICUT) -> Release:
    """The bands of a release, for it and for the papers of the same district and date alike (ADR 32).

    Raises ValueError where the numbers contradict each other, and NotProven.
    """
    return _proven(release(*bands.tables(students), limits))


def _proven(what: Release) -> Release:
    for proof in (what.sizes, what.counts):
        try:
            missing = sum(1 for _ in unproven(*proof))
        except AssertionError:
            raise NotProven("a table that is to prove a release does not look the same") from None
        if missing:
            raise NotProven(f"{missing} hidden numbers of a release could be worked out")
    return what
