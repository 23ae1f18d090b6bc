"""Which enrollment owns a date (contract 2, Enrolled)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from models.bits import span
from models.school_year import first_day

NO_END = date.max.toordinal()
_GRADES = {"KG": "K", **{f"0{grade}": str(grade) for grade in range(1, 10)}}


class Stay(NamedTuple):
    """The dates that one live enrollment owns: first to last ordinal, inclusive."""

    first: int
    last: int
    school: str
    track: str
    grade: str

    @property
    def k12(self) -> bool:
        return self.grade != "PK"

    def bits(self, year: int) -> int:
        """The days of a school year that it owns."""
        start = first_day(year).toordinal()
        end = first_day(year + 1).toordinal() - 1
        return span(max(self.first, start) - start, min(self.last, end) - start)


def grade_of(text: str) -> str:
    """PK, K, 1 to 12, from the ways in which records may write them."""
    return _GRADES.get(text, text)


class Enrollment(NamedTuple):
    """A live enrollment as far as ownership needs it; `last` is NO_END while the student is enrolled."""

    entry: int
    last: int
    school: str
    track: str
    grade: str


def stays(enrollments: Sequence[Enrollment]) -> tuple[Stay, ...]:
    """What each enrollment owns, in date order.

    `enrollments` come in the order of their versions (oldest first): of two with one entry date the later
    version owns. A later entry ends an earlier stay; one that ended before it began is as if absent.
    """
    by_entry = {held.entry: held for held in enrollments if held.last >= held.entry}
    entries = sorted(by_entry)
    owned = []
    for place, entry in enumerate(entries):
        held = by_entry[entry]
        next_entry = entries[place + 1] if place + 1 < len(entries) else NO_END + 1
        owned.append(Stay(entry, min(held.last, next_entry - 1), held.school, held.track, held.grade))
    return tuple(owned)
