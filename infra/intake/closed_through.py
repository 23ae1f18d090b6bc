"""`--closed-through DATE`: submissions for the school days up to a date (contract 4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from infra.intake.events import Record
from models.columns import Kind
from models.ledger.chain import Stored
from models.school_year import school_year_of

FILE = "closed-through"

SchoolDays = Callable[[str, str, int], Iterable[date]]
"""(district, school, school year's first calendar year) -> the school days of any track."""


def closed_through(
    day: date, schools: Iterable[tuple[str, str]], school_days: SchoolDays
) -> Iterator[Record]:
    """A `submitted` for every school day of the school year of `day` up to it, by school, then date.

    `schools` are (district, school). recorded_at is the school day at 00:00:00Z, so that any real submission
    beats it; the file is `closed-through`, line 0.
    """
    year = school_year_of(day)
    for district, school in sorted(schools):
        for each in sorted(set(school_days(district, school, year))):
            if each <= day and school_year_of(each) == year:
                yield submitted(district, school, each.isoformat(), FILE, 0)


def submitted(district: str, school: str, day: str, file: str, line: int) -> Record:
    """That a school's attendance of a day is complete, as of the day's beginning."""
    given = {
        "district_id": district,
        "school_id": school,
        "date": day,
        "state": "submitted",
        "recorded_at": f"{day}T00:00:00Z",
    }
    return Record(Kind.SUBMISSION, Stored(given, file, line))
