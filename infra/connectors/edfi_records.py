"""Ed-Fi elements to canonical records, one by one (connector edfi).

The data says nowhere when it was written down. So recorded_at is the record's own date at 00:00:00Z (of an
enrollment its last day), and 2000-07-01 for what has no date: the same files give the same records.
"""

from __future__ import annotations

from infra.connectors.edfi_words import CATEGORIES, GRADES, as_id, plain, word
from infra.files.xml_nodes import Node
from models.instant import read_date

UNDATED = "2000-07-01T00:00:00Z"
_LABEL = 200

Given = dict[str, str]


def given(**cells: str) -> Given:
    """The columns that are given; `class_` is written for `class`."""
    return {name.rstrip("_"): cell for name, cell in cells.items() if cell}


def recorded_on(day: str) -> str:
    """The beginning of a date; of what is no date, a time that leaves the fault to the date."""
    return UNDATED if read_date(day) is None else f"{day}T00:00:00Z"


def school_of(node: Node) -> str:
    """The school that an element refers to, by itself and not through its session."""
    return (node.child("SchoolReference") or node).value("SchoolId", "StateOrganizationId")


def student_of(node: Node) -> str:
    """The student's id, in the names of several versions."""
    return node.value("StudentUniqueId", "StudentUniqueStateId")


def attendance(node: Node, district: str) -> Given:
    """A StudentSchoolAttendanceEvent.

    The category is the code. It is the record_id too, because it is part of Ed-Fi's key: a student may have
    several events on one day.
    """
    category = word(next(node.all("AttendanceEventCategory"), None))
    day = node.value("EventDate")
    status, _ = CATEGORIES.get(plain(category), ("", ""))
    code = as_id(category)
    return given(
        district_id=district,
        school_id=school_of(node),
        student_id=student_of(node),
        date=day,
        code=code,
        recorded_at=recorded_on(day),
        record_id=code,
        absent_fraction="" if status == "in_attendance" else node.value("EventDuration"),
    )


def code(category: str, district: str) -> Given | None:
    """What a category means; None where that is for the district to say."""
    meaning = CATEGORIES.get(plain(category))
    if meaning is None:
        return None
    status, class_ = meaning
    return given(
        district_id=district,
        code=as_id(category),
        status=status,
        class_=class_,
        recorded_at=UNDATED,
        label=category[:_LABEL],
    )


def calendar(school: str, day: str, kind: str, district: str) -> Given:
    """One date of a school's calendar."""
    return given(district_id=district, school_id=school, date=day, kind=kind, recorded_at=recorded_on(day))


def school(school_id: str, name: str, district: str) -> Given:
    """A school. The events are those of absence: no event means in attendance."""
    return given(
        district_id=district,
        school_id=school_id,
        recorded_at=UNDATED,
        name=name,
        attendance_mode="negative",
    )


def student(node: Node, district: str) -> Given:
    """A Student: name and birth date."""
    name = node.child("Name") or node
    return given(
        district_id=district,
        student_id=student_of(node),
        recorded_at=UNDATED,
        first_name=name.value("FirstName"),
        last_name=name.value("LastSurname"),
        birthdate=node.value("BirthDate"),
    )


def association(node: Node, district: str) -> Given:
    """A StudentSchoolAssociation: an enrollment as the data has it."""
    level = word(next(node.all("EntryGradeLevel"), None))
    return enrollment(
        school_of(node),
        student_of(node),
        GRADES.get(plain(level), level),
        node.value("EntryDate"),
        node.value("ExitWithdrawDate"),
        district,
    )


def enrollment(
    school_id: str, student_id: str, grade: str, entry_date: str, exit_date: str, district: str
) -> Given:
    """An enrollment, recorded on its last day, else on its first: a later end beats an earlier one."""
    return given(
        district_id=district,
        school_id=school_id,
        student_id=student_id,
        grade=grade,
        entry_date=entry_date,
        recorded_at=recorded_on(exit_date or entry_date),
        exit_date=exit_date,
    )
