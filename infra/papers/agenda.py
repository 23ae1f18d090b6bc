"""The list for an attendance review team: this year's chronically absent students and truants, by school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from infra.exports import truancy
from models.ledger.district import Ledger
from models.policy import PolicyOf
from models.school_year import day_index, label, school_year_of
from models.standing import Standing, rate_percent, standings
from models.student_groups import student_record
from models.student_year import UNEXCUSED, cut

COLUMNS = (
    "school_id",
    "student_id",
    "grade",
    "reason",
    "enrolled_days",
    "absent_days",
    "rate_percent",
    "tier",
    "unexcused_days",
    "truant_since",
    "meeting_due_on",
    "meeting_state",
)
NAMES = ("first_name", "last_name")
NUMBERS = frozenset({"enrolled_days", "absent_days", "unexcused_days"})
SORTED_BY = ("school_id", "reason", "student_id")


class Agenda(NamedTuple):
    """The rows, in order, and how many students are not in them because they have left."""

    rows: list[dict[str, str]]
    left: int


def agenda(ledger: Ledger, as_of: date, policy_of: PolicyOf, names: bool) -> Agenda:
    """The students to look at, as the days up to a date give them.

    Chronically absent by the days in the district, or by those at the present school alone (CGS 10-198c);
    truant once an alert of truancy_month or truancy_year has opened this year.
    """
    truants: dict[str, dict[str, str]] = {}
    for row in truancy.rows(ledger, as_of, policy_of):
        if row["school_year"] == label(school_year_of(as_of)):
            held = truants.get(row["student_id"])
            if held is None or row["opened_on"] < held["opened_on"]:
                truants[row["student_id"]] = row
    found, left = [], 0
    for student, told in _standings(ledger, as_of, policy_of):
        chronic = any(each.tier in ("II", "III") for each in told)
        if not chronic and student not in truants:
            continue
        if not _enrolled(ledger, student, as_of):
            left += 1
            continue
        found.append(_row(student, told, chronic, truants.get(student)))
        if names:
            given = student_record(ledger, student)
            found[-1] |= {name: given.get(name, "") for name in NAMES}
    found.sort(key=lambda row: [row[name] for name in SORTED_BY])
    return Agenda(found, left)


def _standings(ledger: Ledger, as_of: date, policy_of: PolicyOf) -> Iterator[tuple[str, list[Standing]]]:
    """The students' K-12 standings: of the district first, then of the present school."""
    year = school_year_of(as_of)
    policy = policy_of(ledger.district, year)
    for student, known in ledger.known.get(year, {}).items():
        every = list(standings(cut(known.now, day_index(as_of)), policy))
        if every and every[0].level is not None:
            here = [each for each in every[1:] if each.school == every[0].school and each.level is not None]
            yield student, [every[0], *here]


def _enrolled(ledger: Ledger, student: str, on: date) -> bool:
    return any(stay.first <= on.toordinal() <= stay.last for stay in ledger.student(student).stays)


def _row(student: str, told: list[Standing], chronic: bool, truant: dict[str, str] | None) -> dict[str, str]:
    held = told[0]
    reason = "chronic and truant" if chronic and truant else "chronic" if chronic else "truant"
    values = (
        held.school,
        student,
        held.grade,
        reason,
        str(held.enrolled),
        str(held.absent),
        rate_percent(held.absent, held.enrolled),
        max(each.tier for each in told),
        str(held.classes[UNEXCUSED]),
        truant["opened_on"] if truant else "",
        truant["meeting_due_on"] if truant else "",
        truant["meeting_state"] if truant else "",
    )
    return dict(zip(COLUMNS, values, strict=True))
