"""Dates and times as other systems write them, by a format of strptime and a time zone (docs/records.md)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from models.instant import read_time

ISO = "iso"
"""The canonical form: `2021-09-01`, and of a time RFC 3339 with an offset."""

_NO_ZONE = 'is no time zone that is known here; write "America/New_York", or an offset such as "-05:00"'
_OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3]):([0-5][0-9])")
_TRIED = (datetime(2021, 12, 25, 13, 47, tzinfo=UTC), datetime(2008, 2, 29, 1, 5, tzinfo=UTC))


def format_fault(written: str, *, year: bool = True) -> str:
    """What is wrong with the format of a date; blank where it reads back each date that it writes.

    `year` False: of a date without its year, such as the header of a sheet.
    """
    if written == ISO:
        return "" if year else "takes a format without a year, such as %m/%d"
    if ("%Y" in written or "%y" in written) != year:
        takes = "takes a year (%Y is 2021, %y is 21)" if year else "takes no year, since school_year says it"
        return f"{takes}: {'%m/%d/%Y' if year else '%m/%d'} reads {'9/1/2021' if year else '9/1'}"
    for day in _TRIED:
        try:
            text = day.strftime(written)
            read = _without_year(text, written, day.year) if not year else datetime.strptime(text, written)
        except (ValueError, re.error):
            read = None
        if read is None or read.date() != day.date():
            return "is no format that reads a whole date; write it as %m/%d/%Y, which reads 9/1/2021"
    return ""


def read_day(text: str, written: str) -> str | None:
    """A date in a format, as `2021-09-01`; None where it does not fit. In ISO it stays as it is."""
    if written == ISO:
        return text
    moment = _read(text, written)
    return None if moment is None else moment.date().isoformat()


def read_day_of_year(text: str, written: str, year: int) -> date | None:
    """A date without its year, in the school year that begins in `year`: 9/1 lies in it, 3/1 in the next."""
    for calendar_year in (year, year + 1):
        moment = _without_year(text, written, calendar_year)
        if moment is not None and (moment.month >= 7) == (calendar_year == year):
            return moment.date()
    return None


def read_moment(text: str, written: str, zone: tzinfo | None) -> str | None:
    """A time in a format, as RFC 3339; None where it does not fit.

    `zone` is that of a text without an offset. Of an hour that a clock shows twice in autumn the first is
    meant: both readings are a guess, and this one is the same each time.
    """
    if written == ISO:
        return text
    moment = _read(text, written)
    if moment is None:
        return None
    if moment.tzinfo is None:
        if zone is None:
            return None
        moment = moment.replace(tzinfo=zone)
    told = moment.isoformat()
    return told if read_time(told) is not None else None


def has_offset(written: str) -> bool:
    """Whether a format says the offset itself."""
    return written == ISO or "%z" in written


def zone_of(name: str) -> tzinfo:
    """A time zone such as `America/New_York`, or an offset such as `-05:00`. Raises ValueError."""
    match = _OFFSET.fullmatch(name)
    if match:
        length = timedelta(hours=int(match[2]), minutes=int(match[3]))
        return timezone(-length if match[1] == "-" else length)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(_NO_ZONE) from None


def _read(text: str, written: str) -> datetime | None:
    try:
        return datetime.strptime(text, written)
    except ValueError:
        return None


def _without_year(text: str, written: str, year: int) -> datetime | None:
    return _read(f"{text} {year:04d}", f"{written} %Y")
