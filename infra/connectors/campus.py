"""Infinite Campus: attendance by status and excuse, made into days by minutes; calendars and enrollments."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.connectors import table_call
from infra.connectors.campus_layouts import CALENDAR, DAYS, DETAIL, ENROLLMENT, LAYOUTS, PERIODS
from infra.connectors.campus_people import calendar_events, enrollment_events, school_of, student_events
from infra.connectors.campus_words import Day, Lengths, Mark, Minutes, told, whole_number
from infra.connectors.edfi_gather import Place
from infra.connectors.local_codes import LocalCodes, Meaning, tie
from infra.connectors.table_call import BadCell, Call, made, not_made
from infra.connectors.table_values import day_of, is_local, recorded_on, time_of
from infra.files.rows import Row
from infra.files.source import Source
from infra.intake.connector import Options
from infra.intake.events import Event, Notice, Record
from models.columns import Kind
from models.instant import instant_of
from models.ledger.chain import Stored
from streams.refused import Refused

_FILE = "infinite_campus"
_DEFAULT_DISTRICT = "infinite_campus"
_BLANK_CODE = "(blank)"
_NAMES = {
    "school_id": "calendarID",
    "student_id": "personID",
    "date": "date",
    "code": "code",
    "recorded_at": "modifiedDate",
}
_NO_LENGTHS = Lengths(0, 0, 0)
_NULLS = frozenset(("NULL",))

Key = tuple[str, str, str]
"""Student, calendar, date."""


@dataclass(slots=True)
class _Known:
    """What is known of a call. `periods` are those of `days` that have rows of periods."""

    call: Call
    district: str
    schools: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, Lengths] = field(default_factory=dict)
    days: dict[Key, Day] = field(default_factory=dict)
    periods: set[Key] = field(default_factory=set)
    codes: LocalCodes = field(default_factory=LocalCodes)
    counts: Counter[str] = field(default_factory=Counter)


class InfiniteCampus:
    """Files (.csv, .txt and the like) of one export, and canonical files beside them."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return table_call.takes(path)

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """Codes, calendars, students and enrollments, attendance; then what is canonical."""
        call = table_call.sorted_out(files, options, LAYOUTS, nulls=_NULLS)
        yield from call.met
        yield from call.broken()
        known = _Known(call, options.district or _DEFAULT_DISTRICT)
        yield from _lengths(known)
        yield from _rows(known)
        yield from _minutes(known)
        records = list(_attendance(known))
        yield from known.codes.records()
        yield from calendar_events(call, known.district, known.schools, known.counts)
        yield from student_events(call, known.district)
        yield from enrollment_events(call, known.district, known.schools, known.counts)
        for given, day in records:
            yield Record(Kind.ATTENDANCE, Stored(given, day.file, day.line))
        if not options.district and call.tables:
            yield Notice(
                _FILE, f"no district is named: {_DEFAULT_DISTRICT} is taken; give --district to name it"
            )
        yield from (Notice(_FILE, text) for text in _notices(known))
        yield from table_call.canonical_events(call, options)


def _lengths(known: _Known) -> Iterator[Refused]:
    for source, row in known.call.rows(CALENDAR.name):
        given = row.given
        calendar = given.get("calendarID", "")
        known.schools[calendar] = given.get("schoolID", "")
        try:
            known.lengths[calendar] = Lengths(
                whole_number(given.get("studentDay", ""), "studentDay"),
                whole_number(given.get("wholeDayAbsence", ""), "wholeDayAbsence"),
                whole_number(given.get("halfDayAbsence", ""), "halfDayAbsence"),
            )
        except BadCell as bad:
            yield not_made(source, row, Kind.CALENDAR, bad)


def _rows(known: _Known) -> Iterator[Refused]:
    """Gather the rows of each student's day; gives the refusals."""
    for source, row in known.call.rows(DETAIL.name):
        cells = _checked(known, source, row, row.given.get("code", _BLANK_CODE))
        if isinstance(cells, Refused):
            yield cells
            continue
        key = _key(row, cells)
        day = known.days.get(key)
        if day is None:
            day = known.days[key] = Day(source.name, row.line)
        given = row.given
        day.marks[_mark(row)] += 1
        if not given.keys().isdisjoint(PERIODS):
            known.periods.add(key)
        _see_time(known, day, given.get("modifiedDate", ""))


