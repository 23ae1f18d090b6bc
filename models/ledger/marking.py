"""What the records of each student's days say, by school year and school, as sets of days."""

from __future__ import annotations

from collections.abc import Collection

from models.code_reading import CodeReading
from models.day_reasons import noted
from models.day_records import NOT_EXEMPT
from models.ledger.school_day import Mark, SchoolDay
from models.student_year import NO_CLASSES, Marks, MarksOf

_NONE = Marks()


class Days:
    """The marks of a district's students."""

    def __init__(self) -> None:
        self._marks: dict[int, dict[str, dict[str, Marks]]] = {}

    def mark(
        self, school: str, day: SchoolDay, students: Collection[str], codes: CodeReading, positive: bool
    ) -> list[str]:
        """Work some students' marks of a school's day out again; those whose marks differ.

        Who was seen is noted on `positive` days only, where it matters.
        """
        held = self._marks.setdefault(day.year, {}).setdefault(school, {})
        bit = 1 << day.index
        differ = []
        for student, mark in day.marks(students, codes, positive):
            before = held.get(student)
            if before is None:
                if not mark[4] and not positive:
                    continue
                before = _NONE
            after = _marked(before, bit, mark, positive)
            if after != before:
                held[student] = after
                differ.append(student)
        return differ

    def of(self, year: int) -> MarksOf:
        """The marks of a school year, by school and student."""
        return self._marks.get(year, {})


def _marked(held: Marks, bit: int, mark: Mark, positive: bool) -> Marks:
    """The marks with one day said anew."""
    live, class_index, documented, reason, code, remote = mark
    seen, absent, papers, exempt, reasons = held
    if positive:
        seen = seen | bit if live else seen & ~bit
    if class_index >= 0 or absent is not NO_CLASSES:
        excused, unexcused, disciplinary, wellness, unknown = absent
        if class_index >= 0 or (excused | unexcused | disciplinary | wellness | unknown) & bit:
            changed = [
                days | bit if index == class_index else days & ~bit if days else 0
                for index, days in enumerate(absent)
            ]
            absent = (changed[0], changed[1], changed[2], changed[3], changed[4])
    if documented or papers:
        papers = papers | bit if documented else papers & ~bit
    if exempt or reason != NOT_EXEMPT:
        exempt = _exempted(exempt, bit, reason)
    if code or reasons:
        reasons = noted(reasons, bit, code, remote, absent[class_index] if class_index >= 0 else 0)
    return Marks(seen, absent, papers, exempt, reasons)


def _exempted(held: tuple[int, ...], bit: int, reason: int) -> tuple[int, ...]:
    padded = (*held, *([0] * (reason + 1 - len(held))))
    marked = tuple([days | bit if place == reason else days & ~bit for place, days in enumerate(padded)])
    return marked if any(marked) else ()
