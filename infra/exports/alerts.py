"""The rows of `rollcall export alerts` (contract 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from alerts.changes import Published
from alerts.fold import fold
from alerts.reading import reading
from models.ledger.district import Ledger
from models.policy import PolicyOf
from models.school_year import day_index, label, school_year_of
from models.student_year import StudentYear, current_school, cut

COLUMNS = (
    "alert_id",
    "district_id",
    "scope",
    "school_id",
    "current_school_id",
    "student_id",
    "school_year",
    "rule",
    "opened_on",
    "recovered_on",
    "enrolled_days",
    "absent_days",
    "condition",
    "amendments",
)
NUMBERS = frozenset({"enrolled_days", "absent_days", "amendments"})
SORTED_BY = ("district_id", "scope", "school_id", "student_id", "school_year", "rule", "opened_on")

PublishedOf = Mapping[str, Mapping[str, Published]]
"""What was published, by student and alert id."""


def rows(ledger: Ledger, published: PublishedOf) -> Iterator[dict[str, str]]:
    """A row an alert that was ever published, in no order."""
    for student, alerts in published.items():
        for held in alerts.values():
            known = ledger.known.get(held.alert.school_year, {}).get(student)
            yield _row(ledger.district, student, held, known.now if known else None)


def rows_as_of(
    ledger: Ledger, published: PublishedOf, as_of: date, policy_of: PolicyOf
) -> Iterator[dict[str, str]]:
    """A row an alert that the days up to a date give.

    `amendments` are those of what was published of it, 0 where nothing was.
    """
    last_of = school_year_of(as_of)
    for year, students in ledger.known.items():
        if year > last_of:
            continue
        policy = policy_of(ledger.district, year)
        for student, known in students.items():
            now = cut(known.now, day_index(as_of)) if year == last_of else known.now
            before = published.get(student, {})
            read = reading(now, ledger.student(student).birthdate, ledger.last_year(student, year))
            for alert in fold(ledger.district, student, read, policy).values():
                held = before.get(alert.alert_id)
                shown = Published(alert, held.amendments if held else 0, False)
                yield _row(ledger.district, student, shown, now)


def _row(district: str, student: str, held: Published, year: StudentYear | None) -> dict[str, str]:
    alert = held.alert
    values = (
        alert.alert_id,
        district,
        alert.scope,
        alert.owner,
        (current_school(year) if year else "") or alert.owner,
        student,
        label(alert.school_year),
        alert.rule,
        alert.opened_on,
        alert.recovered_on,
        str(alert.n),
        str(alert.a),
        held.condition,
        str(held.amendments),
    )
    return dict(zip(COLUMNS, values, strict=True))
