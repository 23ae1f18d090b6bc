"""The rows of patterns: against the mean, against the first month, and against the year before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pydantic import Field

from models.trends.answers import Bands
from models.trends.patterns import FIRST_MONTH, Against, Cohorts, FirstMonth
from web.rows import BandNumbers, PeriodRow, PlaceRow, Where, band_columns, number, period_columns


class PatternRow(PeriodRow):
    """A weekday or month against the mean of all of them."""

    counted: int
    absent: int
    absence_rate_percent: float | None
    mean_counted: int = Field(description="student-days of all rows together, and so `mean_absent`")
    mean_absent: int
    points_above_mean: float | None = Field(description="percentage points; below 0: less absence")
    above_mean: bool = Field(description="whether more is missed than in the mean, before any rounding")

    @classmethod
    def of(cls, place: Where, against: Against) -> PatternRow:
        """The row of a weekday or month."""
        numbers = against._asdict()
        points = number(against.points)
        return cls(
            **place,
            **period_columns(numbers.pop("period")),
            **numbers,
            absence_rate_percent=number(against.absence_rate),
            # Nothing is written as -0.0.
            points_above_mean=None if points is None else points + 0.0,
            above_mean=against.more > 0,
        )


class _MonthOfPlace(PlaceRow):
    missed: str | None = Field(
        description=f"days missed in the first month: {', '.join(FIRST_MONTH)}; null: no day of it is counted"
    )
    first_day: date = Field(description="of the month: the first one on which anybody was counted")
    last_day: date


class FirstMonthRow(BandNumbers, _MonthOfPlace):
    """How the year goes for those who missed so many days of its first month."""

    @classmethod
    def every(cls, place: Where, held: FirstMonth) -> Iterator[FirstMonthRow]:
        """The rows of a place, those without a day of the month last."""
        for missed, bands in zip((*FIRST_MONTH, None), (*held.missed, held.later), strict=True):
            yield cls(
                **place,
                missed=missed,
                first_day=held.first,
                last_day=held.last,
                **band_columns(bands, place["grade"]),
            )


class _LastYearOfPlace(PlaceRow):
    last_year: str | None = Field(
        description=f"the band of last year: {', '.join(Bands._fields)}; null: no day of it in this district"
    )
    gone: int | None = Field(
        description="students of the band who have no day in the district this year; null where last year is"
    )


class CohortRow(BandNumbers, _LastYearOfPlace):
    """How students of a band of last year do now."""

    @classmethod
    def every(cls, place: Where, held: Cohorts) -> Iterator[CohortRow]:
        """The rows of a place, from under 5 % to 20 % and over; those who are new last."""
        befores: tuple[str | None, ...] = (*Bands._fields, None)
        for before, now, gone in zip(befores, (*held.moved, held.new), (*held.gone, None), strict=True):
            yield cls(**place, last_year=before, gone=gone, **band_columns(now, place["grade"]))
