"""The rows of what was released: a hidden number is null, and a star in CSV."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from models.school_year import label
from models.standing import rate_percent
from web.ports import ReleasedAlerts, ReleasedBands, ReleasedDays, ReleaseHeld
from web.rows import PlaceRow, number
from web.starred import StarredRow


class ReleaseRow(BaseModel):
    """A release."""

    district_id: str
    school_year: str
    as_of: date
    made_at: datetime
    data_through: date

    @classmethod
    def of(cls, district: str, held: ReleaseHeld) -> ReleaseRow:
        """The row of a release."""
        return cls(district_id=district, **{**held._asdict(), "school_year": label(held.school_year)})


class ReleasedBandsRow(PlaceRow, StarredRow):
    """Students by band, as they were released."""

    students: int | None
    under_5: int | None
    under_10: int | None
    under_20: int | None
    over_20: int | None
    chronic: int | None
    chronic_rate_percent: float | None
    hidden: bool = Field(description="whether a number of the row is hidden that the release has")

    @classmethod
    def of(cls, district: str, row: ReleasedBands) -> ReleasedBandsRow:
        """The row of a place."""
        numbers = {name if name != "enrolled" else "students": held for name, held in row.numbers.items()}
        held = {name: numbers.get(name) for name in _RELEASED}
        stars = [name for name in _RELEASED if name in numbers and numbers[name] is None]
        if "chronic" in numbers and {"chronic", "students"} & {*stars}:
            stars.append("chronic_rate_percent")
        group = None if row.dimension == "all" else row.dimension
        return cls(
            district_id=district,
            school_id=row.school or None,
            grade=row.grade or None,
            group=group,
            value=None if group is None else row.value,
            **held,
            chronic_rate_percent=_rate(held["chronic"], held["students"]),
            hidden=bool(stars),
        ).starred(stars)


_RELEASED = ("students", "under_5", "under_10", "under_20", "over_20", "chronic")


class ReleasedAttendanceRow(StarredRow):
    """Student-days of a month, as they were released."""

    district_id: str
    school_id: str | None
    month: str | None = Field(description="such as 2024-10; null: the school year up to the release's day")
    counted: int | None
    absent: int | None
    attendance_rate_percent: float | None
    hidden: bool = Field(description="whether a number of the row is hidden")

    @classmethod
    def of(cls, district: str, row: ReleasedDays) -> ReleasedAttendanceRow:
        """The row of a school and month."""
        stars = [name for name in ("counted", "absent") if getattr(row, name) is None]
        stars += ["attendance_rate_percent"] if stars else []
        attended = None if row.counted is None or row.absent is None else row.counted - row.absent
        return cls(
            district_id=district,
            school_id=row.school or None,
            month=row.month or None,
            counted=row.counted,
            absent=row.absent,
            attendance_rate_percent=_rate(attended, row.counted),
            hidden=bool(stars),
        ).starred(stars)


class ReleasedAlertsRow(StarredRow):
    """Students with alerts of a rule, as they were released; one with several stands in one column."""

    district_id: str
    rule: str
    standing: int | None
    recovered: int | None
    withdrawn: int | None
    hidden: bool = Field(description="whether a number of the row is hidden that the release has")

    @classmethod
    def of(cls, district: str, row: ReleasedAlerts) -> ReleasedAlertsRow:
        """The row of a rule."""
        stars = [name for name in _CONDITIONS if name in row.numbers and row.numbers[name] is None]
        held = {name: row.numbers.get(name) for name in _CONDITIONS}
        return cls(district_id=district, rule=row.rule, **held, hidden=bool(stars)).starred(stars)


_CONDITIONS = ("standing", "recovered", "withdrawn")


def _rate(part: int | None, whole: int | None) -> float | None:
    return None if part is None or whole is None else number(rate_percent(part, whole))
