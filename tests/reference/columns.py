"""The table of contract section 1: kinds, their columns in order, what each may hold.

Part of an independent reading of the contract: nothing of the product is imported in this folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache


@dataclass(frozen=True)
class Column:
    """A column: its name, what it holds (`id`, `time`, `date`, `text` or a value), where it is asked for."""

    name: str
    holds: str
    required: bool
    identity: bool


def _columns(lines: str) -> tuple[Column, ...]:
    """Read `name:holds` words; a `!` behind means required, a `#` part of the identity."""
    columns = []
    for word in lines.split():
        name, holds = word.rstrip("!#").split(":")
        columns.append(Column(name, holds, "!" in word, "#" in word))
    return tuple(columns)


KINDS: dict[str, tuple[Column, ...]] = {
    "attendance": _columns(
        "district_id:id!# school_id:id!# student_id:id!# date:date!# code:id! recorded_at:time! record_id:id#"
        " absent_fraction:fraction permission:documented|missing"
    ),
    "enrollment": _columns(
        "district_id:id!# school_id:id!# student_id:id!# grade:grade! entry_date:date!# recorded_at:time!"
        " exit_date:date track:id"
    ),
    "calendar": _columns(
        "district_id:id!# school_id:id!# date:date!#"
        " kind:instructional|make_up|shortened|holiday|weather|teacher_only|emergency|strike"
        "|non_instructional!"
        " recorded_at:time! track:id# minutes:whole"
    ),
    "submission": _columns(
        "district_id:id!# school_id:id!# date:date!# state:submitted|reopened! recorded_at:time!"
    ),
    "school": _columns(
        "district_id:id!# school_id:id!# recorded_at:time! effective_from:date# name:text"
        " attendance_mode:negative|positive submission:by_record|explicit"
    ),
    "code": _columns(
        "district_id:id!# code:id!# status:absent|in_attendance! recorded_at:time! effective_from:date#"
        " class:excused|unexcused|disciplinary|mhw|unknown remote:yes|no label:text"
    ),
    "student": _columns(
        "district_id:id!# student_id:id!# recorded_at:time! first_name:text last_name:text birthdate:date"
        " language:text counselor:text race_ethnicity:text gender:text english_learner:yes|no"
        " disability:yes|no meals:free|reduced|paid homeless:yes|no"
    ),
    "prior_year": _columns(
        "district_id:id!# student_id:id!# school_year:year!# enrolled_days:whole! absent_days:whole!"
        " recorded_at:time!"
    ),
}
# Every record may carry these; they come last where faults are ranked.
COMMON = _columns("op:upsert|delete event_id:id")
SCHOOL_DAYS = frozenset({"instructional", "make_up", "shortened"})

_ID = re.compile(r"[!-~]{1,64}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_FRACTION = re.compile(r"[0-9]+(\.[0-9]+)?|\.[0-9]+")
_WHOLE = re.compile(r"[0-9]+")
_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")
_GRADES = ("PK", "K", *(str(number) for number in range(1, 13)))


def kind_of(names: set[str]) -> str:
    """Tell the kind of a file by its column names; blank where none fits."""
    rules: tuple[tuple[str, bool], ...] = (
        ("enrollment", "entry_date" in names),
        ("attendance", {"student_id", "date"} <= names),
        ("calendar", {"date", "kind"} <= names),
        ("submission", {"date", "state"} <= names),
        ("prior_year", "school_year" in names),
        ("code", {"code", "status"} <= names),
        ("student", "student_id" in names and "school_id" not in names),
        ("school", "school_id" in names and "student_id" not in names),
    )
    return next((kind for kind, fits in rules if fits), "")


def read_date(cell: str) -> date | None:
    """Read YYYY-MM-DD, nothing else that Python would take; None where it is no date."""
    if not _DATE.fullmatch(cell):
        return None
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def read_time(cell: str) -> tuple[Fraction, date] | None:
    """Read RFC 3339 with an offset: the instant in seconds since 0001-01-01 UTC, and the date as written.

    The fraction of a second is exact, however many digits it has.
    """
    match = _TIME.fullmatch(cell)
    if match is None:
        return None
    day = read_date(match[1])
    hour, minute, second = int(match[2]), int(match[3]), int(match[4])
    off_hour, off_minute = int(match[7] or 0), int(match[8] or 0)
    if day is None or hour > 23 or minute > 59 or second > 59 or off_hour > 23 or off_minute > 59:
        return None
    offset = (off_hour * 60 + off_minute) * (-60 if match[6] == "-" else 60)
    seconds = day.toordinal() * 86400 + hour * 3600 + minute * 60 + second - offset
    return seconds + (Fraction("0" + match[5]) if match[5] else Fraction(0)), day


def read_grade(cell: str) -> str:
    """Read a grade into PK, K or 1 to 12 (KG and 01 to 09 are read too); blank where it is none."""
    if cell == "KG":
        return "K"
    if len(cell) == 2 and cell[0] == "0" and cell != "00":
        cell = cell[1]
    return cell if cell in _GRADES else ""


def value_fits(holds: str, cell: str) -> bool:
    """Say whether a cell lies within its column's values (`bad_value` where not)."""
    if holds == "fraction":
        return bool(_FRACTION.fullmatch(cell)) and Fraction(cell) <= 1
    if holds == "whole":
        return bool(_WHOLE.fullmatch(cell))
    if holds == "grade":
        return read_grade(cell) != ""
    if holds == "year":
        match = _YEAR.fullmatch(cell)
        return match is not None and (int(match[1]) + 1) % 100 == int(match[2])
    if holds in ("id", "time", "date", "text"):  # these have reasons of their own, or none
        return True
    return cell in holds.split("|")


def is_id(cell: str) -> bool:
    """Say whether a cell is an id, code, track or event_id: 1 to 64 characters U+0021 to U+007E."""
    return bool(_ID.fullmatch(cell))
