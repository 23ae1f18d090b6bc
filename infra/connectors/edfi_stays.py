"""Enrollments for a year of attendance events that comes without any (connector edfi)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from infra.connectors.edfi_gather import year_of
from models.instant import read_date

UNKNOWN_GRADE = "1"

Span = tuple[str, str]


class Stay(NamedTuple):
    """One stay of one student at a school, both days included."""

    school: str
    entry_date: str
    exit_date: str


def stays(visits: Sequence[tuple[str, str]], spans: Mapping[tuple[str, int], Span]) -> Iterator[Stay]:
    """The stays of a student, from (date, school) of the events and the calendars' first and last dates.

    In each school year the student is at the school of the first event from the first date of its calendar,
    and at each next school from the first event there, up to the last date of the calendar. `spans` is by
    school and school year; without a calendar it is the whole school year. Dates are valid.
    """
    for year, within in groupby(sorted(set(visits)), key=lambda visit: year_of(visit[0])):
        begun = False
        for school, run in groupby(within, key=lambda visit: visit[1]):
            days = [day for day, _ in run]
            first, last = spans.get((school, year), (f"{year:04d}-07-01", f"{year + 1:04d}-06-30"))
            entry = days[0] if begun else min(first, days[0])
            yield Stay(school, entry, max(last, days[-1]))
            begun = True


def grade(birthdate: str, day: str) -> str:
    """The grade of a child that began kindergarten in the year it turned five, in the school year of `day`.

    An estimate, of K to 12; `UNKNOWN_GRADE` without a birth date.
    """
    born = read_date(birthdate)
    if born is None:
        return UNKNOWN_GRADE
    number = min(max(year_of(day) - born.year - 5, 0), 12)
    return str(number) if number else "K"
