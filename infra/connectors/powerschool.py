"""PowerSchool: daily attendance and its codes, calendars, students and enrollments, as tables.

Attendance of meetings (classes) is counted, told, and left out: a day of it would have to be guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from infra.connectors import table_call
from infra.connectors.edfi_gather import Place
from infra.connectors.edfi_words import as_id
from infra.connectors.judging import refused
from infra.connectors.local_codes import ABSENT, PRESENT, LocalCodes, Meaning, tie
from infra.connectors.powerschool_layouts import (
    ANY_MODE,
    ATTENDANCE,
    CALENDAR,
    CC,
    CODES,
    DAILY,
    LAYOUTS,
    REENROLLMENTS,
    STUDENTS,
    TRACKS,
)
from infra.connectors.powerschool_people import enrollment_events, student_events
from infra.connectors.table_call import BadCell, Call, made, not_made
from infra.connectors.table_days import Days
from infra.connectors.table_values import day_of, recorded_on, yes_or_no
from infra.files.rows import Row
from infra.intake.connector import Options
from infra.intake.events import Event, Notice
from models.columns import Kind
from models.refusal import Fault, Reason

_FILE = "powerschool"
_DEFAULT_DISTRICT = "powerschool"
_BLANK_CODE = "(blank)"
_NAMES = {
    "school_id": "SchoolID",
    "student_id": "StudentID",
    "date": "Att_Date",
    "code": "Attendance_CodeID",
}
_CALENDAR = {"school_id": "SchoolID", "date": "Date_Value", "kind": "InSession"}
_MEANINGS = {"present": PRESENT, "absent": ABSENT}


class _Code(NamedTuple):
    code: str
    meaning: Meaning | None
    label: str


@dataclass(slots=True)
class _Known:
    """What is known of a call after its first reading."""

    call: Call
    district: str
    said: dict[str, _Code] = field(default_factory=dict)
    codes: LocalCodes = field(default_factory=LocalCodes)
    days: Days = field(default_factory=Days)
    tracks: set[str] = field(default_factory=set)
    modes: Counter[str] = field(default_factory=Counter)
    daily: set[str] = field(default_factory=set)
    other: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)


class PowerSchool:
    """Files (.csv, .txt, .text and the like) of one export, and canonical files beside them."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return table_call.takes(path)

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """Codes, calendars, students and enrollments, attendance; then what is canonical."""
        call = table_call.sorted_out(files, options, LAYOUTS)
        yield from call.met
        yield from call.broken()
        known = _Known(call, options.district or _DEFAULT_DISTRICT)
        _gather(known)
        yield from known.codes.records()
        yield from _calendar(known)
        yield from student_events(call, known.district)
        yield from enrollment_events(call, known.district, known.counts)
        yield from _attendance(known)
        if not options.district and call.tables:
            yield Notice(
                _FILE, f"no district is named: {_DEFAULT_DISTRICT} is taken; give --district to name it"
            )
        yield from (Notice(_FILE, text) for text in _notices(known))
        yield from table_call.canonical_events(call, options)


def _gather(known: _Known) -> None:
    call = known.call
    for _, row in call.rows(CODES.name):
        given = row.given
        meaning = _MEANINGS.get(given.get("Presence_Status_CD", "").lower())
        code = given.get("Att_Code", _BLANK_CODE)
        known.said[given.get("ID", "")] = _Code(code, meaning, given.get("Description", ""))
    for name in (STUDENTS.name, REENROLLMENTS.name):
        known.tracks.update(
            row.given["Track"] for _, row in call.rows(name) if row.given.get("Track") in TRACKS
        )
    known.counts["classes"] = sum(1 for _ in call.rows(CC.name))
    for source, row in call.rows(ATTENDANCE.name):
        try:
            if not _is_daily(row):
                known.modes[row.given["Att_Mode_Code"]] += 1
                known.other.add(row.given.get("SchoolID", ""))
                continue
            found = _code(known, row)
        except BadCell:
            continue
        if known.days.see(_cells(known, row, found, source.name)):
            known.daily.add(row.given["SchoolID"])
            place = Place(source.name, row.line)
            known.codes.see(known.district, found.code, found.meaning, place, found.label)


def _is_daily(row: Row) -> bool:
    """Whether a row is of a whole day. Raises BadCell."""
    mode = row.given.get("Att_Mode_Code", "").lower()
    if not mode:
        raise BadCell("Att_Mode_Code", "ATT_ModeDaily or another mode; it is required", Reason.MISSING_VALUE)
    if not mode.startswith(ANY_MODE):
        raise BadCell("Att_Mode_Code", "ATT_ModeDaily or another ATT_Mode")
    return mode == DAILY


