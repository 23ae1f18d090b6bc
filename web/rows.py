"""The rows of the answers, in the order of their columns, for JSON, CSV, Parquet and OpenAPI alike."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from models.school_year import label
from models.trends.answers import Bands, Counts, Late, YearHeld, YearSoFar
from models.trends.patterns import tiers_of
from models.trends.scope import DIMENSIONS, Scope


class DistrictRow(BaseModel):
    """A district."""

    district_id: str


class SchoolRow(BaseModel):
    """A school."""

    district_id: str
    school_id: str


class GradeRow(BaseModel):
    """A grade."""

    grade: str


class GroupRow(BaseModel):
    """A value of a kind of student group; blank: not given."""

    group: str
    value: str


class SchoolYearRow(BaseModel):
    """A school year, and its first and last counted day."""

    school_year: str
    first_day: date
    last_day: date

    @classmethod
    def of(cls, held: YearHeld) -> SchoolYearRow:
        """The row of a year."""
        return cls(school_year=label(held.school_year), first_day=held.first_day, last_day=held.last_day)


class PlaceRow(BaseModel):
    """Whom a row is about; null: all of them."""

    district_id: str | None = Field(description="null: all districts that are held")
    school_id: str | None
    grade: str | None = Field(description="null: all but PK")
    group: str | None = Field(description="the kind of student group; null: everybody")
    value: str | None = Field(description="the value of the group; blank: not given")


Where = dict[str, Any]


def where(scope: Scope, breakdown: str | None = None, part: str = "") -> Where:
    """The columns of PlaceRow for a scope, or for a part of it."""
    group = None if scope.dimension == "all" else scope.dimension
    found: Where = {
        "district_id": scope.district or None,
        "school_id": scope.school or None,
        "grade": scope.grade or None,
        "group": group,
        "value": None if group is None else scope.value,
    }
    if breakdown in DIMENSIONS:
        return {**found, "group": breakdown, "value": part}
    return {**found, **({f"{breakdown}_id" if breakdown != "grade" else "grade": part} if breakdown else {})}


class PeriodRow(PlaceRow):
    """Whom a row is about, and when."""

    period: date | None = Field(description="its first day; null by weekday")
    weekday: int | None = Field(description="1 (Monday) to 7; null where a period is a span of days")


def period_columns(period: date | int) -> dict[str, Any]:
    """The columns of PeriodRow besides the place."""
    day = isinstance(period, date)
    return {"period": period if day else None, "weekday": None if day else period}


class DayNumbers(BaseModel):
    """Student-days by class, as the columns of more than one row."""

    school_days: int = Field(description="dates on which anybody was counted")
    counted: int
    absent: int
    excused: int
    unexcused: int
    disciplinary: int
    mhw: int
    unknown: int
    attendance_rate_percent: float | None


def day_columns(counts: Counts) -> dict[str, Any]:
    """The columns of DayNumbers."""
    numbers = counts._asdict()
    del numbers["period"]
    return {**numbers, "attendance_rate_percent": number(counts.attendance_rate)}


# Of two bases the columns of the last one come first.
class AttendanceRow(DayNumbers, PeriodRow):
    """Student-days of a period: counted, absent, and the absent ones by class, each in exactly one."""

    @classmethod
    def of(cls, place: Where, counts: Counts) -> AttendanceRow:
        """The row of a period."""
        return cls(**place, **period_columns(counts.period), **day_columns(counts))


class BandNumbers(BaseModel):
    """Students by band, as the columns of more than one row."""

    students: int
    under_5: int
    under_10: int
    under_20: int
    over_20: int
    chronic: int
    chronic_rate_percent: float | None
    tier_1: int | None
    tier_2: int | None
    tier_3: int | None


class BandsRow(BandNumbers, PlaceRow):
    """Students by the share of their counted days that they were absent, and by tier (PK has none)."""

    @classmethod
    def of(cls, place: Where, bands: Bands) -> BandsRow:
        """The row of a place."""
        return cls(**place, **band_columns(bands, place["grade"]))


class YearRow(PlaceRow):
    """Whom a row is about, and up to which day of which year."""

    school_year: str
    as_of: date


class PriorYearRow(BandNumbers, DayNumbers, YearRow):
    """A school year up to its `school_days`-th school day."""

    @classmethod
    def of(cls, place: Where, year: YearSoFar) -> PriorYearRow:
        """The row of a year."""
        counts = year.counts._replace(school_days=year.school_days)
        return cls(
            **place,
            school_year=label(year.school_year),
            as_of=year.as_of,
            **day_columns(counts),
            **band_columns(year.bands, place["grade"]),
        )


class LateRow(BaseModel):
    """A school, its last counted day, and how many dates its district has counted since."""

    district_id: str
    school_id: str
    last_day: date
    behind: int

    @classmethod
    def of(cls, late: Late) -> LateRow:
        """The row of a school."""
        return cls(**late._asdict())


def band_columns(bands: Bands, grade: str | None) -> dict[str, Any]:
    """The columns of BandNumbers; the tiers are null of PK."""
    tiers = tiers_of(bands, grade or "") or (None, None, None)
    return {
        "students": bands.students,
        **bands._asdict(),
        "chronic": bands.chronic,
        "chronic_rate_percent": number(bands.chronic_rate),
        **{f"tier_{n}": held for n, held in enumerate(tiers, start=1)},
    }


def number(shown: str) -> float | None:
    """A rate as it is shown, as a number: nothing is decided by it."""
    return float(shown) if shown else None
