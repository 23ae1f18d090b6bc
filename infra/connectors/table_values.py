"""Dates, times and yes or no as the tables of student information systems write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from models.instant import read_date, read_time

# What has no time is recorded before all that has one, and what a system says of a code before everything.
UNDATED = "2000-07-01T00:00:00Z"
FIRST = "1970-01-01T00:00:00Z"

_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?Z?")
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_LOCAL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)")
_MILLISECONDS = re.compile(r"[0-9]{12,13}")
# Connecticut's clocks without their summer time, so that two local times keep their order all year.
_EASTERN = timezone(timedelta(hours=-5))
_IN_NAME = re.compile(
    r"(?<![0-9])(20[0-9]{2})-?([0-9]{2})-?([0-9]{2})"
    r"(?:[T_ -]?([0-9]{2})[:-]?([0-9]{2})(?:[:-]?[0-9]{2})?)?(?![0-9])"
)
_YES = frozenset(("1", "y", "yes", "true", "t"))
_NO = frozenset(("0", "n", "no", "false", "f"))


def day_of(text: str) -> str:
    """A date as YYYY-MM-DD, from 2021-09-01 or 9/1/2021 (month first), each with or without midnight behind.

    Any other text stays as it is, and is refused as a date.
    """
    found = _MIDNIGHT.search(text)
    plain = text[: found.start()] if found and found.end() == len(text) else text
    american = _AMERICAN.fullmatch(plain)
    if american:
        month, day, year = american.groups()
        plain = f"{year}-{int(month):02}-{int(day):02}"
    return plain if read_date(plain) else text


def export_time(file: str) -> str:
    """When an export was made, where its file's name says so: `attendance_2021-10-05.csv`, `20211005T1830`.

    Of several dates the last; without a time of day the date's beginning, Eastern Standard Time. Blank where
    the name has no date.
    """
    for found in reversed(list(_IN_NAME.finditer(file))):
        year, month, day, hour, minute = found.groups()
        made = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:00-05:00"
        if read_time(made) is not None:
            return made
    return ""


def undated(file: str) -> str:
    """When what has no date of its own was recorded: with its export, else before all that has one."""
    return export_time(file) or UNDATED


def recorded_on(day: str, file: str) -> str:
    """When a row without a time was recorded: with its export, else at the beginning of its date.

    Of what is no date it is a time that leaves the fault to the date.
    """
    if read_date(day) is None:
        return UNDATED
    return export_time(file) or f"{day}T00:00:00Z"


def tie_of_exit(exit_date: str) -> str:
    """The event_id of an enrollment without a time: of two, the one that ends earlier holds.

    Systems write the end of the year as the last day of all, and an earlier one when a student leaves.
    """
    read = read_date(exit_date)
    return f"{date.max.toordinal() - read.toordinal():07}" if read is not None else "0"


def time_of(text: str) -> str:
    """An instant as RFC 3339: one with an offset as it is, milliseconds since 1970, or a local time.

    A local time is read as Eastern Standard Time (-05:00) all year. Any other text stays as it is, and is
    refused as a time.
    """
    if read_time(text) is not None:
        return text
    if _MILLISECONDS.fullmatch(text):
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))
        return at.astimezone(_EASTERN).isoformat(timespec="milliseconds")
    local = _LOCAL.fullmatch(text)
    if local is None:
        return text
    clock = local[2] if len(local[2]) > 5 else f"{local[2]}:00"
    made = f"{local[1]}T{clock}-05:00"
    return made if read_time(made) is not None else text


def is_local(text: str) -> bool:
    """Whether a time has no offset of its own, and is none that counts from 1970."""
    return read_time(text) is None and read_time(time_of(text)) is not None and not text.isdigit()


def yes_or_no(text: str) -> bool | None:
    """Whether an indicator is set; None where it is neither a yes nor a no."""
    word = text.lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def day_before(day: str) -> str:
    """The date before a date; what is no date stays as it is."""
    read = read_date(day)
    return day if read is None or read == date.min else (read - timedelta(days=1)).isoformat()
