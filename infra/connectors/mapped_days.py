"""A row a student, a column a day: the wide sheet that a mapping describes (connector csv).

A blank cell says nothing. What the mapping asks to be derived from a sheet is the weakest of what is known:
it is dated so that what a real calendar or enrollment says wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from infra.connectors.mapped_rows import Cells, Reading, judged, kept, read_fields, with_fraction
from infra.files.rows import FileRefused, Row
from infra.intake.events import Event, Notice, Record
from infra.mapping.cells import clean, code_of
from infra.mapping.days import Days
from infra.mapping.moments import read_day, read_day_of_year
from models.columns import COLUMNS, Kind
from models.instant import read_date, read_time
from models.ledger.chain import Stored
from models.quick_check import first_fault
from models.refusal import Fault, Reason
from models.school_year import first_day, school_year_of

_CODE = next(column for column in COLUMNS[Kind.ATTENDANCE] if column.name == "code")
_ROW = ("district_id", "school_id", "student_id", "recorded_at")


@dataclass
class _Sheet:
    """The days of a sheet by the names of their columns, and what is counted while its rows are read."""

    days: dict[str, date]
    schools: set[tuple[str, str]] = field(default_factory=set)
    students: int = 0
    enrolled: int = 0
    blanks: int = 0
    ignored: int = 0


def days_of(header: list[str], days: Days) -> dict[str, date]:
    """The columns that are days, by their names in the header."""
    found: dict[str, date] = {}
    for name in header:
        day = _day(name, days)
        if day is not None:
            found[name] = day
    return found


def _day(name: str, days: Days) -> date | None:
    if not name:
        return None
    if days.year is not None:
        return read_day_of_year(name, days.date_format, days.year)
    return read_date(read_day(name, days.date_format) or "")


def sheet(reading: Reading) -> Iterator[Event]:
    """The marks of all cells, and what the mapping has derived from the sheet. Raises FileRefused."""
    days = reading.layout.days
    assert days is not None
    gathered = _Sheet(_checked_days(reading, days))
    for row in reading.rows(gathered.days):
        if row.fault is not None:
            yield reading.refuse(row, row.fault, {})
        else:
            yield from _row(reading, row, days, gathered)
    yield from reading.told()
    yield from (Notice(reading.source.name, text) for text in _notices(days, gathered))


def _checked_days(reading: Reading, days: Days) -> dict[str, date]:
    header = reading.table.header
    found = days_of(header, days)
    if not found:
        message = f"no column's name is a date in the format {days.date_format}; correct days.date_format"
        raise FileRefused(Fault(Reason.MISSING_COLUMN, "date", message), reading.table.raw)
    if len(set(found.values())) < sum(name in found for name in header):
        message = "a day stands twice in the header; keep one of its columns"
        raise FileRefused(Fault(Reason.NOT_CSV, "", message), reading.table.raw)
    return found


def _row(reading: Reading, row: Row, days: Days, gathered: _Sheet) -> Iterator[Event]:
    """The records of one student's row."""
    base, faults = read_fields(reading.fields, row.given)
    # The row is judged once, with a day and a code that are good.
    day = base.get("recorded_at", "")[:10]
    fault = judged(Kind.ATTENDANCE, {**base, "date": day, "code": "x"}, faults)
    if fault is not None:
        yield reading.refuse(row, fault, kept(Kind.ATTENDANCE, base))
        return
    gathered.students += 1
    place = (base["district_id"], base["school_id"])
    if days.calendar and place not in gathered.schools:
        gathered.schools.add(place)
        yield from _calendar(reading.source.name, place, gathered.days, row.line)
    if days.enrollment:
        yield _enrollment(reading, row, base, gathered)
    yield from _marks(reading, row, base, gathered)


