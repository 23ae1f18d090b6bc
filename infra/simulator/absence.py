"""A student's school year: the mark of each school day, and what is corrected of it later.

Absences come in spells. The chance of an absence on a school day is the student's usual share times the
weights of the weekday and of the season. Who was absent the day before is likelier to be absent again, and
who was not is less likely, by so much that the chances of the single days stay as they are.
"""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import NamedTuple

from infra.simulator.corrections import Change, corrections
from infra.simulator.people import Student
from infra.simulator.school_days import SCHOOL_DAYS

DAYS = len(SCHOOL_DAYS)
NOTHING = "."

# Percent absent from Monday to Friday (New York City, 2018-19); here only their proportions count.
WEEKDAYS = (7.4, 7.0, 7.7, 6.8, 7.8)
_SEASONS = {8: 0.75, 9: 0.9, 10: 0.95, 11: 1.0, 12: 1.1, 1: 1.2, 2: 1.05, 3: 0.95, 4: 1.0, 5: 1.05, 6: 1.1}
_MEAN = sum(WEEKDAYS) / len(WEEKDAYS)
_WEIGHTS = [WEEKDAYS[day.weekday()] / _MEAN * _SEASONS[day.month] for day in SCHOOL_DAYS]
# How far an absence carries over to the next school day: less over a weekend, less over a recess.
_GAPS = [(after - before).days for before, after in pairwise(SCHOOL_DAYS)]
_CARRY = [0.0, *(0.4 if gap == 1 else 0.2 if gap <= 4 else 0.0 for gap in _GAPS)]


class Year(NamedTuple):
    """One letter of `codes.CELLS` a school day, or NOTHING; and the corrections in the order they arrive."""

    marks: str
    changes: tuple[Change, ...]


def draw(seed: int, student: Student) -> Year:
    """The year of a student, from the seed and the student alone."""
    rng = Random(f"{seed}/year/{student.student_id}")
    absent = _absent_days(rng, student.usual)
    if rng.random() < 0.004:
        _vanish(rng, absent)
    marks = [NOTHING] * DAYS
    changes: list[Change] = []
    for first, last in spells(absent):
        letters = _spell(rng, student, first, last)
        marks[first : last + 1] = letters
        changes += corrections(rng, letters, first, last)
    _limit_mhw(rng, marks)
    _journey(rng, student, marks)
    changes = [change for change in changes if marks[change.day] == change.of]
    _in_attendance(rng, student, marks)
    return Year("".join(marks), tuple(sorted(changes)))


def _absent_days(rng: Random, usual: float) -> list[bool]:
    absent = [False] * DAYS
    random = rng.random
    yesterday, before = False, 0.0
    for day, weight in enumerate(_WEIGHTS):
        chance = min(0.95, usual * weight)
        carry = _CARRY[day] * (1 - chance)
        given = chance + carry if yesterday else chance - carry * before / (1 - before)
        yesterday = absent[day] = random() < given
        before = chance
    return absent


def _vanish(rng: Random, absent: list[bool]) -> None:
    """From one day on the student is not seen any more, or not for a long time."""
    first = rng.randrange(25, 150)
    last = DAYS if rng.random() < 0.6 else min(DAYS, first + rng.randrange(20, 45))
    absent[first:last] = [True] * (last - first)


def spells(absent: list[bool]) -> list[tuple[int, int]]:
    """First and last school day of each run of absent ones."""
    found: list[tuple[int, int]] = []
    for day, missed in enumerate(absent):
        if missed:
            if found and found[-1][1] == day - 1:
                found[-1] = (found[-1][0], day)
            else:
                found.append((day, day))
    return found


def _spell(rng: Random, student: Student, first: int, last: int) -> list[str]:
    """The letters of a spell as the school first writes them."""
    length = last - first + 1
    older = student.grade in ("6", "7", "8", "9", "10", "11", "12")
    if length == 1 and student.grade not in ("PK", "K", "1") and rng.random() < 0.04:
        return ["M" if rng.random() < 0.9 else "m"]
    if older and length <= 5 and rng.random() < 0.02:
        return ["S"] * length
    if student.grade in ("K", "7", "10") and first < 25 and rng.random() < 0.15:
        return ["N"] * length
    unexcused = (0.28 if older else 0.12) * min(1.6, max(0.5, student.usual / 0.08))
    place = rng.random()
    if place < unexcused:
        return ["U"] * length
    if place < unexcused + 0.4 or length > 12:
        return ["K"] * length
    return ["E"] * length


def _limit_mhw(rng: Random, marks: list[str]) -> None:
    """Most know that there are two a year; now and then somebody takes a third."""
    taken = [day for day, letter in enumerate(marks) if letter in "Mm"]
    for day in taken[2:]:
        if rng.random() < 0.8:
            marks[day] = "E"


def _journey(rng: Random, student: Student, marks: list[str]) -> None:
    """A few families visit their home country for some weeks around the turn of the year."""
    if student.language != "English" and rng.random() < 0.03:
        first = rng.randrange(55, 85)
        length = rng.randrange(5, 16)
        marks[first : first + length] = ["V"] * length


def _in_attendance(rng: Random, student: Student, marks: list[str]) -> None:
    """Tardy days, remote days in quarantine, and days that were missed in part."""
    late_days = int(rng.expovariate(1 / (2 + 40 * min(0.2, student.usual))))
    for _ in range(late_days):
        _where_present(marks, rng.randrange(DAYS), "T")
    if rng.random() < 0.06:
        first = rng.randrange(50, 115)
        for day in range(first, first + 5):
            _where_present(marks, day, "R")
    for letter, chance in (("H", 0.35), ("B", 0.01)):
        if rng.random() < chance:
            _where_present(marks, rng.randrange(DAYS), letter)


def _where_present(marks: list[str], day: int, letter: str) -> None:
    if marks[day] == NOTHING:
        marks[day] = letter
