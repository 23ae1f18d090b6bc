"""What was known of one student, as it is answered. The id is not repeated: whoever asks has it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from models.standing import rate_percent
from models.trends.known import KnownAlert, KnownStudent
from web.rows import number


class AlertOfStudent(BaseModel):
    """An alert as it was known then."""

    alert_id: str = Field(description="as `rollcall export alerts` has it")
    rule: str
    scope: str = Field(description="district or school: whose days the rule counts")
    school_id: str | None = Field(description="of an alert in school scope; null in district scope")
    opened_on: date
    recovered_on: date | None = Field(description="the last recovery; null while it stands")
    condition: str = Field(description="standing, recovered or withdrawn, as of the day")
    enrolled_days: int = Field(description="the evidence on the opening day, and so `absent_days`")
    absent_days: int
    first_known: datetime = Field(description="when it was published first: from then on it was known")
    last_changed: datetime = Field(description="when it was last published otherwise by then")

    @classmethod
    def of(cls, held: KnownAlert) -> AlertOfStudent:
        """One of the student's alerts."""
        return cls(**{**held._asdict(), "school_id": held.school_id or None})


class StudentAsKnown(BaseModel):
    """What was known at an instant of a student's school year up to a day."""

    as_of: date = Field(description="the days of the school year up to this one are counted")
    known_at: datetime = Field(description="only what was known then")
    data_through: date | None = Field(
        description="the last counted day of the student that was known; null: none was"
    )
    enrolled_days: int = Field(description="the counted days in the district, and so `absent_days`")
    absent_days: int
    absence_rate_percent: float | None
    alerts: list[AlertOfStudent] = Field(description="those that had opened by the day, in that order")

    @classmethod
    def of(cls, as_of: date, known_at: datetime, held: KnownStudent) -> StudentAsKnown:
        """The answer."""
        return cls(
            as_of=as_of,
            known_at=known_at,
            data_through=held.data_through,
            enrolled_days=held.enrolled_days,
            absent_days=held.absent_days,
            absence_rate_percent=number(rate_percent(held.absent_days, held.enrolled_days)),
            alerts=[AlertOfStudent.of(alert) for alert in held.alerts],
        )
