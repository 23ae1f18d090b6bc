"""Codes that somebody mistyped: valid records that are set aside, since nobody maps their code."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from infra.simulator.absence import Year
from infra.simulator.corrections import Change
from infra.simulator.people import Student

# On these school days; of one of them the office notices, some days later.
_DAYS = (12, 47, 71)
_NOTICED = {47: 52}


def mistype(rng: Random, students: Sequence[Student], years: list[Year]) -> None:
    """Change the code of one excused absence on each of the days, in place."""
    for day in _DAYS:
        candidates = [
            place
            for place, (student, year) in enumerate(zip(students, years, strict=True))
            if year.marks[day] == "E" and any(stay.has(day) for stay in student.stays)
        ]
        if candidates:
            place = rng.choice(candidates)
            years[place] = _mistyped(years[place], day)


def _mistyped(year: Year, day: int) -> Year:
    changes = [change for change in year.changes if change.day != day]
    if day in _NOTICED:
        changes.append(Change(_NOTICED[day], day, "X", "E"))
    return Year(f"{year.marks[:day]}X{year.marks[day + 1 :]}", tuple(sorted(changes)))
