"""Dates and times as records write them (contract 1: RFC 3339 with an offset; dates YYYY-MM-DD)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,1000}))?"
    r"(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded_at: the instant, in seconds since 0001-01-01T00:00:00Z, and the local date as written."""

    instant: Fraction
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
    written = read_date(match[1])
    if written is None:
        return None
    seconds = (written.toordinal() - 1) * 86400 + int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4])
    if match[6] is not None:
        offset = int(match[7]) * 3600 + int(match[8]) * 60
        seconds += offset if match[6] == "-" else -offset
    digits = match[5] or ""
    return Recorded(seconds + Fraction(int(digits or "0"), 10 ** len(digits)), written)


def over_two_years_after(day: date, written: date) -> bool:
    """Whether `day` lies over two calendar years after the date written in recorded_at."""
    return (day.year - 2, day.month, day.day) > (written.year, written.month, written.day)
