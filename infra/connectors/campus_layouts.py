"""Infinite Campus's tables that are read (connector infinite_campus)."""

from __future__ import annotations

from infra.files.tables import Layout

DETAIL = Layout(
    "v_AttendanceDetail",
    ("personID", "calendarID", "date", "status", "excuse", "code"),
    ("periodID", "periodName", "periodSeq", "modifiedDate"),
    ("personID", "calendarID", "status", "excuse"),
)
DAYS = Layout(
    "AttDayAggregation",
    ("personID", "calendarID", "date", "absentMinutes"),
    ("scheduledMinutes", "modifiedDate"),
    ("personID", "absentMinutes"),
)
CALENDAR = Layout(
    "Calendar",
    ("calendarID", "schoolID"),
    ("studentDay", "wholeDayAbsence", "halfDayAbsence"),
    ("calendarID", "schoolID", "studentDay"),
)
DAY = Layout("Day", ("calendarID", "date", "instruction"))
ENROLLMENT = Layout(
    "Enrollment",
    ("personID", "calendarID", "grade", "startDate", "endDate"),
    ("serviceType", "noShow", "stateExclude", "modifiedDate"),
    ("personID", "calendarID", "startDate"),
)
IDENTITY = Layout(
    "Identity",
    ("personID", "lastName"),
    ("firstName", "birthdate", "gender", "modifiedDate"),
    ("personID", "lastName"),
)
PERIODS = ("periodID", "periodName", "periodSeq")

LAYOUTS = (DETAIL, DAYS, DAY, ENROLLMENT, IDENTITY, CALENDAR)
