"""The students of a school year who are enrolled alike: the same schools, tracks and grades on the same days.

A school's morning moves the counted days of some hundred students; with cohorts it moves those of a few dozen
frames, which the students share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from models.ledger.known import Known
from models.student_year import Frame, Marks, MarksOf, Part

if TYPE_CHECKING:
    from models.ledger.school import SchoolYear

# Frames of students with positive days are kept as long as they are few; they only save memory.
_KEPT_FRAMES = 64

_NOBODY: Mapping[str, Marks] = {}


class StayDays(NamedTuple):
    """The days of one school year that one stay owns."""

    school: str
    track: str
    grade: str
    owned: int


Signature = tuple[StayDays, ...]


class _Slot(NamedTuple):
    """A stay's membership days, those that a negative day's report counts, and the positive ones."""

    school: str
    grade: str
    k12: bool
    membership: int
    negative: int
    positive: int


class Cohort:
    """The frame of all with one signature; `positive`: it hangs on the student's records too.

    `watched` are the members who are to be looked at even on a day in attendance, from so many counted days
    on; whoever folds says who.
    """

    __slots__ = ("_frames", "_slots", "frame", "members", "positive", "signature", "watched")

    def __init__(self, signature: Signature, year_of: Callable[[str], SchoolYear]) -> None:
        self.signature = signature
        self.members: dict[str, Known] = {}
        self.watched: dict[str, int] = {}
        for school in dict.fromkeys(stay.school for stay in signature):
            year_of(school).cohorts.append(self)
        self.work_out(year_of)

    def work_out(self, year_of: Callable[[str], SchoolYear]) -> None:
        """Work the frame out again from the schools."""
        slots = []
        for school, track, grade, owned in self.signature:
            year = year_of(school)
            membership = owned & year.calendar.school_days(track)
            if membership:
                negative = membership & year.reported & ~year.positive
                slots.append(
                    _Slot(school, grade, grade != "PK", membership, negative, membership & year.positive)
                )
        self._slots = tuple(slots)
        self._frames: dict[tuple[int, ...], Frame] = {}
        self.positive = any(slot.positive for slot in slots)
        self.frame = self._made(tuple(slot.negative for slot in slots))

    def frame_of(self, marks: MarksOf, student: str) -> Frame:
        """The frame of a student with these records."""
        if not self.positive:
            return self.frame
        counted = []
        for slot in self._slots:
            held = marks.get(slot.school, _NOBODY).get(student)
            counted.append(slot.negative | (held.seen & slot.positive if held is not None else 0))
        return self._made(tuple(counted))

    def _made(self, counted: tuple[int, ...]) -> Frame:
        held = self._frames.get(counted)
        if held is None:
            parts = tuple(
                Part(slot.school, slot.grade, slot.k12, slot.membership, days)
                for slot, days in zip(self._slots, counted, strict=True)
            )
            if len(self._frames) >= _KEPT_FRAMES:
                self._frames.clear()
            held = self._frames[counted] = Frame(parts)
        return held
