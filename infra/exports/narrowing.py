"""What narrows exports to a student, or to the students of a school (contract 4)."""

from __future__ import annotations

from collections.abc import Iterable


def of_student(rows: Iterable[dict[str, str]], student: str | None) -> list[dict[str, str]]:
    """The rows of a student; all of them where none is named."""
    return [row for row in rows if student in (None, row["student_id"])]


def of_current_school(rows: list[dict[str, str]], school: str | None) -> list[dict[str, str]]:
    """Of standings, all rows of the students whose district row names the school."""
    if school is None:
        return rows
    within = {
        (row["district_id"], row["student_id"])
        for row in rows
        if row["scope"] == "district" and row["school_id"] == school
    }
    return [row for row in rows if (row["district_id"], row["student_id"]) in within]
