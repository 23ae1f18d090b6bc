"""What each absent day of a student's year is: the one place that decides it from records and policy.

What the records of one day say together is in `models.day_records`. Here it meets the rest of the year.
"""

from __future__ import annotations

from itertools import zip_longest

from models.bits import first_days
from models.day_reasons import NO_REASONS, joined, only
from models.documentation import lapsed
from models.mhw import VALID, judge
from models.policy import DEFAULT, Policy
from models.student_year import (
    DISCIPLINARY,
    EXCUSED,
    MHW,
    NO_CLASSES,
    NO_MHW,
    NONE_LAPSED,
    UNEXCUSED,
    UNKNOWN,
    Classes,
    Frame,
    MarksOf,
    StudentYear,
    moved,
)


def build(year: int, frame: Frame, marks: MarksOf, student: str, policy: Policy = DEFAULT) -> StudentYear:
    """The student's year from its frame and the student's records, judged by the year's policy."""
    classes = NO_CLASSES
    documented = 0
    exempt: tuple[int, ...] = ()
    reasons = NO_REASONS
    for part in frame.parts:
        by_student = marks.get(part.school)
        held = by_student.get(student) if by_student is not None else None
        if held is None:
            continue
        counted = part.counted
        if held.reasons:
            reasons = joined(reasons, only(held.reasons, counted))
        if held.absent is NO_CLASSES:
            continue
        excused, unexcused, disciplinary, wellness, unknown = absent = held.absent
        if (excused | unexcused | disciplinary | wellness | unknown) & ~counted:
            absent = (
                excused & counted, unexcused & counted, disciplinary & counted,
                wellness & counted, unknown & counted,
            )  # fmt: skip
        documented |= held.documented & counted
        if held.exempt:
            exempt = tuple([a | b & counted for a, b in zip_longest(exempt, held.exempt, fillvalue=0)])
        if classes is NO_CLASSES:
            classes = absent
        else:
            classes = tuple([a | b for a, b in zip(classes, absent, strict=True)])  # type: ignore[assignment]
    mhw = NO_MHW
    wellness = classes[MHW]
    if wellness:
        mhw = judge(wellness, frame.k12_membership, frame.membership, policy.mhw_limit)
        invalid = sum(1 << day for day, what in mhw.items() if what != VALID)
        if invalid:
            classes = moved(classes, MHW, UNKNOWN, invalid)
    for reason, asked in zip(policy.exempt, exempt, strict=False):
        within = first_days(asked, reason.days)
        for source in (UNEXCUSED, DISCIPLINARY, UNKNOWN):
            classes = moved(classes, source, EXCUSED, classes[source] & within)
    late = NONE_LAPSED
    if policy.unknown_becomes_unexcused and classes[UNKNOWN]:
        # A paper for an MHW day that is none explains the absence all the same.
        late = _lapsed(classes, classes[UNKNOWN] & ~(wellness & documented), frame, policy) or NONE_LAPSED
        classes = moved(classes, UNKNOWN, UNEXCUSED, sum(1 << day for day in late))
    return StudentYear(year, frame, classes, documented, mhw, late, reasons)


def _lapsed(classes: Classes, unexplained: int, frame: Frame, policy: Policy) -> dict[int, int]:
    excused, unexcused, disciplinary, mhw, unknown = classes
    absent = excused | unexcused | disciplinary | mhw | unknown
    return lapsed(unexplained, frame.counted, absent, frame.membership, policy.documentation_days)
