"""The rows about absences: by local reason, remote days, and mental health wellness (MHW) days."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from models.school_year import label
from models.trends.answers import ReasonCounts, RemoteCounts
from models.trends.patterns import MhwDays
from web.rows import PeriodRow, PlaceRow, Where, number, period_columns


class ReasonRow(PeriodRow):
    """Absent student-days under one local code, by class as they count."""

    code: str = Field(description="of the record that decided the day; blank: not known")
    label: str = Field(description="what the district calls it; blank where it has no name for it")
    absent: int
    excused: int
    unexcused: int
    disciplinary: int
    mhw: int
    unknown: int

    @classmethod
    def of(cls, place: Where, counts: ReasonCounts) -> ReasonRow:
        """The row of a code in a period."""
        numbers = counts._asdict()
        return cls(**place, **period_columns(numbers.pop("period")), **numbers)


class RemoteRow(PeriodRow):
    """Student-days, and which of them were remote."""

    counted: int
    absent: int
    remote_counted: int
    remote_absent: int
    in_person_counted: int
    in_person_absent: int
    remote_share_percent: float | None = Field(description="of the counted days")

    @classmethod
    def of(cls, place: Where, counts: RemoteCounts) -> RemoteRow:
        """The row of a period."""
        numbers = counts._asdict()
        return cls(
            **place,
            **period_columns(numbers.pop("period")),
            **numbers,
            in_person_counted=counts.in_person_counted,
            in_person_absent=counts.in_person_absent,
            remote_share_percent=number(counts.remote_share),
        )


class MhwDaysRow(PlaceRow):
    """The MHW days that were taken at a school in a month."""

    month: date = Field(description="its first day")
    days: int

    @classmethod
    def of(cls, place: Where, held: MhwDays) -> MhwDaysRow:
        """The row of a school and month."""
        where = {**place, "district_id": held.district_id, "school_id": held.school_id}
        return cls(**where, month=held.month, days=held.days)


class MhwStudentsRow(PlaceRow):
    """How many students have taken so many valid MHW days of a school year."""

    school_year: str
    days: int = Field(description="0 and more; two of a school year are valid (CGS 10-198f)")
    students: int

    @classmethod
    def of(cls, place: Where, year: int, days: int, students: int) -> MhwStudentsRow:
        """The row of a number of days."""
        return cls(**place, school_year=label(year), days=days, students=students)
