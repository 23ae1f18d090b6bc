"""Infinite Campus's people, enrollments and school days (connector infinite_campus)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from infra.connectors.campus_layouts import DAY, ENROLLMENT, IDENTITY
from infra.connectors.table_call import BadCell, Call, made, not_made
from infra.connectors.table_values import (
    day_before,
    day_of,
    recorded_on,
    tie_of_exit,
    time_of,
    undated,
    yes_or_no,
)
from infra.files.rows import Row
from infra.intake.events import Event, Record
from models.columns import Kind
from models.refusal import Reason

_STUDENT = {
    "student_id": "personID",
    "first_name": "firstName",
    "last_name": "lastName",
    "birthdate": "birthdate",
    "gender": "gender",
    "recorded_at": "modifiedDate",
}
_ENROLLMENT = {
    "school_id": "calendarID",
    "student_id": "personID",
    "grade": "grade",
    "entry_date": "startDate",
    "exit_date": "endDate",
    "track": "calendarID",
    "recorded_at": "modifiedDate",
}
_CALENDAR = {"school_id": "calendarID", "date": "date", "track": "calendarID"}


def school_of(row: Row, schools: Mapping[str, str]) -> str:
    """The school of a row's calendar. Raises BadCell."""
    calendar = row.given.get("calendarID", "")
    if not calendar:
        raise BadCell("calendarID", "the ID of a Calendar; it is required", Reason.MISSING_VALUE)
    found = schools.get(calendar, "")
    if not found:
        raise BadCell("calendarID", "an ID of the table Calendar in this call; export that table whole")
    return found


def student_events(call: Call, district: str) -> Iterator[Event]:
    """A student a row of Identity."""
    for source, row in call.rows(IDENTITY.name):
        given = row.given
        cells = {
            "district_id": district,
            "student_id": given.get("personID", ""),
            "first_name": given.get("firstName", ""),
            "last_name": given.get("lastName", ""),
            "birthdate": day_of(given.get("birthdate", "")),
            "gender": given.get("gender", ""),
            "recorded_at": time_of(given.get("modifiedDate", "")) or undated(source.name),
        }
        yield made(source, row, Kind.STUDENT, cells, _STUDENT)


def enrollment_events(
    call: Call, district: str, schools: Mapping[str, str], counts: Counter[str]
) -> Iterator[Event]:
    """An enrollment a primary row; a no-show, or one that the state does not count, has no day."""
    for source, row in call.rows(ENROLLMENT.name):
        given = row.given
        if given.get("serviceType", "P").upper() != "P":
            counts["not primary"] += 1
            continue
        entry = day_of(given.get("startDate", ""))
        left = day_of(given.get("endDate", ""))
        try:
            school = school_of(row, schools)
            if _is_set(given, "noShow") or _is_set(given, "stateExclude"):
                counts["no show"] += 1
                left = day_before(entry)
        except BadCell as bad:
            yield not_made(source, row, Kind.ENROLLMENT, bad)
            continue
        time = time_of(given.get("modifiedDate", ""))
        counts["untimed enrollments"] += not time
        cells = {
            "district_id": district,
            "school_id": school,
            "student_id": given.get("personID", ""),
            "grade": given.get("grade", ""),
            "entry_date": entry,
            "exit_date": left,
            "track": given.get("calendarID", ""),
            "recorded_at": time or recorded_on(entry, source.name),
            "event_id": "" if time else tie_of_exit(left),
        }
        event = made(source, row, Kind.ENROLLMENT, cells, _ENROLLMENT)
        counts["enrolled"] += isinstance(event, Record)
        yield event


def calendar_events(
    call: Call, district: str, schools: Mapping[str, str], counts: Counter[str]
) -> Iterator[Event]:
    """A record a date of a calendar, which is a track of its school; of several rows a school day holds."""
    for source, row in call.rows(DAY.name):
        given = row.given
        day = day_of(given.get("date", ""))
        try:
            school = school_of(row, schools)
            instruction = _is_set(given, "instruction")
        except BadCell as bad:
            yield not_made(source, row, Kind.CALENDAR, bad)
            continue
        cells = {
            "district_id": district,
            "school_id": school,
            "date": day,
            "kind": "instructional" if instruction else "non_instructional",
            "track": given.get("calendarID", ""),
            "recorded_at": recorded_on(day, source.name),
            "event_id": "1-instruction" if instruction else "0-none",
        }
        event = made(source, row, Kind.CALENDAR, cells, _CALENDAR)
        counts["dates"] += isinstance(event, Record)
        yield event


def _is_set(given: Mapping[str, str], column: str) -> bool:
    text = given.get(column, "")
    found = yes_or_no(text) if text else False
    if found is None:
        raise BadCell(column, "1 or 0")
    return found
