"""Patterns of absence: against the mean, against the first month, and against the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from models.standing import rate_percent
from models.trends.answers import Bands, Counts


class Against(NamedTuple):
    """A weekday or month against the mean of all that were asked for, in whole numbers.

    `more` is `absent * mean_counted - mean_absent * counted`: above 0 where the share of absent days is above
    the mean's, exactly. `period` is as of Counts.
    """

    period: date | int
    counted: int
    absent: int
    mean_counted: int
    mean_absent: int

    @property
    def more(self) -> int:
        """Above 0: more absence than in the mean; 0: as much; below: less."""
        return self.absent * self.mean_counted - self.mean_absent * self.counted

    @property
    def absence_rate(self) -> str:
        """In percent with two decimals, half up; blank where nothing is counted."""
        return rate_percent(self.absent, self.counted)

    @property
    def points(self) -> str:
        """By how many percentage points above the mean, with two decimals, half away from 0; signed."""
        whole = self.counted * self.mean_counted
        return "" if not whole else ("-" if self.more < 0 else "") + rate_percent(abs(self.more), whole)


def against_mean(counts: Sequence[Counts]) -> list[Against]:
    """Each period against all of them together."""
    counted, absent = sum(each.counted for each in counts), sum(each.absent for each in counts)
    return [Against(each.period, each.counted, each.absent, counted, absent) for each in counts]


FIRST_MONTH = ("0 to 1", "2 to 4", "5 and more")
"""Days missed in the first month: in Baltimore a good year, half, and nearly all chronically absent."""


class FirstMonth(NamedTuple):
    """How the year goes now, by the days missed in the first month of school.

    `missed` are the bands of the students by FIRST_MONTH; `later` are those of whom no day of it is counted.
    The month goes from the first day on which anybody in the district was counted (`first`) to `last`.
    """

    first: date
    last: date
    missed: tuple[Bands, Bands, Bands]
    later: Bands


class Cohorts(NamedTuple):
    """Students by last year's band and this year's, from under 5 % to 20 % and over.

    `moved[before][now]` are those with counted days in both years; `new` by this year's band are those
    without a day of last year in this district; `gone` by last year's band are those who were in the scope
    at the end of last year, and have no day in the district this year so far.
    """

    moved: tuple[Bands, Bands, Bands, Bands]
    new: Bands
    gone: Bands

    @property
    def now(self) -> Bands:
        """All students of this year."""
        return Bands(*(sum(column) for column in zip(*self.moved, self.new, strict=True)))


class MhwStudents(NamedTuple):
    """How many students have taken how many MHW days of a school year: `by_days[n]` took n."""

    by_days: tuple[int, ...]

    @property
    def days(self) -> int:
        """All MHW days taken."""
        return sum(number * students for number, students in enumerate(self.by_days))


class MhwDays(NamedTuple):
    """The MHW days taken at a school in a month (its first day)."""

    district_id: str
    school_id: str
    month: date
    days: int


class Tiers(NamedTuple):
    """Students by tier (CGS 10-198c; Attendance Works): under 10 %, 10 to under 20 %, 20 % and over."""

    one: int
    two: int
    three: int


def tiers_of(bands: Bands, grade: str = "") -> Tiers | None:
    """The tiers of a scope's bands; None for PK, which is judged by no tier."""
    if grade == "PK":
        return None
    return Tiers(bands.under_5 + bands.under_10, bands.under_20, bands.over_20)


def bands_of(found: Mapping[int, int]) -> Bands:
    """Bands from the number of students by the number of the band, 0 to 3."""
    return Bands(*(found.get(band, 0) for band in range(4)))


def band_table(rows: Iterable[tuple[int, int, int]]) -> dict[int, Bands]:
    """Bands by a first number, from rows of it, the band and the number of students."""
    found: dict[int, dict[int, int]] = {}
    for first, band, students in rows:
        found.setdefault(int(first), {})[int(band)] = int(students)
    return {first: bands_of(held) for first, held in found.items()}
