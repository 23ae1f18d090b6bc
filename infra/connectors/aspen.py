"""Aspen X2: daily attendance, as its table or as the export that is published for it, and students.

A calendar is not among them: it stands beside them as a canonical file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.connectors import table_call
from infra.connectors.aspen_students import STUDENTS, student_events
from infra.connectors.aspen_words import Columns, Said, said
from infra.connectors.edfi_gather import Place
from infra.connectors.local_codes import LocalCodes, tie
from infra.connectors.table_call import BadCell, Call, made, not_made
from infra.connectors.table_days import Days
from infra.connectors.table_values import day_of, is_local, recorded_on, time_of
from infra.files.rows import Row
from infra.files.source import Source
from infra.files.tables import Layout
from infra.intake.connector import Options
from infra.intake.events import Event, Notice
from models.columns import Kind

_FILE = "aspen"
_DEFAULT_DISTRICT = "aspen"
_TABLE = Columns(
    "ATT_STD_OID", "ATT_SKL_OID", "ATT_DATE", "ATT_ABSENT_IND", "ATT_TARDY_IND", "ATT_DISMISSED_IND",
    "ATT_EXCUSED_IND", "ATT_REASON_CODE", "ATT_CODE_VIEW", "ATT_PORTION_ABSENT", "ATT_ABSENT_IND_02",
    "ATT_LAST_MODIFIED",
)  # fmt: skip
_EXPORT = Columns(
    "local_id", "school_local_id", "event_date", "absence", "tardy", "dismissed", "excused", "reason"
)


def _layout(name: str, columns: Columns, tells: tuple[str, ...]) -> Layout:
    required = (columns.student, columns.school, columns.date, columns.absent)
    return Layout(name, required, tuple(each for each in columns if each and each not in required), tells)


ATTENDANCE = {
    "STUDENT_ATTENDANCE": _TABLE,
    "attendance_export": _EXPORT,
}
STUDENT = Layout("STUDENT", ("STD_OID", "STD_ID_LOCAL"))
SCHOOL = Layout("SCHOOL", ("SKL_OID", "SKL_SCHOOL_ID"))
LAYOUTS = (
    _layout("STUDENT_ATTENDANCE", _TABLE, ("ATT_STD_OID", "ATT_DATE")),
    _layout("attendance_export", _EXPORT, ("local_id", "absence", "event_date")),
    STUDENTS,
    STUDENT,
    SCHOOL,
)
_NULLS = frozenset(("NULL", "null", "\\N"))


@dataclass(slots=True)
class _Known:
    """What is known of a call after its first reading."""

    call: Call
    district: str
    students: dict[str, str] = field(default_factory=dict)
    schools: dict[str, str] = field(default_factory=dict)
    codes: LocalCodes = field(default_factory=LocalCodes)
    days: Days = field(default_factory=Days)
    counts: Counter[str] = field(default_factory=Counter)


class Aspen:
    """Files (.csv, .txt and the like) of one export, and canonical files beside them."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return table_call.takes(path)

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """Codes, students and enrollments, attendance; then what is canonical."""
        call = table_call.sorted_out(files, options, LAYOUTS, nulls=_NULLS, escapes=True)
        yield from call.met
        yield from call.broken()
        known = _Known(call, options.district or _DEFAULT_DISTRICT)
        _gather(known)
        yield from known.codes.records()
        yield from student_events(call, known.district, known.days.year_begin, known.counts)
        for name, columns in ATTENDANCE.items():
            yield from _attendance(known, name, columns)
        if not options.district and (known.days.rows or call.tables):
            yield Notice(
                _FILE, f"no district is named: {_DEFAULT_DISTRICT} is taken; give --district to name it"
            )
        yield from (Notice(_FILE, text) for text in _notices(known))
        yield from table_call.canonical_events(call, options)