def _code(known: _Known, row: Row) -> _Code:
    """The code of a row. Raises BadCell."""
    number = row.given.get("Attendance_CodeID", "")
    if not number:
        raise BadCell(
            "Attendance_CodeID", "the ID of an Attendance_Code; it is required", Reason.MISSING_VALUE
        )
    found = known.said.get(number)
    if found is None:
        raise BadCell("Attendance_CodeID", "an ID of Attendance_Code in this call; export that table whole")
    return found


def _cells(known: _Known, row: Row, found: _Code, file: str) -> dict[str, str]:
    given = row.given
    day = day_of(given.get("Att_Date", ""))
    return {
        "district_id": known.district,
        "school_id": given.get("SchoolID", ""),
        "student_id": given.get("StudentID", ""),
        "date": day,
        "code": known.codes.code_of(known.district, found.code, found.meaning),
        "recorded_at": recorded_on(day, file),
        "event_id": tie(found.meaning),
    }


def _attendance(known: _Known) -> Iterator[Event]:
    told: set[str] = set()
    for source, row in known.call.rows(ATTENDANCE.name):
        if not known.call.has(CODES.name):
            if source.path not in told:
                told.add(source.path)
                message = (
                    "the table Attendance_Code is not in this call; export it too, and give both together"
                )
                yield refused(source, 1, None, Fault(Reason.MISSING_VALUE, "Attendance_CodeID", message), "")
            continue
        try:
            if not _is_daily(row):
                continue
            cells = _cells(known, row, _code(known, row), source.name)
        except BadCell as bad:
            yield not_made(source, row, Kind.ATTENDANCE, bad)
            continue
        yield made(source, row, Kind.ATTENDANCE, cells, _NAMES)


def _calendar(known: _Known) -> Iterator[Event]:
    """A record a date, and one a track that students are in."""
    for source, row in known.call.rows(CALENDAR.name):
        given = row.given
        day = day_of(given.get("Date_Value", ""))
        try:
            in_session = _flag(given, "InSession")
            tracks = {
                track: in_session and _flag(given, track) for track in sorted(known.tracks) if track in given
            }
        except BadCell as bad:
            yield not_made(source, row, Kind.CALENDAR, bad)
            continue
        for track, is_school_day in {"": in_session, **tracks}.items():
            cells = {
                "district_id": known.district,
                "school_id": given.get("SchoolID", ""),
                "date": day,
                "kind": "instructional" if is_school_day else "non_instructional",
                "recorded_at": recorded_on(day, source.name),
                "track": track,
            }
            event = made(source, row, Kind.CALENDAR, cells, _CALENDAR)
            yield event
            if not track:
                known.counts["dates"] += 1


def _flag(given: dict[str, str], column: str) -> bool:
    found = yes_or_no(given.get(column, ""))
    if found is None:
        missing = column not in given
        raise BadCell(column, "1 or 0", Reason.MISSING_VALUE if missing else Reason.BAD_VALUE)
    return found


def _notices(known: _Known) -> Iterator[str]:
    yield from known.codes.notices()
    if known.modes:
        shown = ", ".join(f"{as_id(mode)[:20]} {count}" for mode, count in sorted(known.modes.items())[:8])
        yield f"attendance that is not of a whole day: {shown}; not read, only ATT_ModeDaily is"
    if behind := known.other - known.daily:
        yield (
            f"schools with attendance of meetings and none of whole days: {len(behind)}; no day of theirs "
            "counts, so have PowerSchool take daily attendance there, or send canonical attendance"
        )
    if several := known.days.several:
        yield f"days of a student with several daily rows: {several}; the absence holds"
    if known.days.rows:
        dating = known.call.dating(ATTENDANCE.name)
        yield f"attendance rows: {known.days.rows}; PowerSchool does not say when they were written: {dating}"
        if not known.counts["dates"]:
            yield "no Calendar_Day: no day counts until a calendar is ingested"
        if not known.counts["enrolled"]:
            yield "no Students or ReEnrollments: nobody counts until enrollments are ingested"
    if known.counts["classes"]:
        yield f"rows of CC (students in classes): {known.counts['classes']}; not read, they have no grade"
    if known.counts["no longer"]:
        yield f"students that are of the past (Enroll_Status 3 and 4): {known.counts['no longer']}; not read"
