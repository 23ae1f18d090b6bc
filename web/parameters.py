"""What may be asked, as query parameters: their forms, and what is said where one does not have its form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from models.instant import read_date, read_time
from models.school_year import from_label
from models.trends.answers import Period
from web.formats import Format

FIRST, LAST = date(2000, 7, 1), date(2100, 6, 30)
"""The days that may be asked about: records have none before (contract 1), and nobody has any after."""

MOST_ROWS = 5000


def _day(text: Any) -> date:
    day = text if isinstance(text, date) else read_date(str(text))
    if day is None or not FIRST <= day <= LAST:
        raise ValueError(f"takes a date from {FIRST} to {LAST}, such as 2024-12-15")
    return day


def _instant(text: Any) -> datetime:
    if isinstance(text, datetime):
        return text
    told = ValueError(
        "takes an instant with its offset, such as 2024-12-15T10:45:00-05:00 or 2024-12-15T15:45:00Z; in an "
        "address + is written %2B"
    )
    read = read_time(str(text))
    if read is None or not FIRST <= read.written <= LAST:
        raise told
    return datetime.fromisoformat(str(text).upper()).astimezone(UTC)


def _school_year(text: Any) -> int:
    year = text if isinstance(text, int) else from_label(str(text))
    if year is None or not FIRST.year <= year < LAST.year:
        raise ValueError("takes a school year as /api/v1/school-years writes it, such as 2024-25")
    return year


Id = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,1000}$")]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
SchoolYear = Annotated[
    int, BeforeValidator(_school_year), WithJsonSchema({"type": "string", "pattern": "^20[0-9]{2}-[0-9]{2}$"})
]
Grade = Literal["PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]
Group = Literal[
    "english_learner", "disability", "meals", "high_needs", "homeless", "race_ethnicity", "gender"
]
Breakdown = Literal[
    "district", "school", "grade",
    "english_learner", "disability", "meals", "high_needs", "homeless", "race_ethnicity", "gender",
]  # fmt: skip
No = SkipJsonSchema[None]
"""That a parameter may be left out; OpenAPI says so by itself."""


class Asked(BaseModel):
    """What every question takes. A parameter that is not named here or below is refused."""

    model_config = ConfigDict(extra="forbid")

    format: Format | No = Field(
        default=None, description="json (default), csv or parquet; goes before the header Accept"
    )


class Paged(Asked):
    """Questions whose rows may be many."""

    limit: int = Field(default=1000, ge=1, le=MOST_ROWS, description="most rows in one answer")
    cursor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,1000}$")] | No = Field(
        default=None, description="from `next` of the answer before; the other parameters stay as they were"
    )


class OfDistrict(Asked):
    """Questions about one district."""

    district: Id = Field(description="the district, as `/districts` names it")


class Place(BaseModel):
    """A district, a school of it, or the state."""

    district: Id | No = Field(default=None, description="the district; or `state=true`")
    state: bool = Field(default=False, description="all districts that are held, in the place of one")
    school: Id | No = Field(default=None, description="one school of the district, as `/schools` names it")


class OfPlace(Asked, Place):
    """Questions about a place."""


class Scoped(Place):
    """Of a place a grade and a student group."""

    grade: Grade | No = Field(default=None, description="one grade; without it all but PK")
    group: Group | No = Field(default=None, description="a kind of student group; with `value`")
    value: Text | No = Field(
        default=None, description="the value of the group, as `/groups` names it; blank: not given"
    )


class OfDays(Paged, Scoped):
    """Student-days of a span of days."""

    first: Day | No = Field(default=None, description="the first day; by default 1 July before the last one")
    last: Day | No = Field(default=None, description="the last day; by default the last counted one")


class OfPeriods(OfDays):
    """Student-days by period."""

    by: Period = Field(default="month", description="the periods")


class OfAttendance(OfPeriods):
    """The same as it was known at an instant, or by the parts of a scope."""

    known_at: Instant | No = Field(
        default=None,
        description="only what was known at this instant (RFC 3339 with an offset); not with `breakdown`",
    )
    breakdown: Breakdown | No = Field(default=None, description="a row for each part of the scope")


class OfPatterns(OfDays):
    """Weekdays or months against the mean."""

    by: Literal["weekday", "month"] = Field(default="weekday", description="what is set against the mean")


class OfDay(Asked, Scoped):
    """Of one day, with few rows."""

    as_of: Day | No = Field(
        default=None, description="count the days up to this one; by default the last counted one"
    )


class OfAlerts(OfDay):
    """Alerts as of a day."""

    known_at: Instant | No = Field(
        default=None, description="only what was known at this instant (RFC 3339 with an offset)"
    )


class OfStudent(BaseModel):
    """What was known of one student. It stands in a body and never in an address; all of it is needed."""

    model_config = ConfigDict(extra="forbid")

    district: Id = Field(description="the student's district")
    student: Id = Field(description="the student's id, as the records of the district have it")
    as_of: Day = Field(description="what was known of the days up to this one, in its school year")
    known_at: Instant = Field(description="what was known at this instant (RFC 3339 with an offset)")


class OfSchoolYear(Asked, Scoped):
    """Of a school year."""

    school_year: SchoolYear | No = Field(
        default=None, description="such as 2024-25; by default that of the last counted day"
    )


class OfPublished(OfSchoolYear):
    """Of a school year and earlier ones."""

    years: int = Field(default=3, ge=0, le=9, description="how many earlier school years")


class OfBands(Paged, Scoped):
    """Students by band."""

    as_of: Day | No = Field(
        default=None, description="count the days up to this one; by default the last counted one"
    )
    known_at: Instant | No = Field(
        default=None, description="only what was known at this instant (RFC 3339 with an offset)"
    )
    breakdown: Breakdown | No = Field(default=None, description="a row for each part of the scope")


class OfPriorYears(OfDay):
    """A school year so far against earlier ones."""

    years: int = Field(default=3, ge=0, le=9, description="how many earlier school years")


class OfLateSchools(Paged, Place):
    """Schools that are behind."""

    as_of: Day | No = Field(default=None, description="the day; by default the last counted one")


class OfReleasedAlerts(Paged, OfDistrict):
    """Numbers of a release."""

    as_of: Day | No = Field(
        default=None, description="the newest release that is not of a later day; by default the newest"
    )


class OfReleased(OfReleasedAlerts):
    """Numbers of a release by school."""

    school: Id | Literal[""] | No = Field(
        default=None, description="only rows of this school; blank: only rows of all schools together"
    )


class OfReleasedBands(OfReleased):
    """Students by band, of a release."""

    grade: Grade | Literal[""] | No = Field(
        default=None, description="only rows of this grade; blank: only rows of all grades but PK together"
    )
    group: Group | Literal[""] | No = Field(
        default=None, description="only rows of this kind of group; blank: only rows of everybody"
    )
