"""The rows of `rollcall export documentation`: absences that nobody has explained, with their windows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.bits import days
from models.documentation import Spell, level_of, spells
from models.ledger.district import Ledger
from models.level import advancing
from models.policy import Policy, PolicyOf
from models.school_year import day_index, label, school_year_of, written_dates
from models.student_year import UNKNOWN, StudentYear, class_of, current_school, cut

COLUMNS = (
    "district_id",
    "current_school_id",
    "window_closes_on",
    "window_state",
    "student_id",
    "school_year",
    "absent_on",
    "class",
    "level",
    "returned_on",
    "school_id",
)
NUMBERS = frozenset({"level"})
SORTED_BY = ("district_id", "current_school_id", "window_closes_on", "student_id", "absent_on")


def rows(ledger: Ledger, as_of: date, policy_of: PolicyOf) -> Iterator[dict[str, str]]:
    """A row an absence of that school year that is unknown, or unexcused because it was; in no order."""
    year = school_year_of(as_of)
    policy = policy_of(ledger.district, year)
    for student, known in ledger.known.get(year, {}).items():
        now = cut(known.now, day_index(as_of))
        unexplained = now.classes[UNKNOWN] | sum(1 << day for day in now.lapsed)
        # The window's last day may lie after the date: it is asked of the whole calendar.
        windows = spells(
            unexplained, now.counted, now.absent, known.now.membership, policy.documentation_days
        )
        for spell in windows:
            for day in days(spell.absences):
                yield _row(ledger.district, student, now, policy, spell, day)


def _row(
    district: str, student: str, now: StudentYear, policy: Policy, spell: Spell, day: int
) -> dict[str, str]:
    written = written_dates(now.year)
    absences = advancing(now.absent & now.k12_counted, now.classes, policy)
    values = (
        district,
        current_school(now),
        written[spell.closes] if spell.closes >= 0 else "",
        spell.state.value,
        student,
        label(now.year),
        written[day],
        class_of(now, day),
        str(level_of(day, absences, policy.level_2)) if now.k12_membership >> day & 1 else "",
        written[spell.returned] if spell.returned >= 0 else "",
        now.owner(day).school,
    )
    return dict(zip(COLUMNS, values, strict=True))
