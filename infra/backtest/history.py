"""The recorded years of the event log, student by student, as a back-test reads them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from alerts.days import Year
from alerts.reading import reading
from infra.snapshot import Snapshot
from models.ledger.district import Ledger
from models.student_groups import student_record
from models.student_year import StudentYear


class Recorded(NamedTuple):
    """A student's school year with a counted K-12 day.

    `caseload` is the district and the counselor of the student's record, or where it names none the school
    that had the student last. It tells caseloads apart, and is not to be shown.
    """

    district: str
    year: Year
    caseload: tuple[str, str, str]


def years_of(snapshot: Snapshot) -> tuple[int, ...]:
    """The school years of which something is known, in order."""
    return tuple(sorted({year for held in snapshot.districts() for year in snapshot.ledger(held).known}))


def recorded(snapshot: Snapshot, years: Collection[int]) -> Iterator[Recorded]:
    """Every student's year of these school years, in no order, one at a time: they are large."""
    for district in snapshot.districts():
        ledger = snapshot.ledger(district)
        for number in years:
            for student, known in ledger.known.get(number, {}).items():
                born = ledger.student(student).birthdate
                year = reading(known.now, born, ledger.last_year(student, number))
                if year.k12:
                    yield Recorded(district, year, _caseload(ledger, student, known.now))


def _caseload(ledger: Ledger, student: str, year: StudentYear) -> tuple[str, str, str]:
    counselor = student_record(ledger, student).get("counselor", "")
    if counselor:
        return ledger.district, "counselor", counselor
    return ledger.district, "school", year.parts[-1].school
