"""A whole release: decided, and checked before anybody sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.releases import alerts, attendance, bands
from models.releases.counted import Counted, Students
from models.suppression.limits import CONNECTICUT, Limits, Why, why_hidden
from models.suppression.proof import unproven
from models.suppression.release import Answer, Release, release
from models.suppression.tables import Place, Row

_LEFT_OUT: tuple[None, Why] = None, Why.COMPLEMENTARY


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

    Where small bands would hide how many of the whole district are chronically absent, bands are left out,
    first in grades, as far as it takes; where nothing helps, none are. Raises ValueError where the numbers
    contradict each other, and NotProven.
    """
    found = None
    for fewer in bands.FEWER:
        rows, structure = bands.tables(students, fewer)
        decided = _proven(release(rows, structure, limits))
        found = found or decided
        if _tells_of_the_district(decided, limits, rows):
            found = decided
            break
    assert found is not None  # there is a first one
    return found._replace(answers=_whole(found))


def _tells_of_the_district(decided: Release, limits: Limits, rows: Sequence[Row]) -> bool:
    """Whether the chronically absent of the whole district are shown, or hidden for themselves."""
    district = decided.answers.get(bands.DISTRICT)
    if district is None or district.counts[bands.CHRONIC] is not None:
        return True
    true = next(row for row in rows if row.place == bands.DISTRICT)
    return why_hidden(true.counts[bands.CHRONIC], true.size, limits) is not None


def _whole(found: Release) -> dict[Place, Answer]:
    """With the measures that were left out: a release has the same cells whatever it shows.

    They are hidden, but where another place is known to hold the same students, and has them.
    """
    same: dict[tuple[Place, str], tuple[int | None, Why | None]] = {}
    for place, answer in found.answers.items():
        for name, count in answer.counts.items():
            same[found.stands[place], name] = count, answer.why[name]
    whole = {}
    for place, answer in found.answers.items():
        names = bands.measures(place)
        numbers = {name: same.get((found.stands[place], name), _LEFT_OUT) for name in names}
        whole[place] = answer._replace(
            counts={name: count for name, (count, _) in numbers.items()},
            why={name: why for name, (_, why) in numbers.items()},
        )
    return whole


def _proven(what: Release) -> Release:
    for proof in (what.sizes, what.counts):
        try:
            missing = sum(1 for _ in unproven(*proof))
        except AssertionError:
            raise NotProven("a table that is to prove a release does not look the same") from None
        if missing:
            raise NotProven(f"{missing} hidden numbers of a release could be worked out")
    return what
