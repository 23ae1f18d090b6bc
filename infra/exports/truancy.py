"""The rows of `rollcall export truancy`: by when a meeting with the parents is due (CGS 10-198a)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from alerts.fold import Alert, fold_rules
from alerts.known_since import known_since
from alerts.reading import reading
from alerts.rules import RULES
from models.ledger.district import Ledger
from models.policy import PolicyOf
from models.school_year import dates_of, day_index, first_day, label, school_year_of
from models.student_year import UNEXCUSED, StudentYear, current_school, cut
from models.truancy_clock import meeting_due, meeting_state

COLUMNS = (
    "district_id",
    "current_school_id",
    "meeting_due_on",
    "meeting_state",
    "student_id",
    "school_year",
    "rule",
    "opened_on",
    "clock_starts_on",
    "school_id",
    "alert_id",
)
NUMBERS: frozenset[str] = frozenset()
SORTED_BY = ("district_id", "current_school_id", "meeting_due_on", "student_id", "school_year", "rule")

MEETING_RULES = tuple(rule for rule in RULES if rule.name in ("truancy_month", "truancy_year"))


def rows(ledger: Ledger, as_of: date, policy_of: PolicyOf) -> Iterator[dict[str, str]]:
    """A row a truancy alert that the days up to a date give, in no order.

    They are those of the date's school year; and of the year before where the due date lies in this one or is
    not known yet, so that none is lost over the summer.
    """
    this_year = school_year_of(as_of)
    for year in (this_year - 1, this_year):
        policy = policy_of(ledger.district, year)
        for student, known in ledger.known.get(year, {}).items():
            now = cut(known.now, day_index(as_of)) if year == this_year else known.now
            if not now.classes[UNEXCUSED]:
                continue
            born = ledger.student(student).birthdate
            read = reading(now, born, None)
            for rule in MEETING_RULES:
                for alert in fold_rules(ledger.district, student, read, policy, (rule,)).values():
                    opened = day_index(date.fromisoformat(alert.opened_on))
                    since = dates_of(year)[known_since(rule, now, born, policy, opened)]
                    due = meeting_due(since, _from(ledger, student, year), policy.meeting_days)
                    if year == this_year or due is None or due >= first_day(this_year):
                        yield _row(ledger.district, student, alert, now, since, due, as_of)


def _from(ledger: Ledger, student: str, year: int) -> Iterator[StudentYear]:
    """The student's years from one on, whole, up to the first that nothing is known of."""
    known = ledger.known.get(year, {}).get(student)
    while known is not None:
        yield known.now
        year += 1
        known = ledger.known.get(year, {}).get(student)


def _row(
    district: str,
    student: str,
    alert: Alert,
    now: StudentYear,
    since: date,
    due: date | None,
    as_of: date,
) -> dict[str, str]:
    values = (
        district,
        current_school(now) or alert.owner,
        due.isoformat() if due else "",
        meeting_state(due, as_of).value,
        student,
        label(alert.school_year),
        alert.rule,
        alert.opened_on,
        since.isoformat(),
        alert.owner,
        alert.alert_id,
    )
    return dict(zip(COLUMNS, values, strict=True))
