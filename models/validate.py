"""Whether a record may come in, and the one fault that is told where it may not (contract 1, Refused)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from models.columns import COLUMNS, COMMON, Column, Form, Kind
from models.instant import Recorded, over_two_years_after, read_date, read_time
from models.refusal import RANK, Fault, Reason
from models.school_year import from_label
from models.version import text_of

TEXT_LIMIT = 64 * 1024
EARLIEST = date(2000, 7, 1)

_ID = re.compile(r"[!-~]{1,64}")
_FRACTION = re.compile(r"(?:0*|0+\.[0-9]+|\.[0-9]+|0*1(?:\.0+)?)")
_COUNT = re.compile(r"[0-9]{1,4000}")  # Python reads no integer of over 4,300 digits
_GRADE = re.compile(r"PK|K|KG|0?[1-9]|1[0-2]")


def fault_of(kind: Kind, given: Mapping[str, str]) -> Fault | None:
    """The first fault of a record, or None where it is valid.

    `given` holds the known columns that are given, trimmed and not blank. Of several faults the first in
    the order of `Reason` is told, then the first in the order of the columns, op and event_id last.
    Of a delete only its identity, recorded_at, op and event_id are looked at.
    """
    faults = list(_faults(kind, given))
    return min(faults, key=lambda fault: RANK[fault.reason]) if faults else None


def _faults(kind: Kind, given: Mapping[str, str]) -> Iterator[Fault]:
    deleted = given.get("op") == "delete"
    recorded = read_time(given.get("recorded_at", ""))
    for column in COLUMNS[kind]:
        if deleted and not column.identity and column.name != "recorded_at":
            continue
        fault = _of_column(column, given.get(column.name, ""), recorded)
        if fault is not None:
            yield fault
        elif not deleted:
            yield from _between_columns(column, given)
    for column in COMMON:
        fault = _of_column(column, given.get(column.name, ""), recorded)
        if fault is not None:
            yield fault
    if len(text_of(given).encode()) > TEXT_LIMIT:
        yield Fault(Reason.TOO_LARGE, "", f"the record is over {TEXT_LIMIT} bytes; shorten its texts")


def _of_column(column: Column, value: str, recorded: Recorded | None) -> Fault | None:
    if not value:
        if column.required:
            return Fault(
                Reason.MISSING_VALUE, column.name, f"{column.name} is required; give {column.form.value}"
            )
        return None
    reason = _reason(column, value, recorded)
    if reason is None:
        return None
    wanted = "one of " + ", ".join(column.choices) if column.choices else column.form.value
    return Fault(reason, column.name, f"{column.name} takes {wanted}")


def _reason(column: Column, value: str, recorded: Recorded | None) -> Reason | None:
    match column.form:
        case Form.ID:
            return None if _ID.fullmatch(value) else Reason.BAD_ID
        case Form.TIME:
            return None if read_time(value) else Reason.BAD_TIME
        case Form.DATE:
            return None if read_date(value) else Reason.BAD_DATE
        case Form.SCHOOL_DATE:
            return _school_date(value, recorded)
        case Form.TEXT:
            return None
        case _:
            return None if _is_value(column, value) else Reason.BAD_VALUE


def _school_date(value: str, recorded: Recorded | None) -> Reason | None:
    day = read_date(value)
    if day is None:
        return Reason.BAD_DATE
    if day < EARLIEST or (recorded is not None and over_two_years_after(day, recorded.written)):
        return Reason.DATE_OUT_OF_RANGE
    return None


def _is_value(column: Column, value: str) -> bool:
    match column.form:
        case Form.FRACTION:
            return _FRACTION.fullmatch(value) is not None
        case Form.COUNT:
            return _COUNT.fullmatch(value) is not None
        case Form.GRADE:
            return _GRADE.fullmatch(value) is not None
        case Form.YES_NO:
            return value in ("yes", "no")
        case Form.SCHOOL_YEAR:
            return from_label(value) is not None
        case _:
            return value in column.choices


def _between_columns(column: Column, given: Mapping[str, str]) -> Iterator[Fault]:
    """Faults that two columns have together."""
    if column.name == "class" and not given.get("class") and given.get("status") == "absent":
        yield Fault(Reason.MISSING_VALUE, "class", "a code that means absent needs a class")
    if column.name == "absent_days":
        enrolled, absent = given.get("enrolled_days", ""), given.get("absent_days", "")
        if _COUNT.fullmatch(enrolled) and _COUNT.fullmatch(absent) and _number(absent) > _number(enrolled):
            yield Fault(Reason.BAD_VALUE, "absent_days", "absent_days takes at most enrolled_days")


def _number(digits: str) -> tuple[int, str]:
    """A count of any length, in a form that compares as numbers do (`int` refuses very long ones)."""
    kept = digits.lstrip("0")
    return len(kept), kept
