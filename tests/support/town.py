"""A small town as files: district D, school A with five school days, students mia and tom."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

DAYS = ("2021-09-01", "2021-09-02", "2021-09-03", "2021-09-07", "2021-09-08")
TIME = "2021-08-01T08:00:00Z"


def csv(names: str, rows: Iterable[str]) -> str:
    """A CSV file."""
    return "\n".join([names, *rows]) + "\n"


def attendance(*rows: str) -> str:
    """Attendance at A; a row is `student,date,code`, recorded at eight on its day."""
    made = []
    for row in rows:
        student, day, code = row.split(",")
        made.append(f"D,A,{student},{day},{code},{day}T08:00:00Z")
    return csv("district_id,school_id,student_id,date,code,recorded_at", made)


def write_town(folder: Path) -> Path:
    """Codes, calendar and enrollments; every school day is submitted."""
    folder.mkdir(exist_ok=True)
    codes = ("D,U,absent,unexcused", "D,E,absent,excused", "D,P,in_attendance,")
    files = {
        "codes.csv": csv("district_id,code,status,class,recorded_at", (f"{row},{TIME}" for row in codes)),
        "calendar.csv": csv(
            "district_id,school_id,date,kind,recorded_at", (f"D,A,{day},instructional,{TIME}" for day in DAYS)
        ),
        "submissions.csv": csv(
            "district_id,school_id,date,state,recorded_at",
            (f"D,A,{day},submitted,{day}T15:00:00Z" for day in DAYS),
        ),
        "enrollments.csv": csv(
            "district_id,school_id,student_id,grade,entry_date,recorded_at",
            (f"D,A,{student},5,2021-09-01,{TIME}" for student in ("mia", "tom")),
        ),
    }
    for name, content in files.items():
        (folder / name).write_text(content)
    return folder
