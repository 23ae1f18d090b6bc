"""What facts of an older form did not say, told with the next message: once a district (docs/adr/0030)."""

from __future__ import annotations

from collections.abc import Mapping

from models.ledger.known import Known, Moved, Moves
from models.student_year import StudentYear


def with_retold(moves: Moves, known: Mapping[int, Mapping[str, Known]]) -> Moves:
    """The moves, as if no code had been known of any day before them; `known` are all students' years."""
    students = [
        held if held.refold else held._replace(before=_uncoded(held.before)) for held in moves.students
    ]
    told = {(held.student, held.after.year) for held in students if not held.refold}
    others = [
        Moved(student, held, _uncoded(held.now), held.now, False)
        for year, years in sorted(known.items())
        for student, held in sorted(years.items())
        if held.reasons and (student, year) not in told
    ]
    return Moves(students, moves.present, others)


def _uncoded(year: StudentYear) -> StudentYear:
    return StudentYear(year.year, year.frame, year.classes, year.documented, year.mhw, year.lapsed)
