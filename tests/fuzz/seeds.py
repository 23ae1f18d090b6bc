"""Good inputs to begin with. Their students are named QzAnn and QzLee, and have ids such as QzS7."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from models.columns import Kind
from tests.support.sis_files import FORMATS, Files

_AT = "2021-09-01T08:00:00-04:00"
_PLACE = {"district_id": "D", "school_id": "0042", "recorded_at": _AT}
_STUDENT = {"district_id": "D", "student_id": "QzS7", "recorded_at": _AT}

GOOD_RECORDS: list[tuple[Kind, dict[str, str]]] = [
    (Kind.ATTENDANCE, {**_PLACE, **_STUDENT, "date": "2021-09-01", "code": "A", "absent_fraction": "0.5"}),
    (Kind.ATTENDANCE, {**_PLACE, **_STUDENT, "date": "2021-09-02", "code": "M", "permission": "missing",
    "record_id": "1"}),
    (Kind.ENROLLMENT, {**_PLACE, **_STUDENT, "grade": "KG", "entry_date": "2021-08-30",
    "exit_date": "2022-06-10"}),
    (Kind.CALENDAR, {**_PLACE, "date": "2021-09-01", "kind": "instructional", "track": "A",
    "minutes": "390"}),
    (Kind.SUBMISSION, {**_PLACE, "date": "2021-09-01", "state": "submitted"}),
    (Kind.SCHOOL, {**_PLACE, "effective_from": "2021-07-01", "name": "North, \"Upper\"",
    "submission": "explicit"}),
    (Kind.CODE, {"district_id": "D", "code": "A", "status": "absent", "class": "unexcused",
    "recorded_at": _AT, "label": "x"}),
    (Kind.STUDENT, {**_STUDENT, "first_name": "QzAnn", "last_name": "QzLee", "birthdate": "2012-03-04",
    "homeless": "no"}),
    (Kind.STUDENT, {**_STUDENT, "op": "delete", "event_id": "e1"}),
    (Kind.PRIOR_YEAR, {**_STUDENT, "school_year": "2020-21", "enrolled_days": "180", "absent_days": "018"}),
]  # fmt: skip


def _csv(records: list[dict[str, str]]) -> bytes:
    names = list(dict.fromkeys(name for record in records for name in record))
    rows = [names, *([record.get(name, "") for name in names] for record in records)]
    quoted = [
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if "," in cell else cell for cell in row)
        for row in rows
    ]
    return "".join(f"{row}\n" for row in quoted).encode()


def canonical() -> list[tuple[str, bytes]]:
    """Names and contents of single files, CSV and JSON Lines, of each kind."""
    found = []
    for kind in Kind:
        records = [record for its, record in GOOD_RECORDS if its is kind]
        records += [
            {**record, "recorded_at": f"2021-09-0{day}T09:00:00Z"} for record in records for day in (2, 3)
        ]
        found += [("a.csv", _csv(records)), ("a.txt", _csv(records))]
        lines = "".join(json.dumps(record) + "\n" for record in records).encode()
        found += [("a.jsonl", lines), ("a.txt", lines)]
    return found


_SCHOOLS = """<?xml version="1.0" encoding="UTF-8"?>
<InterchangeEducationOrganization xmlns="http://ed-fi.org/3.2.0">
<School><NameOfInstitution>North</NameOfInstitution><SchoolId>11</SchoolId>
<LocalEducationAgencyReference><LocalEducationAgencyIdentity><LocalEducationAgencyId>0042</LocalEducationAgencyId>
</LocalEducationAgencyIdentity></LocalEducationAgencyReference></School></InterchangeEducationOrganization>"""
_STUDENTS = """<InterchangeStudent xmlns="x"><Student><StudentUniqueId>QzS7</StudentUniqueId>
<Name><FirstName>QzAnn</FirstName><LastSurname>QzLee</LastSurname></Name>
<BirthData><BirthDate>2003-04-05</BirthDate></BirthData></Student></InterchangeStudent>"""
_STAYS = """<InterchangeStudentEnrollment xmlns="x"><StudentSchoolAssociation>
<StudentReference><StudentIdentity><StudentUniqueId>QzS7</StudentUniqueId></StudentIdentity></StudentReference>
<SchoolReference><SchoolIdentity><SchoolId>11</SchoolId></SchoolIdentity></SchoolReference>
<EntryDate>2010-08-23</EntryDate><EntryGradeLevel>Second grade</EntryGradeLevel>
</StudentSchoolAssociation></InterchangeStudentEnrollment>"""


def edfi_event(student: str, day: str, category: str, school: str = "11") -> str:
    """A StudentSchoolAttendanceEvent of eight lines."""
    return f"""<StudentSchoolAttendanceEvent><AttendanceEvent><EventDate>{day}</EventDate>
