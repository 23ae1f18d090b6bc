"""What arrives at the district's office on each school day, in its order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from random import Random
from typing import NamedTuple

from infra.simulator import codes, delivery, records, schools
from infra.simulator.absence import NOTHING, Year
from infra.simulator.corrections import DELETED, PRESENT, Change
from infra.simulator.delivery import Delivery
from infra.simulator.people import AT_SETUP, Stay, Student
from infra.simulator.records import Record
from infra.simulator.school_days import SCHOOL_DAYS
from infra.simulator.schools import School
from models.columns import Kind

Batch = tuple[Kind, list[Record]]

_SENT_AGAIN = 0.004
# The explicit school takes one submission back, and submits again on the day after.
_REOPENED, _REOPENED_ON, _SUBMITTED_AGAIN_ON = 45, 46, 47


class _Row(NamedTuple):
    """A student on the register of a school."""

    student_id: str
    stay: Stay
    marks: str
    number: int


class Arrivals:
    """The records of each school day of `students` with their `years` (of equal length) at `schools`."""

    def __init__(
        self, seed: int, district: str, plan: Sequence[School], students: Sequence[Student], years: list[Year]
    ) -> None:
        self._seed = seed
        self._district = district
        self._schools = plan
        self._students = students
        self._years = years
        self._late = delivery.plan(Random(f"{seed}/delivery"), plan)

    def on(self, index: int) -> Iterator[Batch]:
        """Enrollments, attendance school by school, submissions, corrections, and what is sent twice."""
        yield from self._moves(index)
        taken: list[Record] = []
        submitted: list[Record] = []
        for place, school in enumerate(self._schools):
            for day, when in self._deliveries(place, index):
                found = list(self._attendance(place, day, when))
                yield Kind.ATTENDANCE, found
                taken += found
                if school.explicit:
                    submitted.append(self._submission(place, day, "submitted", when.written))
            if school.explicit:
                submitted += self._second_thoughts(place, index)
        yield Kind.SUBMISSION, submitted
        corrected = sorted(self._corrections(index), key=lambda record: record["recorded_at"])
        yield Kind.ATTENDANCE, corrected
        date = SCHOOL_DAYS[index]
        yield Kind.CALENDAR, schools.calendar_corrections(self._district, self._schools, date)
        yield Kind.CODE, codes.mapped_on(self._district, date)
        rng = Random(f"{self._seed}/again/{index}")
        yield Kind.ATTENDANCE, [dict(record) for record in taken if rng.random() < _SENT_AGAIN]

    @cached_property
    def _registers(self) -> list[list[_Row]]:
        found: list[list[_Row]] = [[] for _ in self._schools]
        for number, (student, year) in enumerate(zip(self._students, self._years, strict=True)):
            for stay in student.stays:
                found[stay.school].append(_Row(student.student_id, stay, year.marks, number))
        return found

    @cached_property
    def _changes(self) -> dict[int, list[tuple[int, Change]]]:
        """Corrections by the day they arrive, which is after the mark that they correct was written."""
        found: dict[int, list[tuple[int, Change]]] = defaultdict(list)
        for number, year in enumerate(self._years):
            for change in year.changes:
                stay = self._stay(number, change.day)
                if stay is not None:
                    written = self._when(stay.school, change.day).written
                    found[max(change.arrives, written + 1)].append((number, change))
        return found

    @cached_property
    def _moving(self) -> dict[int, list[tuple[Student, Stay, bool]]]:
        """Enrollments that begin or (True) end during the year, by the day they arrive."""
        found: dict[int, list[tuple[Student, Stay, bool]]] = defaultdict(list)
        for student in self._students:
            for stay in student.stays:
                if stay.ended is not None:
                    found[stay.ended].append((student, stay, True))
                if stay.recorded != AT_SETUP:
                    found[stay.recorded].append((student, stay, False))
        return found

    def _moves(self, index: int) -> Iterator[Batch]:
        moving = self._moving.get(index, [])
        enrollments = [
            records.enrollment_record(self._district, s, stay, self._schools[stay.school], ended=ended)
            for s, stay, ended in moving
        ]
        yield Kind.ENROLLMENT, enrollments
        new = [s for s, stay, ended in moving if not ended and stay is s.stays[0]]
        time = records.recorded_on(index)
        yield Kind.STUDENT, [records.student_record(self._district, s, time) for s in new]

    def _stay(self, number: int, day: int) -> Stay | None:
        return next((stay for stay in self._students[number].stays if stay.has(day)), None)

    def _when(self, place: int, day: int) -> Delivery:
        return self._late.get((place, day), Delivery(day, day))

    def _deliveries(self, place: int, index: int) -> Iterator[tuple[int, Delivery]]:
        """The days of a school whose attendance arrives on this one."""
        for day in range(max(0, index - delivery.LATEST), index + 1):
            when = self._when(place, day)
            if when.arrives == index:
                yield day, when

    def _attendance(self, place: int, day: int, when: Delivery) -> Iterator[Record]:
        school = self._schools[place]
        everybody = "P" if school.positive else NOTHING
        for student_id, stay, marks, number in self._registers[place]:
            letter = marks[day] if marks[day] != NOTHING else everybody
            if letter != NOTHING and stay.has(day):
                time = records.attendance_time(when.written, number)
                yield from records.attendance_records(self._district, school, student_id, day, letter, time)

    def _corrections(self, index: int) -> Iterator[Record]:
        for number, change in self._changes.get(index, []):
            stay = self._stay(number, change.day)
            assert stay is not None, "a change of a day without a stay is never planned"
            school, student_id = self._schools[stay.school], self._students[number].student_id
            time = records.correction_time(index, number)
            if change.to == DELETED and not school.positive:
                yield records.deletion(self._district, school, student_id, change.day, time)
                continue
            # Where everybody has a record, a deleted one would leave the day unreported.
            to = PRESENT if change.to == DELETED else change.to
            yield from records.attendance_records(self._district, school, student_id, change.day, to, time)

    def _submission(self, place: int, day: int, state: str, written: int) -> Record:
        time = records.correction_time(written, 0)
        return records.submission(self._district, self._schools[place], day, state, time)

    def _second_thoughts(self, place: int, index: int) -> Iterator[Record]:
        if index == _REOPENED_ON:
            yield self._submission(place, _REOPENED, "reopened", index)
        if index == _SUBMITTED_AGAIN_ON:
            yield self._submission(place, _REOPENED, "submitted", index)