def _minutes(known: _Known) -> Iterator[Refused]:
    """Take the minutes of each day that has some; gives the refusals."""
    for source, row in known.call.rows(DAYS.name):
        given = row.given
        try:
            absent = whole_number(given.get("absentMinutes", ""), "absentMinutes")
            scheduled = whole_number(given.get("scheduledMinutes", ""), "scheduledMinutes")
        except BadCell as bad:
            yield not_made(source, row, Kind.ATTENDANCE, bad)
            continue
        cells = _checked(known, source, row, _BLANK_CODE)
        if isinstance(cells, Refused):
            yield cells
            continue
        key = _key(row, cells)
        if key not in known.days:
            if not absent:
                continue
            known.days[key] = Day(source.name, row.line)
        known.days[key].minutes = Minutes(absent, scheduled)
        _see_time(known, known.days[key], given.get("modifiedDate", ""))


def _key(row: Row, cells: dict[str, str]) -> Key:
    return sys.intern(cells["student_id"]), sys.intern(row.given["calendarID"]), sys.intern(cells["date"])


def _mark(row: Row) -> Mark:
    given = row.given
    code, status, excuse = (given.get(name, "") for name in ("code", "status", "excuse"))
    return Mark(sys.intern(code or _BLANK_CODE), sys.intern(status.upper()), sys.intern(excuse.upper()))


def _see_time(known: _Known, day: Day, text: str) -> None:
    """The time of a day is the latest of its rows."""
    known.counts["local times"] += is_local(text)
    time = time_of(text)
    if time and (not day.time or instant_of(time) > instant_of(day.time)):
        day.time = time


def _checked(known: _Known, source: Source, row: Row, code: str) -> dict[str, str] | Refused:
    """The cells of a row of attendance, or its refusal."""
    try:
        cells = _cells(known, row, code, source.name)
    except BadCell as bad:
        return not_made(source, row, Kind.ATTENDANCE, bad)
    record = made(source, row, Kind.ATTENDANCE, cells, _NAMES)
    return record if isinstance(record, Refused) else cells


def _cells(known: _Known, row: Row, code: str, file: str) -> dict[str, str]:
    """The cells by which a row is judged by itself. Raises BadCell."""
    given = row.given
    day = day_of(given.get("date", ""))
    return {
        "district_id": known.district,
        "school_id": school_of(row, known.schools),
        "student_id": given.get("personID", ""),
        "date": day,
        "code": known.codes.code_of(known.district, code, None),
        "recorded_at": time_of(given.get("modifiedDate", "")) or recorded_on(day, file),
    }


def _attendance(known: _Known) -> Iterator[tuple[dict[str, str], Day]]:
    """The record of each day: its codes are seen first, because one may have several meanings."""
    found: list[tuple[Key, Day, tuple[str, Meaning | None, str]]] = []
    for key, day in known.days.items():
        if day.minutes is None and key in known.periods:
            known.counts["periods alone"] += day.marks.total()
            continue
        code, meaning, fraction = told(day, known.lengths.get(key[1], _NO_LENGTHS))
        known.codes.see(known.district, code, meaning, Place(day.file, day.line))
        known.counts["days"] += 1
        known.counts["no minutes"] += day.minutes is None
        known.counts["untimed"] += not day.time
        found.append((key, day, (code, meaning, fraction)))
    for (student, calendar, date), day, (code, meaning, fraction) in found:
        cells = {
            "district_id": known.district,
            "school_id": known.schools[calendar],
            "student_id": student,
            "date": date,
            "code": known.codes.code_of(known.district, code, meaning),
            "recorded_at": day.time or recorded_on(date, day.file),
            "absent_fraction": fraction,
            "event_id": tie(meaning),
        }
        yield {name: cell for name, cell in cells.items() if cell}, day


def _notices(known: _Known) -> Iterator[str]:
    counts = known.counts
    yield from known.codes.notices()
    if counts["periods alone"]:
        yield (
            f"attendance of periods, of days without AttDayAggregation: {counts['periods alone']} rows; not "
            "read, because nothing says how much of the day they are; export AttDayAggregation too"
        )
    if counts["no minutes"]:
        yield f"days without minutes, and without periods: {counts['no minutes']}; taken as whole days"
    if counts["untimed"]:
        dating = known.call.dating(DETAIL.name, DAYS.name)
        yield f"days of attendance without modifiedDate: {counts['untimed']}; {dating}"
    if counts["untimed enrollments"]:
        dating = known.call.dating(ENROLLMENT.name)
        yield f"enrollments without modifiedDate: {counts['untimed enrollments']}; {dating}"
    if counts["local times"]:
        yield f"times without an offset: {counts['local times']}; read as Eastern Standard Time (-05:00)"
    if counts["not primary"]:
        yield f"enrollments that are not primary (serviceType): {counts['not primary']}; not read"
    if counts["no show"]:
        yield f"enrollments with noShow or stateExclude: {counts['no show']}; they have no days"
    if counts["days"] and not counts["dates"]:
        yield "no Day: no day counts until a calendar is ingested"
    if counts["days"] and not counts["enrolled"]:
        yield "no Enrollment: nobody counts until enrollments are ingested"
