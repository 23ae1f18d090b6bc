"""PowerSchool's tables into canonical records, on examples worked by hand."""

from __future__ import annotations

from pathlib import Path

from models.columns import Kind
from tests.support.events import events_of, given, notices, refusals
from tests.support.sis_files import powerschool, table


def test_only_rows_of_whole_days_are_attendance_and_the_rest_is_said(tmp_path: Path) -> None:
    events = events_of(tmp_path / "in", powerschool(), "powerschool", "D")
    assert not refusals(events)
    rows = given(events, Kind.ATTENDANCE)
    assert rows[0] == {
        "district_id": "D", "school_id": "100", "student_id": "7", "date": "2021-09-01", "code": "A",
        "recorded_at": "2021-09-01T00:00:00Z", "event_id": "1-absent",
    }  # fmt: skip
    assert [(row["student_id"], row["date"][5:], row["code"]) for row in rows[1:]] == [
        ("7", "09-02", "E"),
        ("7", "09-03", "T"),
        ("8", "09-07", "(blank)"),
        ("8", "09-08", "A"),
        ("9", "09-08", "A"),
    ]
    assert [
        (row["code"], row["status"], row.get("class"), row["label"]) for row in given(events, Kind.CODE)
    ] == [
        ("A", "absent", "unknown", "Absent"),
        ("E", "absent", "unknown", "Excused"),
        ("T", "in_attendance", None, "Tardy"),
        ("(blank)", "in_attendance", None, "Present"),
    ]
    said = notices(events)
    for text in (
        "codes that mean absent, and the export has no reason: A 3, E 1;",
        "not of a whole day: ATT_ModeMeeting 1; not read",
        "rows of CC (students in classes): 1; not read",
        "(Enroll_Status 3 and 4): 1; not read",
        "attendance rows: 6; PowerSchool does not say when they were written",
        "columns of Students that are not read: Student_Number",
    ):
        assert text in said
    assert "Ann" not in said


def test_enrollments_end_on_the_day_before_exit_date(tmp_path: Path) -> None:
    events = events_of(tmp_path / "in", powerschool(), "powerschool", "D")
    rows = [
        (
            row["student_id"],
            row["school_id"],
            row["grade"],
            row["entry_date"],
            row["exit_date"],
            row.get("track"),
        )
        for row in given(events, Kind.ENROLLMENT)
    ]
    assert rows == [
        ("7", "100", "4", "2021-08-30", "2022-06-14", None),
        ("8", "100", "K", "2021-09-02", "2022-06-14", None),
        ("9", "200", "8", "2021-09-07", "2022-06-14", None),
        ("9", "100", "8", "2021-08-30", "2021-09-01", "A"),
    ]
    early, planned = given(events, Kind.ENROLLMENT)[3], given(events, Kind.ENROLLMENT)[0]
    assert early["event_id"] > planned["event_id"]
    calendar = given(events, Kind.CALENDAR)
    assert [(row.get("track"), row["kind"]) for row in calendar if row["school_id"] == "200"][:4] == [
        (None, "instructional"),
        ("A", "non_instructional"),
        (None, "instructional"),
        ("A", "non_instructional"),
    ]
    assert [row["kind"] for row in calendar if row["date"] == "2021-09-06"] == ["non_instructional"] * 2


def test_schools_that_use_a_code_differently_keep_their_meanings_apart(tmp_path: Path) -> None:
    files = powerschool()
    files["attendance_code.csv"] = files["attendance_code.csv"].replace(b'day",Absent', b'day",Present')
    files["attendance_code.csv"] = files["attendance_code.csv"].replace(b"Tardy,Present", b"Tardy,")
    events = events_of(tmp_path / "in", files, "powerschool", "D")
    assert [row["code"] for row in given(events, Kind.ATTENDANCE)] == [
        "A.absent", "E", "T", "(blank)", "A.absent", "A.present",
    ]  # fmt: skip
    assert "T" not in {row["code"] for row in given(events, Kind.CODE)}
    said = notices(events)
    assert "nothing clear: T 1; set aside" in said and "different things in this export: A;" in said


