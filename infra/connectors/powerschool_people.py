"""PowerSchool's students and their enrollments, present and past (connector powerschool)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from infra.connectors.powerschool_layouts import NO_LONGER, REENROLLMENTS, STUDENTS, grade_of
from infra.connectors.table_call import Call, made
from infra.connectors.table_values import day_before, day_of, recorded_on, tie_of_exit, undated
from infra.intake.events import Event, Record
from models.columns import Kind

_STUDENT = {
    "student_id": "ID",
    "first_name": "First_Name",
    "last_name": "Last_Name",
    "birthdate": "DOB",
    "gender": "Gender",
}


def student_events(call: Call, district: str) -> Iterator[Event]:
    """A student a row of Students that has a name or a birth date."""
    for source, row in call.rows(STUDENTS.name):
        given = row.given
        if given.keys().isdisjoint(("First_Name", "Last_Name", "DOB", "Gender")):
            continue
        cells = {
            "district_id": district,
            "student_id": given.get("ID", ""),
            "recorded_at": undated(source.name),
            "first_name": given.get("First_Name", ""),
            "last_name": given.get("Last_Name", ""),
            "birthdate": day_of(given.get("DOB", "")),
            "gender": given.get("Gender", ""),
        }
        yield made(source, row, Kind.STUDENT, cells, _STUDENT)


def enrollment_events(call: Call, district: str, counts: Counter[str]) -> Iterator[Event]:
    """The present enrollment of each student, and those before it.

    ExitDate is the first day on which the student is no longer enrolled, so exit_date is the day before it.
    """
    for name, student in ((STUDENTS.name, "ID"), (REENROLLMENTS.name, "StudentID")):
        names = {
            "school_id": "SchoolID",
            "student_id": student,
            "grade": "Grade_Level",
            "entry_date": "EntryDate",
            "exit_date": "ExitDate",
            "track": "Track",
        }
        for source, row in call.rows(name):
            given = row.given
            if given.get("Enroll_Status") in NO_LONGER:
                counts["no longer"] += 1
                continue
            entry = day_of(given.get("EntryDate", ""))
            left = day_before(day_of(given.get("ExitDate", "")))
            cells = {
                "district_id": district,
                "school_id": given.get("SchoolID", ""),
                "student_id": given.get(student, ""),
                "grade": grade_of(given.get("Grade_Level", "")),
                "entry_date": entry,
                "exit_date": left,
                "recorded_at": recorded_on(entry, source.name),
                "track": given.get("Track", ""),
                "event_id": tie_of_exit(left),
            }
            event = made(source, row, Kind.ENROLLMENT, cells, names)
            counts["enrolled"] += isinstance(event, Record)
            yield event
