"""Which code decided a day, worked out from the live records one by one: docs/adr/0030 by the letter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from models.ledger.chain import Stored
from models.ledger.district import Ledger
from models.school_year import day_index, school_year_of

# Contract 2: of equal fractions the first of these.
ORDER = ["excused", "mhw", "disciplinary", "unknown", "unexcused"]

Place = tuple[int, str, str, int]
"""The school year, the school, the student and the day of the year."""


class Said(NamedTuple):
    """What one live record of a day says; `class_` is blank in attendance."""

    code: str
    class_: str
    fraction: str
    remote: bool


def decided(records: Iterable[Said]) -> tuple[str, bool]:
    """The code of a day and whether it is remote; blank of a day that is none or was attended at school."""
    said = list(records)
    missed = [(Fraction(each.fraction or 1), each) for each in said if each.class_]
    if sum((share for share, _ in missed), Fraction(0)) > Fraction(1, 2):
        largest = [each for share, each in missed if share == max(share for share, _ in missed)]
        for class_ in ORDER:
            codes = sorted((each.code.encode(), each) for each in largest if each.class_ == class_)
            if codes:
                return codes[0][1].code, codes[0][1].remote
    if not said or not all(each.remote for each in said):
        return "", False
    attended = [each.code for each in said if not each.class_]
    return min(attended or [each.code for each in said]), True


def reasons(ledger: Ledger) -> dict[Place, tuple[str, bool]]:
    """The days of a district that have a code, counted or not; the policy makes nothing of a code."""
    meanings = [dict(given) for given in ledger.live_codes()]
    found: dict[Place, tuple[str, bool]] = {}
    for school, day in ledger.school_days():
        by_student: dict[str, list[Said]] = {}
        for (student, _), chain in day.chains.items():
            said = _live(chain, meanings, day.day)
            if said is not None:
                by_student.setdefault(student, []).append(said)
        for student, records in by_student.items():
            reason = decided(records)
            if reason[0]:
                found[school_year_of(day.day), school, student, day_index(day.day)] = reason
    return found


def _live(chain: Iterable[Stored], meanings: list[dict[str, str]], day: date) -> Said | None:
    for held in chain:  # the newest first
        if held.deleted:
            return None
        due = [
            given
            for given in meanings
            if given["code"] == held.given["code"] and given.get("effective_from", "") <= day.isoformat()
        ]
        if due:
            meaning = max(due, key=lambda given: given.get("effective_from", ""))
            class_ = meaning["class"] if meaning["status"] == "absent" else ""
            fraction = held.given.get("absent_fraction", "")
            return Said(held.given["code"], class_, fraction, meaning.get("remote") == "yes")
    return None
