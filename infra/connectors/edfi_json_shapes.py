"""The resources of the Ed-Fi API that are read, as the elements of the XML (connector edfi_json).

The API writes the names of the XML in another way: `studentReference.studentUniqueId` for the StudentUniqueId
within a StudentReference, and `attendanceEventCategoryDescriptor` for the AttendanceEventCategory. So both
ways in share what an element means.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.files.json_items import Item
from infra.files.xml_nodes import Node
from models.refusal import Fault, Reason

STAMP = "LastModified"
TRACK = "CalendarCode"

EVENTS = "studentSchoolAttendanceEvents"
SECTIONS = "studentSectionAttendanceEvents"
DATES = "calendarDates"
STAYS = "studentSchoolAssociations"
STUDENTS = "students"
SCHOOLS = "schools"
DELETES = "deletes"

# By resource: the element's name, and by path in the object the names of the element's values.
SHAPES: dict[str, tuple[str, dict[str, str]]] = {
    EVENTS: (
        "StudentSchoolAttendanceEvent",
        {
            "schoolReference.schoolId": "SchoolId",
            "studentReference.studentUniqueId": "StudentUniqueId",
            "eventDate": "EventDate",
            "attendanceEventCategoryDescriptor": "AttendanceEventCategory",
            "eventDuration": "EventDuration",
        },
    ),
    DATES: (
        "CalendarDate",
        {
            "calendarReference.schoolId": "SchoolId",
            "calendarReference.calendarCode": TRACK,
            "date": "Date",
        },
    ),
    STAYS: (
        "StudentSchoolAssociation",
        {
            "schoolReference.schoolId": "SchoolId",
            "studentReference.studentUniqueId": "StudentUniqueId",
            "entryDate": "EntryDate",
            "exitWithdrawDate": "ExitWithdrawDate",
            "entryGradeLevelDescriptor": "EntryGradeLevel",
            "calendarReference.calendarCode": TRACK,
        },
    ),
    STUDENTS: (
        "Student",
        {
            "studentUniqueId": "StudentUniqueId",
            "firstName": "FirstName",
            "lastSurname": "LastSurname",
            "birthDate": "BirthDate",
        },
    ),
    SCHOOLS: (
        "School",
        {
            "schoolId": "SchoolId",
            "nameOfInstitution": "NameOfInstitution",
            "localEducationAgencyReference.localEducationAgencyId": "LocalEducationAgencyId",
        },
    ),
}
LAST_MODIFIED = "_lastModifiedDate"

# By resource: what the API calls the values of a record's columns.
NAMES: dict[str, dict[str, str]] = {
    EVENTS: {
        "school_id": "schoolReference.schoolId",
        "student_id": "studentReference.studentUniqueId",
        "date": "eventDate",
        "code": "attendanceEventCategoryDescriptor",
        "record_id": "attendanceEventCategoryDescriptor",
        "absent_fraction": "eventDuration",
    },
    DATES: {
        "school_id": "calendarReference.schoolId",
        "date": "date",
        "kind": "calendarEvents.calendarEventDescriptor",
    },
    STAYS: {
        "school_id": "schoolReference.schoolId",
        "student_id": "studentReference.studentUniqueId",
        "grade": "entryGradeLevelDescriptor",
        "entry_date": "entryDate",
        "exit_date": "exitWithdrawDate",
    },
    STUDENTS: {
        "student_id": "studentUniqueId",
        "first_name": "firstName",
        "last_name": "lastSurname",
        "birthdate": "birthDate",
    },
    SCHOOLS: {
        "school_id": "schoolId",
        "name": "nameOfInstitution",
        "district_id": "localEducationAgencyReference.localEducationAgencyId",
    },
}
for _names in NAMES.values():
    _names["recorded_at"] = LAST_MODIFIED

# The first that fits tells an object's resource: properties that none of the others has together.
_TOLD_BY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (DELETES, ("keyValues",)),
    (DELETES, ("changeVersion", "id")),
    (SECTIONS, ("sectionReference", "eventDate")),
    (EVENTS, ("attendanceEventCategoryDescriptor", "eventDate")),
    (DATES, ("calendarReference", "calendarEvents")),
    (STAYS, ("schoolReference", "entryDate")),
    (SCHOOLS, ("nameOfInstitution", "schoolId")),
    (STUDENTS, ("lastSurname", "studentUniqueId")),
)


class Odd(Exception):
    """A value of another shape than the API gives; carries the fault."""

    def __init__(self, path: str, wanted: str) -> None:
        self.fault = Fault(Reason.BAD_VALUE, path, f"{path} takes {wanted}; export the file again")
        super().__init__(self.fault.message)


def resource_of(value: Mapping[str, Any]) -> str:
    """The resource that an object is of; blank where it is none that is known."""
    return next((name for name, has in _TOLD_BY if all(each in value for each in has)), "")


def resource_named(file: str) -> str:
    """The resource that a file's name tells, such as `students.json` or `2021-calendarDates-2.jsonl`.

    For a file without an object in it.
    """
    plain = file.lower()
    if "deletes" in plain:
        return DELETES
    known = sorted((EVENTS, SECTIONS, DATES, STAYS, STUDENTS, SCHOOLS), key=len, reverse=True)
    return next((name for name in known if name.lower() in plain), "")


def as_node(resource: str, item: Item) -> Node:
    """An object as the element of the XML. Raises Odd where a value that is needed has another shape."""
    name, paths = SHAPES[resource]
    node = Node(name, item.line, 0)
    for path, child in paths.items():
        _add(node, child, picked(item.value, path))
    _add(node, STAMP, picked(item.value, LAST_MODIFIED))
    if resource == DATES:
        for event in _events(item.value):
            _add(node, "CalendarEvent", picked(event, "calendarEventDescriptor", "calendarEvents."))
    return node


def picked(value: Mapping[str, Any], path: str, before: str = "") -> str:
    """The text or number at a path; blank where it is missing or null. Raises Odd."""
    here: Any = value
    for name in path.split("."):
        if here is None:
            return ""
        if type(here) is not dict:
            raise Odd(before + path, "a value within an object")
        here = here.get(name)
    if here is None:
        return ""
    if type(here) is not str:
        raise Odd(before + path, "text or a number, not true, false, a list or an object")
    return here.strip()


def _events(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    events = value.get("calendarEvents")
    if events is None:
        return []
    if type(events) is not list or any(type(event) is not dict for event in events):
        raise Odd("calendarEvents", "a list of objects")
    return events


def _add(node: Node, name: str, text: str) -> None:
    if text:
        child = Node(name, node.line, 0)
        child.pieces.append(text)
        node.children.append(child)
