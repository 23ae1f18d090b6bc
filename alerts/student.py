"""All current alerts of a student: the definition, a fold of each school year (contract 3)."""

from __future__ import annotations

from alerts.fold import Alert, fold
from alerts.reading import reading
from models.ledger.district import Ledger
from models.policy import Policy, PolicyOf
from models.student_year import StudentYear


def year_alerts(ledger: Ledger, student: str, now: StudentYear, policy: Policy) -> dict[str, Alert]:
    """The alerts of one school year by id."""
    facts = ledger.student(student)
    year = reading(now, facts.birthdate, ledger.last_year(student, now.year))
    return fold(ledger.district, student, year, policy)


def current_alerts(ledger: Ledger, student: str, policy_of: PolicyOf) -> dict[str, Alert]:
    """The alerts of every school year by id."""
    found: dict[str, Alert] = {}
    for year, students in ledger.known.items():
        known = students.get(student)
        if known is not None:
            found |= year_alerts(ledger, student, known.now, policy_of(ledger.district, year))
    return found
