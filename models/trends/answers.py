"""What is answered: student-days by period and reason, students by band, years so far, schools behind."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from models.standing import rate_percent

Period = Literal["day", "week", "month", "year", "weekday"]


class Counts(NamedTuple):
    """Student-days of a period: counted, absent, and the absent ones by class, each in exactly one.

    `period` is its first day: a week begins on Monday, a school year on 1 July. A weekday is 1 (Monday) to 7.
    """

    period: date | int
    school_days: int
    counted: int
    absent: int
    excused: int
    unexcused: int
    disciplinary: int
    mhw: int
    unknown: int

    @property
    def attendance_rate(self) -> str:
        """In percent with two decimals, half up; blank where nothing is counted."""
        return rate_percent(self.counted - self.absent, self.counted)


class ReasonCounts(NamedTuple):
    """The absent student-days of a period under one local code, by class as they count.

    `code` is that of the record which decided the day, and blank where it is not known; `label` is what the
    district calls it, as of the last day that is asked about, and blank where it has no name for it. Of a
    state, codes of several districts are one where they have the same label.
    """

    period: date | int
    code: str
    label: str
    absent: int
    excused: int
    unexcused: int
    disciplinary: int
    mhw: int
    unknown: int


class RemoteCounts(NamedTuple):
    """Student-days of a period, counted and absent, and those of them that were remote."""

    period: date | int
    counted: int
    absent: int
    remote_counted: int
    remote_absent: int

    @property
    def in_person_counted(self) -> int:
        """The counted days that were not remote."""
        return self.counted - self.remote_counted

    @property
    def in_person_absent(self) -> int:
        """The absent ones of these."""
        return self.absent - self.remote_absent

    @property
    def remote_share(self) -> str:
        """Of the counted days, in percent with two decimals, half up; blank where nothing is counted."""
        return rate_percent(self.remote_counted, self.counted)


class Bands(NamedTuple):
    """Students by the share of their counted days that they were absent. PK has bands and no tier."""

    under_5: int
    under_10: int
    under_20: int
    over_20: int

    @property
    def students(self) -> int:
        """All of them: whoever has a counted day of the school year by then, leavers too."""
        return sum(self)

    @property
    def chronic(self) -> int:
        """Absent on 10 % or more: in K-12 Tiers II (`under_20`) and III (`over_20`)."""
        return self.under_20 + self.over_20

    @property
    def chronic_rate(self) -> str:
        """In percent with two decimals, half up; blank where nobody is counted."""
        return rate_percent(self.chronic, self.students)


BANDS: tuple[str, ...] = Bands._fields
"""Absent on under 5 %, 5 to under 10, 10 to under 20, 20 % and more of counted days (Attendance Works)."""


class YearSoFar(NamedTuple):
    """A school year up to a day: the number of its school days by then, the counts, the bands.

    `school_days` of an earlier year are fewer than asked for where it had no more.
    """

    school_year: int
    as_of: date
    school_days: int
    counts: Counts
    bands: Bands


class Late(NamedTuple):
    """A school, its last counted day, and how many dates its district has counted since."""

    district_id: str
    school_id: str
    last_day: date
    behind: int


class CountsOf(NamedTuple):
    """The counts of one part of a scope: a district, a school, a grade or the value of a group."""

    part: str
    counts: Counts


class BandsOf(NamedTuple):
    """The bands of one part of a scope."""

    part: str
    bands: Bands


class Page(NamedTuple):
    """At most `limit` rows, those after `after`: the period and the part of the last row that was seen."""

    limit: int
    after: tuple[date | int, str] | None = None


class YearHeld(NamedTuple):
    """A school year by the calendar year in which it begins, and its first and last counted day."""

    school_year: int
    first_day: date
    last_day: date
