"""From a district's ledger: each student's year with its records, as far as a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.bits import last_day, up_to
from models.code_reading import CodeReading
from models.columns import Kind
from models.instant import Instant, instant_of
from models.ledger.chain import Chain, Stored, live_attendance
from models.ledger.district import Ledger
from models.ledger.groups import group_key
from models.ledger.school_day import SchoolDay
from models.policy import Policy
from models.reconcile.recount import Evidence, Records, Said
from models.school_year import day_index, school_year_of
from models.student_year import StudentYear, cut


def evidence_of(
    ledger: Ledger, as_of: date, policy: Policy, taken_at: str | None = None
) -> dict[str, Evidence]:
    """Every student with a membership day of the school year by `as_of`.

    `taken_at` is the instant (as records write it) at which the other's numbers were taken.
    """
    year, last = school_year_of(as_of), day_index(as_of)
    taken = None if taken_at is None else instant_of(taken_at)
    codes = CodeReading(ledger.codes, policy)
    years = {student: cut(known.now, last) for student, known in ledger.known.get(year, {}).items()}
    owners = {student: _owners(held) for student, held in years.items() if held.membership}
    now: dict[str, dict[Records, int]] = {student: {} for student in owners}
    then: dict[str, dict[Records, int]] = {student: {} for student in owners}
    for school, day in ledger.school_days():
        if day.year != year or day.index > last:
            continue
        bit = 1 << day.index
        for student, read, read_then in _records(day, codes, taken):
            if owners.get(student, {}).get(school, 0) & bit:
                now[student][read] = now[student].get(read, 0) | bit
                then[student][read_then] = then[student].get(read_then, 0) | bit
    return {
        student: Evidence(
            years[student], now[student], then[student], _left(ledger, student, years[student], last)
        )
        for student in owners
    }


def in_state_order(ledger: Ledger, students: Iterator[str]) -> list[str]:
    """Students in the order in which the state keeps them, so that each of its groups is read once."""
    named = {"district_id": ledger.district}
    return sorted(students, key=lambda student: group_key(Kind.STUDENT, {**named, "student_id": student}))


def _owners(year: StudentYear) -> dict[str, int]:
    owners: dict[str, int] = {}
    for part in year.parts:
        owners[part.school] = owners.get(part.school, 0) | part.membership
    return owners


def _left(ledger: Ledger, student: str, year: StudentYear, last: int) -> bool:
    """Whether school went on without the student by the day `last`."""
    if not year.membership:
        return False
    final = last_day(year.membership)
    owner = year.owner(final)
    track = next(
        (
            stay.track
            for stay in ledger.student(student).stays
            if stay.school == owner.school and stay.bits(year.year) >> final & 1
        ),
        "",
    )
    school_days = ledger.school(owner.school).year(year.year).calendar.school_days(track)
    return last_day(school_days & up_to(last)) > final


def _records(
    day: SchoolDay, codes: CodeReading, taken: Instant | None
) -> Iterator[tuple[str, Records, Records]]:
    """Of each student with live records of a day these, and what they were at an instant."""
    ordinal = day.day.toordinal()
    by_student: dict[str, list[Chain]] = {}
    for (student, _), chain in day.chains.items():
        by_student.setdefault(student, []).append(chain)
    for student, chains in by_student.items():
        now = _said([live_attendance(chain, codes.meanings, ordinal) for chain in chains], codes, ordinal)
        then = now
        if taken is not None:
            known = [tuple(held for held in chain if _known(held, taken)) for chain in chains]
            then = _said(
                [live_attendance(chain, codes.meanings, ordinal) for chain in known if chain], codes, ordinal
            )
        yield student, now, then


def _known(held: Stored, taken: Instant) -> bool:
    return instant_of(held.given["recorded_at"]) <= taken


def _said(live: list[Stored | None], codes: CodeReading, ordinal: int) -> Records:
    found = []
    for held in live:
        if held is not None:
            read = codes.record(held.given, ordinal)
            written = held.given.get("absent_fraction", "")
            found.append(Said(held.given["code"], read.class_, read.fraction, written))
    return tuple(sorted(found))
