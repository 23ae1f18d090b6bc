"""PowerSchool's tables that are read, and what their values mean (connector powerschool)."""

from __future__ import annotations

from infra.files.tables import Layout

TRACKS = ("A", "B", "C", "D", "E", "F")

ATTENDANCE = Layout(
    "Attendance",
    ("Att_Date", "StudentID", "SchoolID", "Attendance_CodeID", "Att_Mode_Code"),
    (),
    ("Att_Date", "Attendance_CodeID"),
)
CODES = Layout(
    "Attendance_Code",
    ("ID", "Att_Code", "Presence_Status_CD"),
    ("Description",),
    ("Att_Code", "Presence_Status_CD"),
)
CALENDAR = Layout(
    "Calendar_Day", ("SchoolID", "Date_Value", "InSession"), TRACKS, ("Date_Value", "InSession")
)
REENROLLMENTS = Layout(
    "ReEnrollments",
    ("StudentID", "SchoolID", "Grade_Level", "EntryDate", "ExitDate"),
    ("Track",),
    ("StudentID", "EntryDate", "ExitDate"),
)
STUDENTS = Layout(
    "Students",
    ("ID", "SchoolID", "Grade_Level", "EntryDate", "ExitDate"),
    ("First_Name", "Last_Name", "DOB", "Gender", "Track", "Enroll_Status"),
    ("ID", "EntryDate", "ExitDate"),
)
CC = Layout("CC", ("StudentID", "DateEnrolled", "DateLeft"))

LAYOUTS = (ATTENDANCE, CODES, CALENDAR, REENROLLMENTS, STUDENTS, CC)

DAILY = "att_modedaily"
ANY_MODE = "att_mode"
# Of students that have graduated, or were imported from the past, the grade is none of a school.
NO_LONGER = frozenset(("3", "4"))


def grade_of(text: str) -> str:
    """A grade level: 0 is kindergarten, and below it is pre-kindergarten."""
    if text.lstrip("-").isdigit() and len(text) < 4:
        number = int(text)
        if number <= 0:
            return "PK" if number < 0 else "K"
    return text
