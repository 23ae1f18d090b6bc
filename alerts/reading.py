"""From a student's year as sets of days to the counted days that the rules read."""

from __future__ import annotations

from datetime import date

from alerts.days import Day, Year
from models.bits import days, first_of
from models.school_year import first_day
from models.student_year import CLASS_NAMES, StudentYear


def reading(year: StudentYear, birthdate: date | None, last_year: tuple[int, int] | None) -> Year:
    """The year as the rules read it; `last_year` holds the enrolled and absent days of the year before."""
    start = first_day(year.year).toordinal()
    first = first_of(year.k12_membership)
    return Year(
        year.year,
        _days(year, year.k12_counted, start),
        _days(year, year.counted & ~year.k12_membership, start),
        date.fromordinal(start + first) if first >= 0 else None,
        birthdate,
        last_year,
    )


def _days(year: StudentYear, counted: int, start: int) -> tuple[Day, ...]:
    if not counted:
        return ()
    classes = {
        day: name
        for name, held in zip(CLASS_NAMES, year.classes, strict=True)
        if held
        for day in days(held & counted)
    }
    found: list[Day] = []
    n = a = 0
    for part in year.parts:
        for day in days(part.counted & counted):
            n += 1
            class_ = classes.get(day, "")
            if class_:
                a += 1
            mhw = year.mhw.get(day, "") if year.mhw else ""
            documented = bool(year.documented >> day & 1) if mhw else False
            found.append(Day(date.fromordinal(start + day), n, a, class_, mhw, documented, part.school))
    return tuple(found)
