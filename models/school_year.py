"""School years and their day numbers (contract 2: a school year runs 1 July to 30 June)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

_LABEL = re.compile(r"([0-9]{4})-([0-9]{2})")


def school_year_of(day: date) -> int:
    """The calendar year in which the school year of `day` began."""
    return day.year if day.month >= 7 else day.year - 1


def first_day(year: int) -> date:
    """1 July, the first day of the school year that begins in `year`."""
    return date(year, 7, 1)


def day_index(day: date) -> int:
    """Days since the 1 July that began its school year, 0 to 365: the bit of that day in a year's set."""
    return day.toordinal() - first_day(school_year_of(day)).toordinal()


def label(year: int) -> str:
    """`2021` -> `2021-22`, as records and exports write a school year."""
    return f"{year:04d}-{(year + 1) % 100:02d}"


def from_label(text: str) -> int | None:
    """`2021-22` -> 2021; None where the text is not two years in a row."""
    match = _LABEL.fullmatch(text)
    if match is None:
        return None
    year = int(match[1])
    return year if (year + 1) % 100 == int(match[2]) else None


@lru_cache(maxsize=64)
def dates_of(year: int) -> tuple[date, ...]:
    """The dates of a school year by the number of the day."""
    start, end = first_day(year).toordinal(), first_day(year + 1).toordinal()
    return tuple(date.fromordinal(day) for day in range(start, end))


@lru_cache(maxsize=64)
def written_dates(year: int) -> tuple[str, ...]:
    """The dates of a school year as written, by the number of the day."""
    return tuple(day.isoformat() for day in dates_of(year))


@lru_cache(maxsize=64)
def numbers_of(year: int) -> Mapping[str, int]:
    """The numbers of the days of a school year by the date as written."""
    return {written: number for number, written in enumerate(written_dates(year))}
