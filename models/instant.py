"""Dates and times as records write them (contract 1: RFC 3339 with an offset; dates YYYY-MM-DD)."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import NamedTuple

Instant = int | Fraction
"""Seconds since 0001-01-01T00:00:00Z, exact."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,1000}))?"
    r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)


class Recorded(NamedTuple):
    """A recorded_at: the instant, and the local date as written."""

    instant: Instant
    written: date


def read_date(text: str) -> date | None:
    """A calendar date, or None where `text` is not one in the form YYYY-MM-DD."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_time(text: str) -> Recorded | None:
    """The instant to its last digit, or None where `text` is not RFC 3339 with an offset.

    Seconds are 00 to 59; a leap second is refused. A fraction has at most 1,000 digits (Python reads no
    integer of over 4,300). Exact, because two versions may differ in the last digit.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    day, hours, minutes, rest, digits, sign, offset_hours, offset_minutes = match.groups()
    try:
        written = date.fromisoformat(day)
    except ValueError:
        return None
    seconds = (written.toordinal() - 1) * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(rest)
    if sign is not None:
        offset = int(offset_hours) * 3600 + int(offset_minutes) * 60
        seconds += offset if sign == "-" else -offset
    if digits is None:
        return Recorded(seconds, written)
    return Recorded(seconds + Fraction(int(digits), 10 ** len(digits)), written)


def instant_of(text: str) -> Instant:
    """The instant of a valid recorded_at. Raises ValueError where it is not one."""
    recorded = read_time(text)
    if recorded is None:
        raise ValueError("a version needs a valid recorded_at")
    return recorded.instant


def over_two_years_after(day: date, written: date) -> bool:
    """Whether `day` is over two calendar years after the date written in recorded_at.

    Two years after 29 February end on 28 February.
    """
    return (day.year - 2, day.month, day.day) > (written.year, written.month, written.day)
