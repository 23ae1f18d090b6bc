"""Students, stays and marks as canonical records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from infra.simulator.codes import CELLS
from infra.simulator.people import AT_SETUP, Stay, Student
from infra.simulator.school_days import FIRST, SCHOOL_DAYS, moment
from infra.simulator.schools import School

Record = dict[str, str]

_SUMMER = FIRST.replace(day=12)
_MORNING, _ATTENDANCE = 7 * 60 + 40, 8 * 60 + 20


def student_record(district: str, student: Student, recorded_at: str) -> Record:
    """The one kind of record that has a name and groups."""
    return {
        "district_id": district,
        "student_id": student.student_id,
        "recorded_at": recorded_at,
        "first_name": student.first_name,
        "last_name": student.last_name,
        "birthdate": student.birthdate.isoformat(),
        "language": student.language,
        "counselor": student.counselor,
        **student.groups._asdict(),
    }


def prior_year_record(district: str, student: Student) -> Record:
    """Last year's days of a student who has some."""
    assert student.prior is not None
    enrolled, absent = student.prior
    return {
        "district_id": district,
        "student_id": student.student_id,
        "school_year": "2020-21",
        "enrolled_days": str(enrolled),
        "absent_days": str(absent),
        "recorded_at": moment(_SUMMER, 8 * 60),
    }


def enrollment_record(
    district: str, student: Student, stay: Stay, school: School, *, ended: bool = False
) -> Record:
    """A stay as first recorded, or once it has ended."""
    arrives = stay.ended if ended else stay.recorded
    given = {
        "district_id": district,
        "school_id": school.school_id,
        "student_id": student.student_id,
        "grade": student.grade,
        "entry_date": SCHOOL_DAYS[stay.first].isoformat(),
        "recorded_at": recorded_on(arrives),
    }
    if ended:
        given["exit_date"] = _last_day(stay)
    return given


def _last_day(stay: Stay) -> str:
    assert stay.last is not None
    no_show = stay.last < stay.first
    return (FIRST - timedelta(days=1) if no_show else SCHOOL_DAYS[stay.last]).isoformat()


def recorded_on(day: int | None) -> str:
    """When the office writes down what arrives on a school day; in August what it knew before the year."""
    if day is None or day == AT_SETUP:
        return moment(_SUMMER, 9 * 60)
    return moment(SCHOOL_DAYS[day], _MORNING)


def attendance_records(
    district: str, school: School, student_id: str, day: int, letter: str, recorded_at: str
) -> Iterator[Record]:
    """The record of a mark, or the two of a day that was missed in two halves."""
    for cells in CELLS[letter]:
        yield {
            "district_id": district,
            "school_id": school.school_id,
            "student_id": student_id,
            "date": SCHOOL_DAYS[day].isoformat(),
            "recorded_at": recorded_at,
            **cells,
        }


def deletion(district: str, school: School, student_id: str, day: int, recorded_at: str) -> Record:
    """There is no record of that day: the mark was a mistake."""
    return {
        "district_id": district,
        "school_id": school.school_id,
        "student_id": student_id,
        "date": SCHOOL_DAYS[day].isoformat(),
        "recorded_at": recorded_at,
        "op": "delete",
    }


def submission(district: str, school: School, day: int, state: str, recorded_at: str) -> Record:
    """A school says that its attendance of a day is complete, or takes that back."""
    return {
        "district_id": district,
        "school_id": school.school_id,
        "date": SCHOOL_DAYS[day].isoformat(),
        "state": state,
        "recorded_at": recorded_at,
    }


def attendance_time(written: int, number: int) -> str:
    """When a teacher writes a mark down: within 50 minutes of the morning."""
    return moment(SCHOOL_DAYS[written], _ATTENDANCE + number % 50)


def correction_time(day: int, number: int) -> str:
    """When the office corrects: between 10:30 and 15:00."""
    return moment(SCHOOL_DAYS[day], 10 * 60 + 30 + number % 270)
