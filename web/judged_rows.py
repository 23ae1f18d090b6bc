"""The rows of alerts, and of our chronic rates beside the published ones."""

from __future__ import annotations

from pydantic import Field

from models.school_year import label
from models.trends.known import AlertCount
from models.trends.published import PublishedYear
from web.rows import PlaceRow, Where, number
from web.starred import StarredRow


class AlertsRow(PlaceRow):
    """How many alerts of a rule are in a condition."""

    rule: str
    scope: str = Field(description="district or school: whose days the rule counts")
    condition: str = Field(description="standing, recovered or withdrawn, as of the day")
    alerts: int

    @classmethod
    def of(cls, place: Where, held: AlertCount) -> AlertsRow:
        """The row of a rule and condition."""
        return cls(**place, **held._asdict())


class PublishedRow(PlaceRow, StarredRow):
    """A school year: ours at its last counted day, and what the state has published of it."""

    school_year: str
    students: int | None = Field(description="null, as ours all are, where nothing is held of the year")
    chronic: int | None
    chronic_rate_percent: float | None
    published: bool = Field(description="whether a published row of it has been read in")
    published_chronic: int | None
    published_rate_percent: float | None
    difference_points: float | None = Field(description="ours less theirs, in percentage points")
    hidden: bool = Field(description="whether a number of the published row is hidden")

    @classmethod
    def of(cls, place: Where, year: PublishedYear) -> PublishedRow:
        """The row of a year."""
        ours, theirs = year.bands, {"published_chronic": year.chronic, "published_rate_percent": year.rate}
        stars = [name for name, held in theirs.items() if year.listed and held is None]
        return cls(
            **place,
            school_year=label(year.school_year),
            students=None if ours is None else ours.students,
            chronic=None if ours is None else ours.chronic,
            chronic_rate_percent=None if ours is None else number(ours.chronic_rate),
            published=year.listed,
            published_chronic=year.chronic,
            published_rate_percent=_hundredths(year.rate),
            difference_points=_hundredths(year.difference),
            hidden=bool(stars),
        ).starred(stars)


def _hundredths(held: int | None) -> float | None:
    return None if held is None else held / 100
