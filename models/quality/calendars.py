"""Months without a school day for the enrolled, and schools with two ways of attendance in one year."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from models.bits import span
from models.quality.finding import Finding
from models.quality.view import View
from models.school_year import dates_of

MONTH = "month_without_school_day"
MODEL = "model_changed"


def months(year: int) -> Iterator[tuple[int, int]]:
    """The months of a school year in which there is school: each as a set of days, with its number."""
    numbered = groupby(enumerate(dates_of(year)), key=lambda each: each[1].month)
    for month, held in numbered:
        days = [number for number, _ in held]
        if month not in (7, 8):
            yield span(days[0], days[-1]), month


def month_without_school_day(view: View) -> Iterator[Finding]:
    """A finding a school with students enrolled for all of a month that is over, and no school day in it.

    `part` of `whole` are students of all of the school's; the days are those of the months.
    """
    of_school: dict[str, int] = {}
    found: dict[str, tuple[int, int]] = {}
    over = [days for days, _ in months(view.year) if days & ~view.due == 0]
    for student in view.ledger.students.values():
        known = view.ledger.known.get(view.year, {}).get(student.name)
        membership = known.now.membership if known is not None else 0
        owned: dict[str, int] = {}
        for stay in student.stays:
            days = stay.bits(view.year)
            if days:
                owned[stay.school] = owned.get(stay.school, 0) | days
        for school, days in owned.items():
            of_school[school] = of_school.get(school, 0) + 1
            empty = sum(month for month in over if month & ~days == 0 and month & membership == 0)
            if empty:
                count, before = found.get(school, (0, 0))
                found[school] = (count + 1, before | empty)
    for school, (count, days) in sorted(found.items()):
        dates = view.dates(days)
        yield Finding(MONTH, view.district, school, "", "", count, of_school[school], "students", *dates)


def model_changed(view: View) -> Iterator[Finding]:
    """A finding a school whose mode or submission changes between its first and its last school day.

    `first` and `last` are the days before and after the change that are school days.
    """
    for school, held in sorted(view.ledger.schools.items()):
        if view.year not in held.years:
            continue
        school_days = held.years[view.year].calendar.any_track()
        settings = zip(("attendance_mode", "submission"), held.settings.bits(view.year), strict=True)
        for what, days in settings:
            on, off = school_days & days, school_days & ~days
            if on and off:
                yield Finding(MODEL, view.district, school, what, *_NOTHING, *view.dates(_change(on, off)))


_NOTHING = ("", None, None, "")


def _change(on: int, off: int) -> int:
    """The last school day before the first change, and the first one after it."""
    earlier, later = (on, off) if on & -on < off & -off else (off, on)
    after = later & -later
    before = earlier & (after - 1)
    return after | 1 << (before.bit_length() - 1)
