"""The first look at an Ed-Fi export: what its records need to know of each other (connector edfi)."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from infra.connectors import edfi_records
from infra.connectors.edfi_words import CATEGORIES, calendar_kind, plain, word
from infra.files.xml_nodes import Node
from models.columns import SCHOOL_DAY_KINDS, Kind
from models.instant import read_date
from models.quick_check import first_fault
from models.school_year import school_year_of

DEFAULT_DISTRICT = "edfi"

Made = tuple[Kind, dict[str, str]]
"""A record's kind and what it gives, not yet checked."""


class Place(NamedTuple):
    """Where something stands: a file's name and a line."""

    file: str
    line: int


@dataclass(slots=True)
class Date:
    """One date of a school's calendar: the words of all its events."""

    place: Place
    events: set[str] = field(default_factory=set)

    @property
    def is_school_day(self) -> bool:
        """Whether its kind is one of a school day."""
        return calendar_kind(self.events) in SCHOOL_DAY_KINDS


@dataclass(slots=True)
class Gathered:
    """What is known of an export after its first reading. Dates are YYYY-MM-DD, and valid."""

    default_district: str
    names: dict[str, str] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)
    schools: dict[str, Place] = field(default_factory=dict)
    calendar: dict[tuple[str, str], Date] = field(default_factory=dict)
    categories: dict[tuple[str, str], Place] = field(default_factory=dict)
    births: dict[str, str] = field(default_factory=dict)
    enrolled: dict[str, str] = field(default_factory=dict)
    visits: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    last_event: dict[tuple[int, str], str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def district(self, school: str) -> str:
        """The district of a school: its education agency, else the only one of the data, else the default."""
        found = self.agencies.get(school)
        if found is None:
            every = set(self.agencies.values())
            found = every.pop() if len(every) == 1 else self.default_district
        return found

    def district_of_student(self, student: str) -> str:
        """The district of the school at which a student is first met."""
        visits = self.visits.get(student)
        return self.district(self.enrolled.get(student) or (visits[0][1] if visits else ""))

    def school(self, node: Node) -> Made:
        """The record of a School element."""
        school = node.value("SchoolId", "StateOrganizationId")
        district = node.value("LocalEducationAgencyId") or self.district(school)
        return Kind.SCHOOL, edfi_records.school(school, node.value("NameOfInstitution"), district)

    def date(self, node: Node) -> Made:
        """The record of a CalendarDate by itself."""
        school, day = edfi_records.school_of(node), node.value("Date")
        kind = calendar_kind(set(events_of(node)))
        return Kind.CALENDAR, edfi_records.calendar(school, day, kind, self.district(school))

    def student(self, node: Node) -> Made:
        """The record of a Student."""
        district = self.district_of_student(edfi_records.student_of(node))
        return Kind.STUDENT, edfi_records.student(node, district)

    def association(self, node: Node) -> Made:
        """The record of a StudentSchoolAssociation."""
        return Kind.ENROLLMENT, edfi_records.association(node, self.district(edfi_records.school_of(node)))

    def attendance(self, node: Node) -> Made:
        """The record of a StudentSchoolAttendanceEvent."""
        return Kind.ATTENDANCE, edfi_records.attendance(node, self.district(edfi_records.school_of(node)))

    def see_school(self, node: Node, place: Place) -> None:
        """A School that is valid."""
        kept = self.school(node)[1]
        self.names[kept["school_id"]] = kept.get("name", "")
        if node.value("LocalEducationAgencyId"):
            self.agencies[kept["school_id"]] = kept["district_id"]
        self.schools.setdefault(kept["school_id"], place)

    def see_student(self, node: Node) -> None:
        """A Student: the birth date, for an estimate of the grade."""
        self.births[edfi_records.student_of(node)] = node.value("BirthDate")

    def see_association(self, node: Node, place: Place) -> None:
        """A StudentSchoolAssociation: the data has this student's enrollments."""
        school = edfi_records.school_of(node)
        self.enrolled.setdefault(edfi_records.student_of(node), school)
        if first_fault(*self.association(node)) is None:
            self.schools.setdefault(school, place)

    def see_date(self, node: Node, place: Place) -> None:
        """A CalendarDate that is valid: one or more events of it."""
        key = (edfi_records.school_of(node), node.value("Date"))
        self.calendar.setdefault(key, Date(place)).events.update(events_of(node))
        self.schools.setdefault(key[0], place)

    def see_event(self, node: Node, place: Place) -> None:
        """An attendance event; one that is not valid counts nowhere."""
        kind, given = self.attendance(node)
        if first_fault(kind, given) is not None:
            return
        school, day = sys.intern(given["school_id"]), sys.intern(given["date"])
        category = word(next(node.all("AttendanceEventCategory"), None))
        self.schools.setdefault(school, place)
        self.categories.setdefault((given["district_id"], category), place)
        self.visits.setdefault(given["student_id"], []).append((day, school))
        self.places.setdefault(given["student_id"], place)
        key = (year_of(day), school)
        self.last_event[key] = max(self.last_event.get(key, ""), day)
        self.counts["events"] += 1
        if not node.value("EventDuration"):
            self.counts["no_duration"] += 1
            self.counts["no_duration_absent"] += CATEGORIES.get(plain(category), ("",))[0] == "absent"
        if plain(category) not in CATEGORIES:
            self.counts["no_meaning"] += 1


def events_of(node: Node) -> list[str]:
    """The words of a CalendarDate's events."""
    return [word(event.child("CalendarEvent") or event) for event in node.all("CalendarEvent")]


def year_of(day: str) -> int:
    """The school year of a valid date."""
    read = read_date(day)
    if read is None:
        raise ValueError("the date was not checked")
    return school_year_of(read)