<AttendanceEventCategory>{category}</AttendanceEventCategory><EventDuration>1</EventDuration></AttendanceEvent>
<StudentReference><StudentIdentity><StudentUniqueId>{student}</StudentUniqueId></StudentIdentity></StudentReference>
<SchoolReference><SchoolIdentity><SchoolId>{school}</SchoolId></SchoolIdentity></SchoolReference>
</StudentSchoolAttendanceEvent>
"""


def edfi_attendance(*events: str) -> bytes:
    """An interchange of attendance, its first event on line 2."""
    root = "InterchangeStudentAttendance"
    return f'<{root} xmlns="http://ed-fi.org/5.2.0">\n{"".join(events)}</{root}>\n'.encode()


def _calendar() -> str:
    dates = "".join(
        f"<CalendarDate><Date>2010-08-{day}</Date><CalendarEvent>Instructional day</CalendarEvent>\n"
        "<CalendarReference><CalendarIdentity><CalendarCode>1</CalendarCode><SchoolReference><SchoolIdentity>"
        "<SchoolId>11</SchoolId></SchoolIdentity></SchoolReference></CalendarIdentity></CalendarReference>"
        "</CalendarDate>\n"
        for day in (23, 24, 25)
    )
    return f'<InterchangeEducationOrgCalendar xmlns="x">{dates}</InterchangeEducationOrgCalendar>'


def edfi() -> Files:
    """School 11 and student QzS7."""
    return {
        "schools.xml": _SCHOOLS.encode(),
        "students.xml": _STUDENTS.encode(),
        "stays.xml": _STAYS.encode(),
        "calendar.xml": _calendar().encode(),
        "attendance.xml": edfi_attendance(
            edfi_event("QzS7", "2010-08-23", "Excused Absence"),
            edfi_event("QzS7", "2010-08-24", "uri://ed-fi.org/AttendanceEventCategoryDescriptor#Tardy"),
            edfi_event("QzS7", "2010-08-25", "<CodeValue>Unexcused Absence</CodeValue>"),
        ),
    }


def mapped() -> Files:
    """A list of absences, a roster and a sheet with a column a day."""
    return {
        "att1.csv": b"ID,Date,Code,Minutes,Changed,Note\nQzS7,9/3/2024,A,195,9/3/2024 8:15 AM,x\n"
        b'QzS8,12/4/2024,Excused Absence,65,12/4/2024 1:15 PM,"y, z"\n'
        b"QzS7,9/4/2024,A,390,9/4/2024 8:15 AM,x\n",
        "roster.csv": b"ID;First;Last;Born;Gr;Begin\nQzS7;QzAnn;QzLee;3/4/2012;04;8/30/2024\n"
        b"QzS8;QzAnn;QzLee;3/5/2012;KG;9/3/2024\n",
        "sheet_2024-10-01.csv": b"ID,Gr,9/3,9/4,9/5\nQzS7,4,A,.,\nQzS8,K,,E,A\n",
    }


MAPPING = """
district = "0042"
time_zone = "America/New_York"
date_format = "%m/%d/%Y"
codes_recorded_at = "2024-08-20T12:00:00-04:00"
[[codes]]
code = "A"
status = "absent"
class = "unexcused"
[[codes]]
code = "E"
written = ["Excused Absence", "E"]
status = "absent"
class = "excused"
absent_fraction = "0.5"
[[files]]
name = "att*.csv"
kind = "attendance"
[files.columns]
student_id = "ID"
school_id = { constant = "101" }
date = { column = "Date", format = "%m/%d/%Y" }
code = "Code"
absent_fraction = { column = "Minutes", of = 390 }
recorded_at = { column = "Changed", format = "%m/%d/%Y %I:%M %p" }
[[files.skip]]
column = "Note"
is = ["Deleted"]
[[files]]
name = "roster.csv"
delimiter = ";"
kind = "student"
exported_at = "2024-10-01T06:00:00-04:00"
[files.columns]
student_id = { column = "ID", pad = 6 }
first_name = "First"
last_name = "Last"
birthdate = "Born"
[[files]]
name = "roster.csv"
delimiter = ";"
kind = "enrollment"
exported_at = "2024-10-01T06:00:00-04:00"
[files.columns]
student_id = "ID"
school_id = { constant = "101" }
grade = { column = "Gr", values = { "KG" = "K" }, others = "keep" }
entry_date = "Begin"
[[files]]
name = "sheet*.csv"
kind = "attendance"
exported_from_name = "sheet_%Y-%m-%d.csv"
[files.columns]
student_id = "ID"
school_id = { constant = "103" }
[files.days]
date_format = "%m/%d"
school_year = "2024-25"
ignore = ["."]
calendar = true
enrollment = true
grade = "Gr"
"""

POLICY = """
[[policy]]
version = "2024-1"
districts = ["0042"]
from = "2024-25"
minimum_days = 30
tier_2_opens = "1/10"
tier_2_recovers = "9/100"
month_mode = "calendar"
iss_codes = ["ISS"]
exempt = [{ codes = ["MIL"], days = 10 }]
report_by = "10:30"
timezone = "America/New_York"
mhw_requires_permission = false
[[policy]]
version = "2025-1"
from = "2025-26"
window_days = 20
truancy_from_age = 5
"""

_ALONE = re.compile(rb"(?<![0-9A-Za-z/:.-])([789])(?![0-9A-Za-z/:.-])")


def _with_canaries(name: str, made: Callable[[], Files]) -> Files:
    files = made()
    for file, content in files.items():
        content = content.replace(b"Ann", b"QzAnn").replace(b"Lee", b"QzLee")
        content = re.sub(rb"\b000([789])\b", rb"QzS\1", content)
        if name in ("powerschool", "infinite_campus"):
            content = _ALONE.sub(rb"QzS\1", content)
        files[file] = content
    return files


SYSTEMS: dict[str, Files] = {
    "edfi": edfi(),
    **{name: _with_canaries(name, made) for name, made in FORMATS.items()},
    "csv": mapped(),
}
"""By format, the files of a good export."""

ATTENDANCE = {
    "edfi": "attendance.xml", "edfi_json": "studentSchoolAttendanceEvents.json", "oneroster": "daily.csv",
    "aspen": "STUDENT_ATTENDANCE.csv", "powerschool": "attendance.text", "infinite_campus": "attendance.csv",
    "csv": "att1.csv",
}  # fmt: skip
"""By format, the file of the attendance."""
