"""Ed-Fi XML into canonical records, on examples worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.connectors.edfi_stays import Stay, grade, stays
from infra.connectors.edfi_words import CATEGORIES, as_id, calendar_kind, plain
from infra.intake.events import Event, Notice, Record
from infra.intake.read import plan
from models.columns import Kind
from models.quick_check import first_fault
from streams.refused import Refused

SCHOOLS = """<InterchangeEducationOrganization xmlns="http://ed-fi.org/3.2.0">
<School><NameOfInstitution>North</NameOfInstitution><SchoolId>11</SchoolId>
<LocalEducationAgencyReference><LocalEducationAgencyIdentity><LocalEducationAgencyId>0042</LocalEducationAgencyId>
</LocalEducationAgencyIdentity></LocalEducationAgencyReference></School>
<LocalEducationAgency/></InterchangeEducationOrganization>"""


def event(student: str, day: str, category: str, duration: str = "1", school: str = "11") -> str:
    length = f"<EventDuration>{duration}</EventDuration>" if duration else ""
    return f"""
<StudentSchoolAttendanceEvent><AttendanceEvent><EventDate>{day}</EventDate>
<AttendanceEventCategory>{category}</AttendanceEventCategory>{length}</AttendanceEvent>
<StudentReference><StudentIdentity><StudentUniqueId>{student}</StudentUniqueId></StudentIdentity></StudentReference>
<SchoolReference><SchoolIdentity><SchoolId>{school}</SchoolId></SchoolIdentity></SchoolReference>
</StudentSchoolAttendanceEvent>"""


def attendance(*events: str, namespace: str = "http://ed-fi.org/5.2.0") -> str:
    return (
        f'<InterchangeStudentAttendance xmlns="{namespace}">{"".join(events)}</InterchangeStudentAttendance>'
    )


def calendar(*days: tuple[str, str], school: str = "11") -> str:
    dates = "".join(
        f"""<CalendarDate><Date>{day}</Date>
        <CalendarEvent>uri://ed-fi.org/CalendarEventDescriptor#{kind}</CalendarEvent>
        <CalendarReference><CalendarIdentity><CalendarCode>1</CalendarCode>
        <SchoolReference><SchoolIdentity><SchoolId>{school}</SchoolId></SchoolIdentity></SchoolReference>
        </CalendarIdentity></CalendarReference></CalendarDate>"""
        for day, kind in days
    )
    return f'<InterchangeEducationOrgCalendar xmlns="x">{dates}</InterchangeEducationOrgCalendar>'


def read(tmp_path: Path, *contents: str, district: str = "") -> list[Event]:
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.xml").write_text(content)
    return list(plan([tmp_path], "edfi").events(district=district))


def given(events: list[Event], kind: Kind) -> list[dict[str, str]]:
    return [dict(each.held.given) for each in events if isinstance(each, Record) and each.kind is kind]


def refused(events: list[Event]) -> list[tuple[str, int, str, str, str]]:
    return [(e.file, e.line, e.kind, e.reason, e.field) for e in events if isinstance(e, Refused)]


def notices(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Notice))


DAYS = [("2010-08-23", "Instructional day"), ("2010-08-24", "Instructional day"), ("2010-08-25", "Holiday")]
DAYS += [("2010-08-26", "Student late arrival/early dismissal"), ("2010-08-27", "Instructional day")]


def test_an_event_is_an_attendance_record_with_its_category_as_code(tmp_path: Path) -> None:
    uri = "uri://ed-fi.org/AttendanceEventCategoryDescriptor#Excused Absence"
    events = read(tmp_path, attendance(event("s", "2010-08-23", uri, "0.5")), district="D")
    assert given(events, Kind.ATTENDANCE) == [
        {
            "district_id": "D",
            "school_id": "11",
            "student_id": "s",
            "date": "2010-08-23",
            "code": "Excused-Absence",
            "recorded_at": "2010-08-23T00:00:00Z",
            "record_id": "Excused-Absence",
            "absent_fraction": "0.5",
        }
    ]
    assert given(events, Kind.CODE) == [
        {
            "district_id": "D",
            "code": "Excused-Absence",
            "status": "absent",
            "class": "excused",
            "recorded_at": "2000-07-01T00:00:00Z",
            "label": "Excused Absence",
        }
    ]
    assert "no calendar" in notices(events) and "no district" not in notices(events)


@pytest.mark.parametrize("namespace", ["http://ed-fi.org/0220", "http://ed-fi.org/3.2.0", ""])
@pytest.mark.parametrize("category", ["Tardy", "<CodeValue>Tardy</CodeValue>", "uri://x/y#Tardy"])
def test_every_version_s_way_to_write_a_category_is_read(
    tmp_path: Path, namespace: str, category: str
) -> None:
    events = read(tmp_path, attendance(event("s", "2010-08-23", category, ""), namespace=namespace))
    (found,) = given(events, Kind.ATTENDANCE)
    assert (found["code"], found.get("absent_fraction"), found["district_id"]) == ("Tardy", None, "edfi")
    assert [code["status"] for code in given(events, Kind.CODE)] == ["in_attendance"]


def test_two_events_of_a_day_are_both_kept_and_all_is_said_in_counts(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        calendar(*DAYS),
        attendance(
            event("s", "2010-08-24", "Excused Absence", ""),
            event("s", "2010-08-24", "Partial", ""),
            event("t", "2010-08-25", "Tardy", ""),
            event("t", "2010-08-26", "Suspended"),
        ),
    )
    assert [found["record_id"] for found in given(events, Kind.ATTENDANCE)] == [
        "Excused-Absence",
        "Partial",
        "Tardy",
        "Suspended",
    ]
    assert [found["code"] for found in given(events, Kind.CODE)] == ["Excused-Absence", "Partial", "Tardy"]
    said = notices(events)
    assert "without EventDuration: 3, of which 1 mean absent" in said
    assert "several events: 1;" in said
    assert "no school days: 1;" in said
    assert "not in the list of Ed-Fi: 1;" in said
    assert "no enrollments for 2 students" in said and "grade 1 for 2 others" in said
    assert "complete up to 2010-08-26: 3 school days" in said


def test_a_calendar_gives_kinds_and_closes_its_days_up_to_the_last_event(tmp_path: Path) -> None:
    other = [("2010-08-24", "Weather day"), ("2010-08-24", "Make-up day"), ("2010-08-23", "Field trip")]
    events = read(
        tmp_path,
        SCHOOLS,
        calendar(*DAYS),
        calendar(*other, school="12"),
        attendance(event("s", "2010-08-24", "Unexcused Absence"), event("s", "2010-08-25", "Tardy")),
    )
    assert {(row["school_id"], row["date"]): row["kind"] for row in given(events, Kind.CALENDAR)} == {
        ("11", "2010-08-23"): "instructional",
        ("11", "2010-08-24"): "instructional",
        ("11", "2010-08-25"): "holiday",
        ("11", "2010-08-26"): "shortened",
        ("11", "2010-08-27"): "instructional",
        ("12", "2010-08-24"): "make_up",
    }
    assert [(row["school_id"], row["date"], row["state"]) for row in given(events, Kind.SUBMISSION)] == [
        ("11", "2010-08-23", "submitted"),
        ("11", "2010-08-24", "submitted"),
    ]
    assert refused(events) == [("2.xml", 9, "calendar", "bad_value", "kind")]
    assert {row["school_id"]: row.get("name") for row in given(events, Kind.SCHOOL)} == {
        "11": "North",
        "12": None,
    }
    assert {row["district_id"] for kind in Kind for row in given(events, kind)} == {"0042"}


def test_students_are_enrolled_for_the_year_of_their_events_with_an_estimated_grade(tmp_path: Path) -> None:
    students = """<InterchangeStudent xmlns="x"><Student><StudentUniqueId>s</StudentUniqueId>
    <Name><FirstName>Ann</FirstName><LastSurname>Lee</LastSurname></Name>
    <BirthData><BirthDate>2003-04-05</BirthDate></BirthData></Student></InterchangeStudent>"""
    events = read(tmp_path, students, calendar(*DAYS), attendance(event("s", "2010-08-24", "Tardy")))
    assert given(events, Kind.ENROLLMENT) == [
        {
            "district_id": "edfi",
            "school_id": "11",
            "student_id": "s",
            "grade": "2",
            "entry_date": "2010-08-23",
            "recorded_at": "2010-08-27T00:00:00Z",
            "exit_date": "2010-08-27",
        }
    ]
    (student,) = given(events, Kind.STUDENT)
    assert (student["first_name"], student["last_name"], student["birthdate"]) == ("Ann", "Lee", "2003-04-05")
    assert "Ann" not in notices(events) and "Lee" not in notices(events)


def test_enrollments_of_the_data_are_taken_where_it_has_them(tmp_path: Path) -> None:
    association = """<InterchangeStudentEnrollment xmlns="x"><StudentSchoolAssociation>
    <StudentReference><StudentIdentity><StudentUniqueId>s</StudentUniqueId></StudentIdentity></StudentReference>
    <SchoolReference><SchoolIdentity><SchoolId>11</SchoolId></SchoolIdentity></SchoolReference>
    <EntryDate>2010-08-24</EntryDate><EntryGradeLevel>uri://x#Ninth grade</EntryGradeLevel>
    </StudentSchoolAssociation></InterchangeStudentEnrollment>"""
    events = read(
        tmp_path,
        attendance(event("s", "2010-08-24", "Tardy"), event("t", "2010-08-24", "Tardy")),
        association,
    )
    found = [(row["student_id"], row["grade"], row["entry_date"]) for row in given(events, Kind.ENROLLMENT)]
    assert found == [("s", "9", "2010-08-24"), ("t", "1", "2010-07-01")]
    assert "no enrollments for 1 students" in notices(events)


def test_a_refused_event_is_kept_as_it_came_and_its_neighbours_go_on(tmp_path: Path) -> None:
    bad = [event("s 1", "2010-08-24", "Tardy"), event("s", "2010-02-30", "Tardy"), event("s", "", "Tardy")]
    bad += [event("s", "2010-08-24", ""), event("s", "2010-08-24", "Excused Absence", "2")]
    good = event("s", "2010-08-24", "Tardy")
    events = read(tmp_path, attendance(*bad, good))
    assert [found[1:] for found in refused(events)] == [
        (2, "attendance", "bad_id", "student_id"),
        (7, "attendance", "bad_date", "date"),
        (12, "attendance", "missing_value", "date"),
        (17, "attendance", "missing_value", "code"),
        (22, "attendance", "bad_value", "absent_fraction"),
    ]
    assert [each.record for each in events if isinstance(each, Refused)] == [text.strip() for text in bad]
    assert [
        each.held.line for each in events if isinstance(each, Record) and each.kind is Kind.ATTENDANCE
    ] == [27]
    assert len(given(events, Kind.ENROLLMENT)) == 1


def test_what_is_broken_is_one_refusal_where_it_breaks_and_what_stands_before_it_counts(
    tmp_path: Path,
) -> None:
    events = read(
        tmp_path,
        attendance(event("s", "2010-08-24", "Tardy"), "\n<oops>"),
        calendar(*DAYS)[:-60],
        "<InterchangeStudent>\n\x01</InterchangeStudent>",
    )
    assert refused(events) == [
        ("1.xml", 21, "", "not_csv", ""),
        ("2.xml", 2, "", "not_csv", ""),
        ("0.xml", 7, "", "not_csv", ""),
    ]
    assert len(given(events, Kind.ATTENDANCE)) == 1 and len(given(events, Kind.CALENDAR)) == 4


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n'
EXTERNAL = '<!DOCTYPE x SYSTEM "file:///etc/passwd">\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ENTITIES + "<InterchangeStudentAttendance>&b;</InterchangeStudentAttendance>", "not_csv"),
        (EXTERNAL + "<InterchangeStudentAttendance/>", "not_csv"),
        ("", "not_csv"),
        ("student_id,date\n", "not_csv"),
        ("<Other/>", "unknown_kind"),
    ],
)
def test_a_doctype_and_what_is_no_interchange_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    events = read(tmp_path, text)
    assert refused(events) == [("0.xml", 1, "", reason, "")] and len(events) == 1


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    deep = attendance(event("s", "2010-08-24", "Tardy"), "\n" + "<a>" * 10_000 + "</a>" * 10_000)
    events = read(tmp_path, deep)
    assert refused(events) == [("0.xml", 7, "", "not_csv", "")]
    assert len(given(events, Kind.ATTENDANCE)) == 1


def test_other_interchanges_and_events_of_sections_are_said_and_left_out(tmp_path: Path) -> None:
    section = "<StudentSectionAttendanceEvent/>"
    events = read(tmp_path, "<InterchangeDescriptors/>", attendance(section, section))
    said = notices(events)
    assert not refused(events) and "InterchangeDescriptors is not needed" in said
    assert "events of sections (classes): 2" in said and "there is no StudentSchoolAttendanceEvent" in said


def test_the_order_of_the_files_changes_nothing(tmp_path: Path) -> None:
    contents = [SCHOOLS, calendar(*DAYS), attendance(event("s", "2010-08-24", "Tardy"))]
    found: list[list[Event]] = []
    for order in (contents, contents[::-1]):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        found.append(read(folder, *order))
    one, other = ([event for event in events if isinstance(event, Record)] for events in found)
    assert [(each.kind, each.held.given) for each in one] == [(each.kind, each.held.given) for each in other]
    assert all(first_fault(kind, held.given) is None for kind, held in one)


def test_a_student_who_changes_schools_is_enrolled_where_the_events_are() -> None:
    spans = {("A", 2010): ("2010-08-23", "2011-05-27")}
    visits = [
        ("2011-01-10", "B"),
        ("2010-09-01", "A"),
        ("2010-09-02", "A"),
        ("2011-03-01", "A"),
        ("2011-09-01", "B"),
    ]
    assert list(stays(visits, spans)) == [
        Stay("A", "2010-08-23", "2011-05-27"),
        Stay("B", "2011-01-10", "2011-06-30"),
        Stay("A", "2011-03-01", "2011-05-27"),
        Stay("B", "2011-07-01", "2012-06-30"),
    ]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2005-12-31", "K"),
        ("2004-01-01", "1"),
        ("1990-01-01", "12"),
        ("2009-01-01", "K"),
        ("", "1"),
        ("soon", "1"),
    ],
)
def test_a_grade_is_estimated_from_the_birth_date(born: str, expected: str) -> None:
    assert grade(born, "2011-05-01") == expected


def test_words_are_read_by_their_letters() -> None:
    assert [plain(word) for word in ("Student late arrival/early dismissal", "ExcusedAbsence")] == [
        "studentlatearrivalearlydismissal",
        "excusedabsence",
    ]
    assert {status for status, _ in CATEGORIES.values()} == {"absent", "in_attendance"}
    assert as_id("In Attendance") == "In-Attendance" and len(as_id("é" * 3 + "x" * 90)) == 64
    assert calendar_kind({"Holiday", "Instructional day"}) == "instructional"
    assert calendar_kind({"Field trip"}) == "Field trip" and calendar_kind(set()) == ""