def test_a_school_with_meetings_alone_is_said_to_have_no_day(tmp_path: Path) -> None:
    files = powerschool()
    files["attendance.text"] = files["attendance.text"].replace(b"ATT_ModeDaily", b"ATT_ModeMeeting")
    events = events_of(tmp_path / "in", files, "powerschool", "D")
    assert not given(events, Kind.ATTENDANCE)
    assert "meetings and none of whole days: 2; no day of theirs counts" in notices(events)


def test_without_its_codes_no_attendance_can_be_read(tmp_path: Path) -> None:
    files = powerschool()
    del files["attendance_code.csv"]
    events = events_of(tmp_path / "in", files, "powerschool", "D")
    assert not given(events, Kind.ATTENDANCE)
    assert refusals(events) == [("attendance.text", 1, "", "missing_value", "Attendance_CodeID")]


def test_what_is_wrong_is_refused_by_the_names_of_the_table(tmp_path: Path) -> None:
    files = powerschool()
    files["attendance.text"] = table(
        "Att_Date\tStudentID\tSchoolID\tAttendance_CodeID\tAtt_Mode_Code",
        "09/01/2021\t7\t100\t999\tATT_ModeDaily",
        "09/31/2021\t7\t100\t501\tATT_ModeDaily",
        "09/01/2021\t\t100\t501\tATT_ModeDaily",
        "09/01/2021\t7\t100\t501\tDaily",
        "09/01/2021\t7\t100\t501",
        "09/01/2021\t7\t100\t\tATT_ModeDaily",
        "09/01/2021\t7\t100\t501\tatt_modedaily\t\t",
        "09/01/99\t7\t100\t501\tATT_ModeDaily",
        "2021-09-01 00:00:00\t7\t100\t501\tatt_modedaily",
    )
    files["calendar_day.csv"] = table("SchoolID,Date_Value,InSession", "100,9/1/2021,maybe", "100,9/2/2021,1")
    files["students.csv"] = table(
        "ID,SchoolID,Grade_Level,EntryDate,ExitDate",
        "7,100,KF,9/1/2021,",
        "8,100,-1,9/1/2021,0/0/0",
        "9,100,3,9/1/2021,",
    )
    files["reenrollments.csv"] = table("StudentID,SchoolID,EntryDate,ExitDate", "9,100,8/30/2021,9/2/2021")
    files["attendance_old.csv"] = table("Att_Date,StudentID", "x,y")
    events = events_of(tmp_path / "in", files, "powerschool", "D")
    assert sorted(refusals(events)) == [
        ("attendance.text", 2, "attendance", "bad_value", "Attendance_CodeID"),
        ("attendance.text", 3, "attendance", "bad_date", "Att_Date"),
        ("attendance.text", 4, "attendance", "missing_value", "StudentID"),
        ("attendance.text", 5, "attendance", "bad_value", "Att_Mode_Code"),
        ("attendance.text", 6, "attendance", "missing_value", "Att_Mode_Code"),
        ("attendance.text", 7, "attendance", "missing_value", "Attendance_CodeID"),
        ("attendance.text", 8, "", "not_csv", ""),
        ("attendance.text", 9, "attendance", "bad_date", "Att_Date"),
        ("attendance_old.csv", 1, "", "missing_column", "Attendance_CodeID"),
        ("calendar_day.csv", 2, "calendar", "bad_value", "InSession"),
        ("reenrollments.csv", 1, "", "missing_column", "Grade_Level"),
        ("students.csv", 2, "enrollment", "bad_value", "Grade_Level"),
        ("students.csv", 3, "enrollment", "bad_date", "ExitDate"),
    ]
    assert len(given(events, Kind.ATTENDANCE)) == 1
    assert [row["grade"] for row in given(events, Kind.ENROLLMENT)] == ["3"]