def _gather(known: _Known) -> None:
    for _, row in known.call.rows(STUDENT.name):
        known.students[row.given.get("STD_OID", "")] = row.given.get("STD_ID_LOCAL", "")
    for _, row in known.call.rows(SCHOOL.name):
        known.schools[row.given.get("SKL_OID", "")] = row.given.get("SKL_SCHOOL_ID", "")
    for name, columns in ATTENDANCE.items():
        for source, row in known.call.rows(name):
            try:
                found = said(row.given, columns)
                cells = _cells(known, row.given, columns, found, source.name)
            except BadCell:
                continue
            if known.days.see(cells):
                place = Place(source.name, row.line)
                known.codes.see(known.district, found.code, found.meaning, place, found.code)
                known.counts["untimed"] += not row.given.get(columns.modified)
                known.counts["local"] += is_local(row.given.get(columns.modified, ""))


def _attendance(known: _Known, name: str, columns: Columns) -> Iterator[Event]:
    names = {
        "school_id": columns.school,
        "student_id": columns.student,
        "date": columns.date,
        "code": columns.code or columns.absent,
        "recorded_at": columns.modified,
        "absent_fraction": columns.portion,
    }
    for source, row in known.call.rows(name):
        yield _record(known, source, row, columns, names)


def _record(known: _Known, source: Source, row: Row, columns: Columns, names: Mapping[str, str]) -> Event:
    try:
        cells = _cells(known, row.given, columns, said(row.given, columns), source.name)
    except BadCell as bad:
        return not_made(source, row, Kind.ATTENDANCE, bad)
    return made(source, row, Kind.ATTENDANCE, cells, names)


def _cells(
    known: _Known, given: Mapping[str, str], columns: Columns, found: Said, file: str
) -> dict[str, str]:
    """The cells of an attendance record. Raises BadCell."""
    day = day_of(given.get(columns.date, ""))
    modified = given.get(columns.modified, "")
    school, student = given.get(columns.school, ""), given.get(columns.student, "")
    if columns is _TABLE:
        school = _translated(known.schools, school, columns.school, SCHOOL, known)
        student = _translated(known.students, student, columns.student, STUDENT, known)
    return {
        "district_id": known.district,
        "school_id": school,
        "student_id": student,
        "date": day,
        "code": known.codes.code_of(known.district, found.code, found.meaning),
        "recorded_at": time_of(modified) if modified else recorded_on(day, file),
        "absent_fraction": found.fraction,
        "event_id": tie(found.meaning),
    }


def _translated(ids: Mapping[str, str], oid: str, column: str, layout: Layout, known: _Known) -> str:
    """The local id of an object; the OID where no table of the call has local ids. Raises BadCell."""
    if not oid or not known.call.has(layout.name):
        return oid
    found = ids.get(oid, "")
    if not found:
        raise BadCell(column, f"an OID of the {layout.name} table of this call; export that table whole")
    return found


def _notices(known: _Known) -> Iterator[str]:
    counts = known.counts
    yield from known.codes.notices()
    if known.call.has("STUDENT_ATTENDANCE"):
        missing = [layout.name for layout in (STUDENT, SCHOOL) if not known.call.has(layout.name)]
        if missing:
            tables = " and ".join(missing)
            yield f"without the table {tables} the OIDs are the ids; other exports have local ids"
    if several := known.days.several:
        yield f"days of a student with several rows: {several}; the latest holds, of one time the absence"
    if counts["untimed"]:
        dating = known.call.dating(*ATTENDANCE)
        yield f"attendance rows without ATT_LAST_MODIFIED: {counts['untimed']}; {dating}"
    if counts["local"]:
        yield f"times without an offset: {counts['local']}; read as Eastern Standard Time (-05:00)"
    if counts["entries"]:
        yield (
            f"enrollments of {counts['entries']} students: from registration_date on, but not before the "
            f"school year of the attendance ({known.days.year_begin or 'none here'}); when a student moved "
            "between schools is not in the export"
        )
    if counts["not active"]:
        yield (
            f"students that are not Active: {counts['not active']}; when they left is not in the export, so "
            "send their last day as a canonical enrollment"
        )