def _marks(reading: Reading, row: Row, base: Cells, gathered: _Sheet) -> Iterator[Event]:
    days = reading.layout.days
    assert days is not None
    written = read_time(base["recorded_at"])
    told: set[tuple[Reason, str]] = set()
    for name, day in gathered.days.items():
        mark = clean(row.given.get(name, ""), reading.writing.nulls)
        if mark and mark in days.ignore:
            gathered.ignored += 1
            continue
        if not mark:
            # Of a day after the sheet was written a blank cell cannot say that nothing was marked.
            if days.blank == "nothing" or written is None or day > written.written:
                continue
            gathered.blanks += 1
        record, fault = _mark(base, day, mark, reading)
        if fault is None:
            yield Record(Kind.ATTENDANCE, Stored(record, reading.source.name, row.line))
        elif (fault.reason, fault.field) not in told:
            # One refusal tells of all cells of a row that have the same fault.
            told.add((fault.reason, fault.field))
            told_day = replace(
                fault, message=f"{fault.message} (of {day.isoformat()}, the first such day of the row)"
            )
            yield reading.refuse(row, told_day, kept(Kind.ATTENDANCE, record))


def _mark(base: Cells, day: date, mark: str, reading: Reading) -> tuple[Cells, Fault | None]:
    """The record of one cell, and why it is none."""
    if not mark:
        record = {name: base[name] for name in _ROW} | {"date": day.isoformat(), "op": "delete"}
        return record, first_fault(Kind.ATTENDANCE, record)
    record = {**base, "date": day.isoformat()}
    code = code_of(mark, reading.writing, _CODE)
    if isinstance(code, Fault):
        return record, code
    record["code"] = code
    with_fraction(record, reading.writing.fractions)
    return record, first_fault(Kind.ATTENDANCE, record)


def _calendar(file: str, place: tuple[str, str], days: dict[str, date], line: int) -> Iterator[Record]:
    """Every day of the sheet as a school day of a school."""
    for day in days.values():
        given = {
            "district_id": place[0],
            "school_id": place[1],
            "date": day.isoformat(),
            "kind": "instructional",
            "recorded_at": _weakest(day, 0),
        }
        yield Record(Kind.CALENDAR, Stored(given, file, line))


def _enrollment(reading: Reading, row: Row, base: Cells, gathered: _Sheet) -> Event:
    """A student as enrolled from the first day of the sheet to the last; the longer of two sheets wins."""
    entry, exit = min(gathered.days.values()), max(gathered.days.values())
    given, faults = read_fields(reading.of_enrollment, row.given)
    given |= {name: base[name] for name in ("district_id", "school_id", "student_id")}
    given |= {"entry_date": entry.isoformat(), "exit_date": exit.isoformat()}
    given["recorded_at"] = _weakest(entry, (exit - entry).days)
    fault = judged(Kind.ENROLLMENT, given, faults)
    if fault is not None:
        held = kept(Kind.ENROLLMENT, given)
        return replace(reading.refuse(row, fault, held), kind=Kind.ENROLLMENT.value)
    gathered.enrolled += 1
    return Record(Kind.ENROLLMENT, Stored(given, reading.source.name, row.line))


def _weakest(day: date, later: int) -> str:
    """A time about a year before the school year of a day: what is really recorded of it comes later."""
    begin = first_day(school_year_of(day) - 1) + timedelta(days=later)
    return f"{begin.isoformat()}T00:00:00Z"


def _notices(days: Days, gathered: _Sheet) -> Iterator[str]:
    """What was assumed, and what was left out."""
    first, last = min(gathered.days.values()), max(gathered.days.values())
    span = f"from {first.isoformat()} to {last.isoformat()}"
    yield f"a sheet of {len(gathered.days)} days {span}, with {gathered.students} students"
    if days.calendar:
        yield (
            f"each of its days is taken as a school day of the {len(gathered.schools)} schools in it, as the "
            "mapping says; a real calendar wins"
        )
    if days.enrollment:
        yield f"{gathered.enrolled} students are taken as enrolled {span}, as the mapping says"
    if days.blank == "nothing":
        yield (
            "blank cells say nothing: a mark that an earlier sheet had, and this one has not, stays; "
            'days.blank = "delete" in the mapping takes it away'
        )
    else:
        yield f"blank cells up to the day of the export, each taken as no mark: {gathered.blanks}"
    if gathered.ignored:
        yield f"cells whose mark the mapping ignores: {gathered.ignored}"
