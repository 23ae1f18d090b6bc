"""The students of Aspen's published export: names, groups and enrollments (connector aspen)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from infra.connectors.table_call import Call, made
from infra.connectors.table_values import day_of, recorded_on, undated, yes_or_no
from infra.files.tables import Layout
from infra.intake.events import Event, Record
from models.columns import Kind
from models.instant import read_date

STUDENTS = Layout(
    "students_export",
    ("local_id", "school_local_id", "grade", "registration_date"),
    (
        "full_name", "home_language", "date_of_birth", "gender", "race", "hispanic_latino", "counselor",
        "enrollment_status", "free_reduced_lunch",
    ),
    ("local_id", "registration_date"),
)  # fmt: skip
_STUDENT = {
    "student_id": "local_id",
    "first_name": "full_name",
    "last_name": "full_name",
    "birthdate": "date_of_birth",
    "language": "home_language",
    "counselor": "counselor",
    "gender": "gender",
    "race_ethnicity": "race",
}
_ENROLLMENT = {
    "student_id": "local_id",
    "school_id": "school_local_id",
    "grade": "grade",
    "entry_date": "registration_date",
}
_MEALS = {"free lunch": "free", "reduced lunch": "reduced", "not eligible": "paid"}
_HISPANIC = "Hispanic/Latino of any race"


def student_events(call: Call, district: str, earliest: str, counts: Counter[str]) -> Iterator[Event]:
    """A student and an enrollment a row; none begins before `earliest` (blank: no such date)."""
    for source, row in call.rows(STUDENTS.name):
        given = row.given
        last, _, first = given.get("full_name", "").partition(",")
        hispanic = yes_or_no(given.get("hispanic_latino", ""))
        cells = {
            "district_id": district,
            "student_id": given.get("local_id", ""),
            "recorded_at": undated(source.name),
            "first_name": first.strip(),
            "last_name": last.strip(),
            "birthdate": day_of(given.get("date_of_birth", "")),
            "language": given.get("home_language", ""),
            "counselor": given.get("counselor", ""),
            "gender": given.get("gender", ""),
            "race_ethnicity": _HISPANIC if hispanic else given.get("race", ""),
            "meals": _MEALS.get(given.get("free_reduced_lunch", "").lower(), ""),
        }
        yield made(source, row, Kind.STUDENT, cells, _STUDENT)
        if given.get("enrollment_status", "Active").lower() != "active":
            counts["not active"] += 1
            continue
        registered = day_of(given.get("registration_date", ""))
        entry = max(registered, earliest) if read_date(registered) else registered
        cells = {
            "district_id": district,
            "school_id": given.get("school_local_id", ""),
            "student_id": given.get("local_id", ""),
            "grade": given.get("grade", ""),
            "entry_date": entry,
            "recorded_at": recorded_on(entry, source.name),
        }
        event = made(source, row, Kind.ENROLLMENT, cells, _ENROLLMENT)
        counts["entries"] += isinstance(event, Record)
        yield event
