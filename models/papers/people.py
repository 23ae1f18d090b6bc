"""Who is in the tables of a paper: students of a district with a counted day, each once (contract 2).

Each student stands at the school and in the grade of the last counted day, with the rate of the whole
district, leavers too, as in the published rates. That is where releases count a student
(infra/clickhouse/standings.py): were a student who has moved to where no day is reported yet counted at the
new school by one of them alone, both together would tell of that student.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from models.bits import last_day
from models.in_force import effective
from models.ledger.district import Ledger
from models.policy import Policy
from models.school_year import day_index, school_year_of
from models.standing import Standing, standings
from models.student_groups import groups_of, student_record
from models.student_year import Frame, StudentYear, cut


class Person(NamedTuple):
    """A student of a paper, with the days in the district at the school and in the grade of the last counted.

    `groups` gives the value of each kind of group, blank where not given.
    """

    student: str
    standing: Standing
    groups: Mapping[str, str]

    @property
    def is_k12(self) -> bool:
        """Whether the days are those of kindergarten to grade 12; PK students are in no total."""
        return self.standing.level is not None

    @property
    def band(self) -> str:
        """One of models.trends.answers.BANDS."""
        return band_of(self.standing.absent, self.standing.enrolled)


def band_of(absent: int, enrolled: int) -> str:
    """The band of a student with a counted day; exactly 5, 10 and 20 % lie in the worse one."""
    if 5 * absent >= enrolled:
        return "over_20"
    if 10 * absent >= enrolled:
        return "under_20"
    return "under_10" if 20 * absent >= enrolled else "under_5"


def people(ledger: Ledger, as_of: date, policy: Policy) -> Iterator[Person]:
    """The students of the date's school year, as of the date, in the order of their ids; PK students too."""
    for student, known in sorted(ledger.known.get(school_year_of(as_of), {}).items()):
        standing = standing_of(cut(known.now, day_index(as_of)), policy)
        if standing is not None:
            yield Person(student, standing, groups_of(student_record(ledger, student)))


def standing_of(year: StudentYear, policy: Policy) -> Standing | None:
    """The district standing of K-12 days where one of these is counted, else of PK days; None without any."""
    if not year.k12_counted:
        year = _younger(year)
    if not year.counted:
        return None
    last = year.owner(last_day(year.k12_counted or year.counted))
    return next(standings(year, policy))._replace(school=last.school, grade=last.grade)


def _younger(year: StudentYear) -> StudentYear:
    """The year without its K-12 days, of which none is counted."""
    frame = Frame(tuple(part for part in year.parts if not part.k12))
    return StudentYear(year.year, frame, year.classes, year.documented, year.mhw, year.lapsed, year.reasons)


def school_names(live: Iterable[Mapping[str, str]], as_of: date) -> dict[str, str]:
    """The names of schools on a date, from live school records; a school without one is not in it."""
    held = sorted(
        (effective(given.get("effective_from", "")), given["school_id"], given["name"])
        for given in live
        if given.get("name") and effective(given.get("effective_from", "")) <= as_of.toordinal()
    )
    return {school: name for _, school, name in held}
