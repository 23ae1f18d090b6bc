"""A student's year as last worked out, and what a change of records moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from models.day_reasons import NO_REASONS, Reasons
from models.student_year import NO_CLASSES, NO_MHW, NONE_LAPSED, Classes, Frame, StudentYear

if TYPE_CHECKING:
    from models.ledger.cohort import Cohort


class Known:
    """A student's year: the cohort's frame, or one of its own, and what the student's records say.

    `flags` belongs to whoever folds; the ledger leaves it alone.
    """

    __slots__ = ("classes", "cohort", "documented", "flags", "frame", "lapsed", "mhw", "reasons", "year")

    def __init__(self, year: int, cohort: Cohort) -> None:
        self.year = year
        self.cohort = cohort
        self.frame: Frame | None = None
        self.classes: Classes = NO_CLASSES
        self.documented = 0
        self.mhw: dict[int, str] = NO_MHW
        self.lapsed: dict[int, int] = NONE_LAPSED
        self.reasons: Reasons = NO_REASONS
        self.flags = 0

    @property
    def now(self) -> StudentYear:
        """The year as it is."""
        return self.within(self.frame or self.cohort.frame)

    def within(self, frame: Frame) -> StudentYear:
        """The year in a frame."""
        return StudentYear(
            self.year, frame, self.classes, self.documented, self.mhw, self.lapsed, self.reasons
        )

    def take(self, after: StudentYear) -> None:
        """What it is from now on."""
        self.frame = None if after.frame is self.cohort.frame else after.frame
        self.classes, self.documented, self.mhw = after.classes, after.documented, after.mhw
        self.lapsed, self.reasons = after.lapsed, after.reasons


class Moved(NamedTuple):
    """A student's year before and after. `refold`: something else that rules ask has changed too."""

    student: str
    known: Known
    before: StudentYear
    after: StudentYear
    refold: bool


class Present(NamedTuple):
    """Students of one cohort for whom nothing has moved but that they were in attendance on new last days."""

    year: int
    before: Frame
    after: Frame
    students: list[str]


class Moves(NamedTuple):
    """What records moved: students one by one, and those who were just present.

    `retold` are others of whom nothing moved, but more is said than was published; `before` is without it.
    """

    students: list[Moved]
    present: list[Present]
    retold: Sequence[Moved] = ()

    def __bool__(self) -> bool:
        return bool(self.students or self.present)
