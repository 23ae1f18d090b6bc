"""When a release is due: once a period is over, as of its last day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, NamedTuple

from models.school_year import first_day, school_year_of

Every = Literal["month", "week", "day", "never"]


class Period(NamedTuple):
    """Its first and its last day, both of one school year."""

    first: date
    last: date


def last_period(today: date, every: Every) -> Period | None:
    """The last month, week (Monday to Sunday) or day that is over; None for `never`.

    A week with 1 July in it is the part of it that is in the school year of its last day.
    """
    if every == "never":
        return None
    if every == "month":
        last = today.replace(day=1) - timedelta(days=1)
        return Period(last.replace(day=1), last)
    if every == "week":
        last = today - timedelta(days=today.isoweekday())
        return Period(max(last - timedelta(days=6), first_day(school_year_of(last))), last)
    yesterday = today - timedelta(days=1)
    return Period(yesterday, yesterday)
