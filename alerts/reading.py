"""From a student's year as sets of days to the counted days that the rules read."""

from __future__ import annotations

from datetime import date

from alerts.days import Day, Year
from models.bits import days, first_of
from models.school_year import dates_of
from models.student_year import CLASS_NAMES, StudentYear


def reading(year: StudentYear, birthdate: date | None, last_year: tuple[int, int] | None) -> Year:
    """The year as the rules read it; `last_year` holds the enrolled and absent days of the year before."""
    first = first_of(year.k12_membership)
    pk = year.counted & ~year.k12_membership
    return Year(
        year.year,
        _days(year, year.k12_counted),
        _days(year, pk) if pk else (),
        dates_of(year.year)[first] if first >= 0 else None,
        birthdate,
        last_year,
    )


def _days(year: StudentYear, counted: int) -> tuple[Day, ...]:
    dates = dates_of(year.year)
    classes = {
        day: name
        for name, held in zip(CLASS_NAMES, year.classes, strict=True)
        if held
        for day in days(held & counted)
    }
    class_of, mhw_of, documented = classes.get, year.mhw.get, year.documented
    found: list[Day] = []
    n = a = 0
    for part in year.parts:
        school = part.school
        for day in days(part.counted & counted):
            n += 1
            class_ = class_of(day, "")
            if class_:
                a += 1
                mhw = mhw_of(day, "")
                papers = mhw != "" and documented >> day & 1 == 1
                found.append(Day(dates[day], n, a, class_, mhw, papers, school))
            else:
                found.append(Day(dates[day], n, a, "", "", False, school))
    return tuple(found)
