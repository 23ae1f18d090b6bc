"""The simulated district: what it knows before the school year, and what arrives on each school day.

All of it follows from the seed. What arrives on a day does not depend on which days were asked for before.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from random import Random

from infra.simulator import absence, bad_rows, cast, codes, files, people, records, slips
from infra.simulator import schools as schools_of
from infra.simulator.arrivals import Arrivals, Batch
from infra.simulator.bad_rows import BadRow
from infra.simulator.people import AT_SETUP, Student
from infra.simulator.school_days import SCHOOL_DAYS
from models.columns import Kind

HISTORY_DAYS = 100
FEWEST_STUDENTS = 30


class District:
    """A district of at least 30 students, the cast among them, in at least 3 schools; else ValueError.

    School days are numbered from 0: `day(0)` is the first, 30 August 2021. HISTORY_DAYS of them are meant as
    history, the others to stream in one by one.
    """

    def __init__(
        self, seed: int = 1, students: int = 6000, schools: int = 12, district_id: str = "nutmeg"
    ) -> None:
        if students < FEWEST_STUDENTS:
            raise ValueError(f"a district needs at least {FEWEST_STUDENTS} students")
        self.seed = seed
        self.district_id = district_id
        self.schools = plan = schools_of.plan(schools)
        self.school_days = list(SCHOOL_DAYS)
        self.students: list[Student] = [cast.student(role, plan) for role in cast.ROLES]
        places = [sum(s.stays[0].school == place for s in self.students) for place in range(len(plan))]
        for number in range(1, students - len(cast.ROLES) + 1):
            self.students.append(people.draw(seed, number, plan, places))

    def setup(self) -> list[Batch]:
        """What is known before the first day: codes, schools, calendar, enrollments, students, prior years.

        Records are dicts of the columns that are given, as strings; a batch may be of any size.
        """
        district, time = self.district_id, records.recorded_on(AT_SETUP)
        known = [s for s in self.students if s.stays[0].recorded == AT_SETUP]
        enrollments = [
            records.enrollment_record(district, s, s.stays[0], self.schools[s.stays[0].school]) for s in known
        ]
        return [
            (Kind.CODE, codes.at_first(district)),
            (Kind.SCHOOL, schools_of.school_records(district, self.schools)),
            (Kind.CALENDAR, schools_of.calendar_records(district, self.schools)),
            (Kind.ENROLLMENT, enrollments),
            (Kind.STUDENT, [records.student_record(district, s, time) for s in known]),
            (Kind.PRIOR_YEAR, [records.prior_year_record(district, s) for s in self.students if s.prior]),
        ]

    def day(self, index: int) -> list[Batch]:
        """The valid records that arrive on a school day, in their order.

        Some of them are set aside when they are judged, since nobody has mapped their code (yet). Raises
        IndexError where there is no such school day.
        """
        if not 0 <= index < len(self.school_days):
            raise IndexError(f"the school year has the days 0 to {len(self.school_days) - 1}")
        return [(kind, found) for kind, found in self._arrivals.on(index) if found]

    def bad_rows(self, index: int) -> list[BadRow]:
        """The rows of a school day that are refused, with the reason; they are not among those of `day`."""
        return bad_rows.arriving(self.district_id, self.schools[-1].school_id, index)

    def write_files(self, folder: Path, days: int = HISTORY_DAYS) -> list[Path]:
        """Write setup and the first so many days as canonical CSV files, bad rows in their places.

        Existing files of these names are replaced. Returns the files in the order of their first records.
        """
        return files.write(folder, self._history(days))

    def _history(self, days: int) -> Iterator[tuple[str, Batch]]:
        """Batches, each with the month in which it arrives."""
        for batch in self.setup():
            yield "", batch
        for index in range(days):
            month = self.school_days[index].isoformat()[:7]
            for batch in self.day(index):
                yield month, batch
            for row in self.bad_rows(index):
                yield month, (row.kind, [row.given])

    @cached_property
    def _arrivals(self) -> Arrivals:
        parts = len(cast.ROLES)
        others = self.students[parts:]
        drawn = [absence.draw(self.seed, student) for student in others]
        slips.mistype(Random(f"{self.seed}/slips"), others, drawn)
        years = [*(cast.year(role) for role in cast.ROLES), *drawn]
        return Arrivals(self.seed, self.district_id, self.schools, self.students, years)
