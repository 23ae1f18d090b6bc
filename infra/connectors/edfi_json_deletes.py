"""What the API says is deleted: keys, of which some are there again (connector edfi_json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.connectors.edfi_gather import year_of
from infra.connectors.edfi_json_gather import ApiGathered
from infra.connectors.edfi_json_shapes import DATES, EVENTS, NAMES, STAYS, STUDENTS, Odd, picked
from infra.connectors.edfi_records import given
from infra.connectors.edfi_words import after_hash, as_id
from infra.connectors.judging import judged, refused
from infra.files.json_items import Item
from infra.files.source import Source
from infra.intake.events import Record
from models.columns import Kind
from models.instant import read_date
from models.refusal import Fault, Reason
from models.version import identity_of
from streams.refused import Refused

# Of equal times a delete wins: its event_id is greater than any digest.
_EVENT_ID = "~deleted-"

_RESOURCE = {
    Kind.ATTENDANCE: EVENTS,
    Kind.CALENDAR: DATES,
    Kind.ENROLLMENT: STAYS,
    Kind.STUDENT: STUDENTS,
}

Identity = tuple[Kind, tuple[str, ...]]


class Deletes:
    """The deletes of a call. They are given last: a key that the call also has is there again."""

    def __init__(self, gathered: ApiGathered) -> None:
        self._gathered = gathered
        self._held: dict[Identity, Record] = {}
        self.sections = 0
        self.alive = 0

    def take(self, source: Source, item: Item) -> Iterator[Refused]:
        """One object of a `/deletes`."""
        try:
            found = self._made(item.value)
        except Odd as odd:
            yield refused(source, item.line, None, odd.fault, item.text)
            return
        if isinstance(found, Fault):
            yield refused(source, item.line, None, found, item.text)
            return
        for kind, names, cells in found:
            made = judged(source, item.line, kind, cells, item.text, names)
            if isinstance(made, Record):
                self._held[kind, identity_of(kind, cells)] = made
            else:
                yield made

    def see(self, record: Record) -> None:
        """A record of the call: where it was deleted, it is there again."""
        if self._held and self._held.pop((record.kind, identity_of(*_kind_and(record))), None) is not None:
            self.alive += 1

    def rest(self) -> Iterator[Record]:
        """The deletes that hold."""
        yield from self._held.values()

    def __len__(self) -> int:
        return len(self._held)

    def _made(self, value: dict[str, Any]) -> Fault | list[tuple[Kind, dict[str, str], dict[str, str]]]:
        keys = value.get("keyValues")
        if keys is None:
            message = (
                "a delete without keyValues does not say what was deleted; the API gives them from 6.1 on"
            )
            return Fault(Reason.MISSING_VALUE, "keyValues", message)
        if type(keys) is not dict:
            raise Odd("keyValues", "an object")
        if "eventDate" in keys and ("sectionIdentifier" in keys or "localCourseCode" in keys):
            self.sections += 1
            return []
        latest = self._gathered.latest
        if latest is None:
            message = (
                "a delete has no time of its own, and nothing else of this call has a _lastModifiedDate; "
                "give it together with the resources of the same download"
            )
            return Fault(Reason.MISSING_VALUE, "_lastModifiedDate", message)
        event_id = as_id(_EVENT_ID + picked(value, "changeVersion").zfill(20))
        if "eventDate" in keys and not picked(keys, "attendanceEventCategoryDescriptor"):
            message = "the keyValues have no category, which is part of the key; export the file again"
            return Fault(Reason.MISSING_VALUE, "attendanceEventCategoryDescriptor", message)
        found = self._identified(keys)
        if not found:
            message = "these keys are of no resource that is read; leave the file out"
            return Fault(Reason.UNKNOWN_KIND, "keyValues", message)
        return [
            (kind, _names(kind), {**cells, "recorded_at": latest.text, "op": "delete", "event_id": event_id})
            for kind, cells in found
        ]

    def _identified(self, keys: dict[str, Any]) -> list[tuple[Kind, dict[str, str]]]:
        school, student = picked(keys, "schoolId"), picked(keys, "studentUniqueId")
        district = self._gathered.district(school)
        if "eventDate" in keys:
            code = as_id(after_hash(picked(keys, "attendanceEventCategoryDescriptor")))
            cells = given(
                school_id=school, student_id=student, date=picked(keys, "eventDate"), record_id=code
            )
            return [(Kind.ATTENDANCE, {"district_id": district, **cells})]
        if "calendarCode" in keys and "date" in keys:
            day, code = picked(keys, "date"), as_id(picked(keys, "calendarCode"))
            if read_date(day) is not None and self._gathered.codes_of(school, year_of(day)) - {code}:
                tracks = [code]
            else:
                tracks = ["", code]
            return [
                (Kind.CALENDAR, given(district_id=district, school_id=school, date=day, track=track))
                for track in tracks
            ]
        if "entryDate" in keys:
            cells = given(school_id=school, student_id=student, entry_date=picked(keys, "entryDate"))
            return [(Kind.ENROLLMENT, {"district_id": district, **cells})]
        if set(keys) == {"studentUniqueId"}:
            district = self._gathered.district_of_student(student)
            return [(Kind.STUDENT, given(district_id=district, student_id=student))]
        return []


def _names(kind: Kind) -> dict[str, str]:
    return {column: f"keyValues.{name.rpartition('.')[2]}" for column, name in NAMES[_RESOURCE[kind]].items()}


def _kind_and(record: Record) -> tuple[Kind, dict[str, str]]:
    return record.kind, dict(record.held.given)
