"""The students of the district: names, groups, grade, and the schools that they attend from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from infra.simulator import groups
from infra.simulator.names import FIRST_NAMES, LANGUAGES, LAST_NAMES
from infra.simulator.school_days import SCHOOL_DAYS
from infra.simulator.schools import School

AT_SETUP = -1
NO_SHOW_KNOWN = 5  # the school day on which the office strikes out who never came
_GRADES = ("K", *(str(number) for number in range(1, 13)))
_STUDENTS_A_COUNSELOR = 250


class Stay(NamedTuple):
    """A time at one school, by school day numbers: first day, last day (None: open), and when it is recorded.

    A last day before the first is a no-show. `recorded` is the school day on which the enrollment arrives,
    AT_SETUP where it was known before the year; `ended` that on which its end arrives.
    """

    school: int
    first: int
    last: int | None = None
    recorded: int = AT_SETUP
    ended: int | None = None

    def has(self, day: int) -> bool:
        """Whether the student attends this school on a school day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(slots=True)
class Student:
    """One student; `usual` is the usual share of days absent, `prior` last year's (enrolled, absent)."""

    student_id: str
    first_name: str
    last_name: str
    birthdate: date
    language: str
    counselor: str
    grade: str
    groups: groups.Groups
    usual: float
    stays: list[Stay] = field(default_factory=list)
    prior: tuple[int, int] | None = None


def births(grade: str) -> date:
    """The first possible birthday in a grade: who is five by 1 January begins kindergarten (CGS 10-15c)."""
    years = -1 if grade == "PK" else 0 if grade == "K" else int(grade)
    return date(2016 - years, 1, 2)


def counselor(school: School, number: int) -> str:
    """The counselor of the school's n-th student."""
    return f"{school.school_id}-counselor-{number // _STUDENTS_A_COUNSELOR + 1}"


def draw(seed: int, number: int, schools: Sequence[School], places: list[int]) -> Student:
    """The n-th student; `places` counts the students of each school and is kept up to date."""
    rng = Random(f"{seed}/student/{number}")
    grade = "PK" if rng.random() < 0.03 else rng.choice(_GRADES)
    fitting = [place for place, school in enumerate(schools) if grade in school.grades]
    school = rng.choice(fitting)
    drawn = groups.draw(rng)
    learner = drawn.english_learner == "yes"
    student = Student(
        f"S{number:05d}",
        rng.choice(FIRST_NAMES),
        rng.choice(LAST_NAMES),
        births(grade) + timedelta(days=rng.randrange(364)),
        rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0] if learner else "English",
        counselor(schools[school], places[school]),
        grade,
        drawn,
        groups.usual_share(grade, drawn, rng),
        stays=_stays(rng, school, [place for place in fitting if place != school]),
    )
    places[school] += 1
    if grade not in ("PK", "K") and student.stays[0].recorded == AT_SETUP and rng.random() < 0.93:
        student.prior = _last_year(rng, student.usual)
    return student


def _stays(rng: Random, school: int, others: list[int]) -> list[Stay]:
    """Most stay all year; some come, some leave, some change schools, and a few never came."""
    place, last = rng.random(), len(SCHOOL_DAYS) - 1
    if place < 0.003:
        return [Stay(school, 0, -1, ended=NO_SHOW_KNOWN)]
    if place < 0.018:
        left = rng.randrange(8, last - 10)
        return [Stay(school, 0, left, ended=left + 1)]
    if place < 0.038:
        came = rng.randrange(2, last - 25)
        return [Stay(school, came, recorded=came + rng.choice((0, 0, 0, 0, 1, 2, 4, 8)))]
    if place < 0.050 and others:
        moved = rng.randrange(10, last - 10)
        return [
            Stay(school, 0, moved - 1, ended=moved),
            Stay(rng.choice(others), moved, recorded=moved),
        ]
    return [Stay(school, 0)]


def _last_year(rng: Random, usual: float) -> tuple[int, int]:
    """Days of 2020-21, a better year (19.0 %): near the student's own tendency, but not the same."""
    enrolled = 177 if rng.random() < 0.95 else rng.randrange(40, 177)
    share = min(0.8, 0.88 * usual * rng.lognormvariate(0, 0.35))
    return enrolled, min(enrolled, round(share * enrolled))
