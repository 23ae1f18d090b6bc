"""PSIS Student Membership and Attendance, monthly: a line a student and month (docs/papers.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from infra.files.sasids import SASID
from models.ledger.district import Ledger
from models.papers.membership import MonthDays, month_bits, month_days, unreported_by_school
from models.school_year import dates_of, school_year_of
from models.student_year import current_school, cut

COLUMNS = (
    "Reporting District",
    "SASID",
    "Date of Birth",
    "Month of Membership",
    "Year of Membership",
    "Number of Days of In-Person Membership",
    "Number of Days of In-Person Attendance",
    "Number of Days of Remote Membership",
    "Number of Days of Remote Attendance",
)
WIDTHS = (3, 10, 8, 2, 4, 2, 2, 2, 2)
"""How many characters each has in the fixed-width file; days are padded with zeros."""

MISSING = ("district_id", "school_id", "student_id", "missing", "remedy")

NO_SASID, TWICE, NO_BIRTHDATE = "sasid", "sasid_of_two_students", "birthdate"
REMEDIES = {
    NO_SASID: "add the student to the file of --sasid (columns student_id, sasid; 10 digits)",
    TWICE: "two students have this SASID: correct the file of --sasid, or the student records",
    NO_BIRTHDATE: "give birthdate in the student record, and ingest it",
}


class Month(NamedTuple):
    """The rows, in the order of SASIDs; who is left out and why; schools with days not reported yet."""

    rows: list[dict[str, str]]
    missing: list[dict[str, str]]
    unreported: Mapping[str, tuple[date, ...]]


class _Line(NamedTuple):
    student: str
    school: str
    sasid: str
    born: date | None
    days: MonthDays


def month(ledger: Ledger, first: date, reporting_district: str, sasids: Mapping[str, str]) -> Month:
    """The paper of the month that begins on `first`.

    `sasids` give the SASID of students by id; of others the id is it where it is 10 digits.
    """
    bits = month_bits(first)
    unreported: dict[str, set[int]] = {}
    lines: list[_Line] = []
    for student, known in ledger.known.get(school_year_of(first), {}).items():
        now = known.now
        held = month_days(now, bits)
        if not held.membership:
            continue
        for school, missing in unreported_by_school(now, bits).items():
            unreported.setdefault(school, set()).update(missing)
        school = current_school(cut(now, bits.bit_length() - 1))
        sasid = sasids.get(student) or (student if SASID.fullmatch(student) else "")
        lines.append(_Line(student, school, sasid, ledger.student(student).birthdate, held))
    dates = dates_of(school_year_of(first))
    left = {line.student: why for line, why in _left_out(lines)}
    kept = sorted((line for line in lines if line.student not in left), key=lambda line: line.sasid)
    gone = sorted(
        (line for line in lines if line.student in left), key=lambda line: (line.school, line.student)
    )
    return Month(
        [_row(line, first, reporting_district) for line in kept],
        [
            {
                "district_id": ledger.district,
                "school_id": line.school,
                "student_id": line.student,
                "missing": " ".join(left[line.student]),
                "remedy": "; ".join(REMEDIES[why] for why in left[line.student]),
            }
            for line in gone
        ],
        {school: tuple(dates[day] for day in sorted(held)) for school, held in sorted(unreported.items())},
    )


def _left_out(lines: Iterable[_Line]) -> Iterator[tuple[_Line, tuple[str, ...]]]:
    """Who cannot be a row, and why."""
    lines = list(lines)
    holders: dict[str, int] = {}
    for line in lines:
        holders[line.sasid] = holders.get(line.sasid, 0) + 1
    for line in lines:
        why = [NO_SASID] if not line.sasid else [TWICE] if holders[line.sasid] > 1 else []
        if line.born is None:
            why.append(NO_BIRTHDATE)
        if why:
            yield line, tuple(why)


def _row(line: _Line, first: date, reporting_district: str) -> dict[str, str]:
    assert line.born is not None  # such lines are left out
    values = (
        reporting_district,
        line.sasid,
        f"{line.born:%m%d%Y}",
        f"{first.month:02d}",
        f"{first.year:04d}",
        *map(str, line.days[:4]),
    )
    return dict(zip(COLUMNS, values, strict=True))


def fixed(row: Mapping[str, str]) -> str:
    """The row as the state's fixed-width file has it: 35 characters."""
    return "".join(row[name].rjust(width, "0") for name, width in zip(COLUMNS, WIDTHS, strict=True))
