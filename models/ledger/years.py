"""The students' years of a district: which of them a change concerns, and what they are after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from models.bits import days, first_of
from models.day_classes import build
from models.ledger.cohort import Cohort, Signature
from models.ledger.known import Known, Moved, Moves, Present
from models.ledger.school import SchoolYear
from models.policy import Policy
from models.student_year import Frame, MarksOf, StudentYear

SchoolYearOf = Callable[[int], Callable[[str], SchoolYear]]
Quiet = Callable[[int, Frame, Frame], bool]
"""Whether, in a year, no student of a frame is concerned by being in attendance on its new last days."""


def never_quiet(year: int, before: Frame, after: Frame) -> bool:
    """Every student is looked at."""
    return False


class Years:
    """Collects what is stale, and works it out in one go."""

    def __init__(
        self,
        school_years: SchoolYearOf,
        signature_of: Callable[[str, int], Signature],
        marks_of: Callable[[int], MarksOf],
        noted_of: Callable[[str, int, int], Iterable[str]],
        policy_of: Callable[[int], Policy],
        quiet: Quiet,
    ) -> None:
        self.known: dict[int, dict[str, Known]] = {}
        self._school_years = school_years
        self._signature_of = signature_of
        self._marks_of = marks_of
        self._noted_of = noted_of
        self._policy_of = policy_of
        self._quiet = quiet
        self._cohorts: dict[int, dict[Signature, Cohort]] = {}
        self._stale: dict[int, set[str]] = {}
        self._before: dict[int, dict[Cohort, tuple[Frame, bool]]] = {}
        self._restayed: dict[int, set[str]] = {}
        self._refold: set[tuple[str, int]] = set()
        self._noted: dict[tuple[str, int, int], set[str]] = {}

    def stale(self, year: int, students: Iterable[str]) -> None:
        """The records of these students have changed."""
        self._stale.setdefault(year, set()).update(students)

    def restayed(self, year: int, students: Iterable[str]) -> None:
        """The enrollments of these students have changed, or the year is new."""
        self._restayed.setdefault(year, set()).update(students)

    def refold(self, student: str, year: int) -> None:
        """Something else that the rules ask has changed."""
        self._refold.add((student, year))

    def school_moved(self, year: SchoolYear) -> None:
        """The school days, the reported or the positive ones of a school have changed."""
        before = self._before.setdefault(year.year, {})
        for cohort in year.cohorts:
            before.setdefault(cohort, (cohort.frame, cohort.positive))
            cohort.work_out(self._school_years(year.year))

    def moves(self) -> Moves:
        """Work out again what is stale."""
        students: list[Moved] = []
        present: list[Present] = []
        for year in sorted({*self._stale, *self._before, *self._restayed}):
            self._year_moved(year, students, present)
        for student, year in sorted(self._refold):
            known = self.known.get(year, {}).get(student)
            if known is not None:
                now = known.now
                students.append(Moved(student, known, now, now, True))
        self._stale, self._before, self._restayed, self._refold, self._noted = {}, {}, {}, set(), {}
        return Moves(students, present)

    def _year_moved(self, year: int, moved: list[Moved], present: list[Present]) -> None:
        known_year = self.known.setdefault(year, {})
        next_year = self.known.get(year + 1, {})
        before_of = self._before.get(year, {})
        restayed = self._restayed.get(year, set())
        todo = self._stale.get(year, set()) | restayed
        watched: set[str] = set()
        for cohort, (before_frame, was_positive) in before_of.items():
            self._cohort_moved(year, cohort, before_frame, was_positive, todo, watched, present)
        marks, policy = self._marks_of(year), self._policy_of(year)
        for student in sorted(watched - todo):
            seen = known_year[student]
            before = seen.within(before_of[seen.cohort][0])
            moved.append(Moved(student, seen, before, seen.now, False))
            if student in next_year:
                self._refold.add((student, year + 1))
        for student in sorted(todo):
            known = known_year.get(student)
            if known is None:
                if student not in restayed:
                    continue  # somebody whom no enrollment names
                signature = self._signature_of(student, year)
                if not signature:
                    continue
                known = known_year[student] = Known(year, self._cohort(signature, year))
                known.cohort.members[student] = known
                before = known.within(Frame(()))
            else:
                frame = known.frame or before_of.get(known.cohort, (known.cohort.frame,))[0]
                before = known.within(frame)
                if student in restayed:
                    self._move(student, known, year)
            after = _worked_out(student, known, marks, policy)
            known.take(after)
            if after == before:
                continue
            moved.append(Moved(student, known, before, after, False))
            if student in next_year:
                self._refold.add((student, year + 1))
        if next_year:
            for each in present:
                if each.year == year:
                    self._refold |= {(student, year + 1) for student in each.students if student in next_year}

    def _cohort_moved(
        self,
        year: int,
        cohort: Cohort,
        before: Frame,
        was_positive: bool,
        todo: set[str],
        watched: set[str],
        present: list[Present],
    ) -> None:
        """Of a cohort whose frame moved: who is to be worked out, who is watched, who was just present."""
        after = cohort.frame
        members = cohort.members
        if cohort.positive or was_positive:
            todo.update(members)
            return
        if after.parts == before.parts:
            return
        new = after.counted ^ before.counted
        appended = (
            len(after.parts) == len(before.parts) == 1
            and after.parts[0][:4] == before.parts[0][:4]
            and new & before.counted == 0
            and first_of(new) >= before.counted.bit_length()
        )
        if not appended or not self._quiet(year, before, after):
            todo.update(members)
            return
        school = after.parts[0].school
        for day in days(new):
            todo.update(members.keys() & self._noted_at(school, year, day))
        count = after.counted.bit_count()
        watched.update([student for student, due in cohort.watched.items() if due <= count])
        rest = [student for student in members if student not in todo and student not in watched]
        if rest:
            present.append(Present(year, before, after, rest))

    def _noted_at(self, school: str, year: int, day: int) -> set[str]:
        """Asked once for all cohorts of a school."""
        place = (school, year, day)
        if place not in self._noted:
            self._noted[place] = set(self._noted_of(school, year, day))
        return self._noted[place]

    def _move(self, student: str, known: Known, year: int) -> None:
        """Put a student into the cohort of the stays as they are now."""
        cohort = self._cohort(self._signature_of(student, year), year)
        if cohort is known.cohort:
            return
        known.cohort.members.pop(student, None)
        due = known.cohort.watched.pop(student, None)
        known.cohort = cohort
        known.frame = None
        cohort.members[student] = known
        if due is not None:
            cohort.watched[student] = due

    def _cohort(self, signature: Signature, year: int) -> Cohort:
        cohorts = self._cohorts.setdefault(year, {})
        held = cohorts.get(signature)
        if held is None:
            held = cohorts[signature] = Cohort(signature, self._school_years(year))
        return held


def _worked_out(student: str, known: Known, marks: MarksOf, policy: Policy) -> StudentYear:
    cohort = known.cohort
    frame = cohort.frame_of(marks, student) if cohort.positive else cohort.frame
    return build(known.year, frame, marks, student, policy)
