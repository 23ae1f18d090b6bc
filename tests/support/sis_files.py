"""Small made-up exports of student information systems, after the public layouts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Files = dict[str, bytes]

CATEGORY = "uri://ed-fi.org/AttendanceEventCategoryDescriptor#"
CALENDAR_EVENT = "uri://ed-fi.org/CalendarEventDescriptor#"
GRADE = "uri://ed-fi.org/GradeLevelDescriptor#"


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def listed(objects: Iterable[Any]) -> bytes:
    """What an API answers: one list, an object a line."""
    return ("[\n" + ",\n".join(json.dumps(each) for each in objects) + "\n]").encode()


def api_event(student: str, day: str, category: str, modified: str = "", **more: Any) -> dict[str, Any]:
    """A studentSchoolAttendanceEvent of school 11."""
    made: dict[str, Any] = {
        "id": "0f8f",
        "schoolReference": {"schoolId": 11, "link": {"rel": "School", "href": "/ed-fi/schools/1"}},
        "sessionReference": {"schoolId": 11, "schoolYear": 2022, "sessionName": "Fall"},
        "studentReference": {"studentUniqueId": student},
        "eventDate": day,
        "attendanceEventCategoryDescriptor": CATEGORY + category,
        "_etag": "52",
        **more,
    }
    return made | ({"_lastModifiedDate": modified} if modified else {})


def api_date(day: str, event: str, code: str = "M", modified: str = "") -> dict[str, Any]:
    """A calendarDate of school 11."""
    made: dict[str, Any] = {
        "calendarReference": {"calendarCode": code, "schoolId": 11, "schoolYear": 2022},
        "date": day,
        "calendarEvents": [{"calendarEventDescriptor": CALENDAR_EVENT + event}],
    }
    return made | ({"_lastModifiedDate": modified} if modified else {})


def api_stay(student: str, entry: str, grade: str, modified: str = "", **more: Any) -> dict[str, Any]:
    """A studentSchoolAssociation of school 11."""
    made: dict[str, Any] = {
        "schoolReference": {"schoolId": 11},
        "studentReference": {"studentUniqueId": student},
        "entryDate": entry,
        "entryGradeLevelDescriptor": GRADE + grade,
        **more,
    }
    return made | ({"_lastModifiedDate": modified} if modified else {})


DAYS = ("2021-09-01", "2021-09-02", "2021-09-03", "2021-09-07", "2021-09-08")
SUMMER = "2021-08-01T08:00:00Z"


def edfi_json() -> Files:
    """School 11 of district 0042, five school days, students 0007 and 0008."""
    return {
        "schools.json": listed(
            [
                {
                    "schoolId": 11,
                    "nameOfInstitution": "North",
                    "localEducationAgencyReference": {"localEducationAgencyId": "0042"},
                }
            ]
        ),
        "calendarDates.json": listed(
            [
                *(api_date(day, "Instructional day", modified=SUMMER) for day in DAYS),
                api_date("2021-09-06", "Holiday", modified=SUMMER),
            ]
        ),
        "students.json": listed(
            [
                {
                    "studentUniqueId": "0007",
                    "firstName": "Ann",
                    "lastSurname": "Lee",
                    "birthDate": "2012-03-04",
                },
                {
                    "studentUniqueId": "0008",
                    "firstName": "Bo",
                    "lastSurname": "Day",
                    "birthDate": "2015-03-04",
                },
            ]
        ),
        "studentSchoolAssociations.json": listed(
            [
                api_stay("0007", "2021-09-01", "Fourth grade", SUMMER),
                api_stay("0008", "2021-09-02", "First grade", SUMMER),
            ]
        ),
        "studentSchoolAttendanceEvents.json": listed(
            [
                api_event("0007", "2021-09-01", "Excused Absence", "2021-09-01T14:00:00Z"),
                api_event(
                    "0007", "2021-09-02", "Unexcused Absence", "2021-09-02T14:00:00Z", eventDuration=1.0
                ),
                api_event("0007", "2021-09-03", "Tardy", "2021-09-03T14:00:00Z"),
                api_event("0008", "2021-09-07", "Unexcused Absence", "2021-09-07T14:00:00Z"),
                api_event("0008", "2021-09-08", "Excused Absence", "2021-09-08T14:00:00Z", eventDuration=0.5),
            ]
        ),
    }


FORMATS = {"edfi_json": edfi_json}
"""By format, its files."""

ATTENDANCE = {"edfi_json": "studentSchoolAttendanceEvents.json"}
"""By format, the file of the attendance."""
