"""A student's year counted by any reading, from the live records of its days."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from models.bits import last_day
from models.reconcile.reading import Reading
from models.student_year import StudentYear

_ZERO, _HALF, _ONE = Fraction(0), Fraction(1, 2), Fraction(1)


class Said(NamedTuple):
    """A live record: its code, its class and fraction as the policy reads them, the fraction as written.

    `class_` is blank where the student is in attendance; a blank fraction is a whole day, or not given.
    """

    code: str
    class_: str
    fraction: str
    written: str = ""


Records = tuple[Said, ...]


class Evidence(NamedTuple):
    """A student's year, cut at the as-of date, with what the records of its membership days say.

    `records` gives for each set of records that a day has the days that have it, as a set of days: most days
    of a year read alike. `taken` is the same as of when the other's numbers were taken. `left` says that the
    school of the last membership day had school days after it.
    """

    year: StudentYear
    records: Mapping[Records, int]
    taken: Mapping[Records, int]
    left: bool


class Count(NamedTuple):
    """Days enrolled, and absent; these are whole but where parts of days are added up."""

    enrolled: int
    absent: Fraction

    @property
    def chronic(self) -> bool:
        """Whether 10 % or more are missed (CGS 10-198c)."""
        return self.enrolled > 0 and 10 * self.absent >= self.enrolled


def recount(held: Evidence, reading: Reading, school: str = "") -> Count | None:
    """The student's count under a reading; None where it leaves the student out, or nothing is counted.

    `school` is the one of school scope, by default that of the last membership day. Under the reading of the
    contract this is the student's standing (`models.standing`).
    """
    year = held.year
    if not year.membership or (held.left and not reading.leavers):
        return None
    days = year.membership
    if reading.school_scope:
        at = school or year.owner(last_day(days)).school
        days = sum(part.membership for part in year.parts if part.school == at)
    if reading.pk == "out" or (reading.pk == "apart" and days & year.k12_membership):
        days &= year.k12_membership
    if not reading.unreported:
        days &= year.counted
    enrolled = days.bit_count()
    if not enrolled or enrolled < reading.minimum_days:
        return None
    return Count(enrolled, _absent(held, reading, days))


def _absent(held: Evidence, reading: Reading, days: int) -> Fraction:
    absent = _ZERO
    for records, on in (held.taken if reading.as_taken else held.records).items():
        number = (on & days).bit_count()
        if number and (share := _share(records, reading)):
            absent += share * number
    return absent


@lru_cache(maxsize=65536)
def _share(records: Records, reading: Reading) -> Fraction:
    """How much of a day is an absence."""
    missed = min(sum((_of_record(each, reading) for each in records), _ZERO), _ONE)
    match reading.part:
        case "sum":
            return missed
        case "any":
            return _ONE if missed else _ZERO
        case "half":
            return _ONE if missed >= _HALF else _ZERO
        case _:
            return _ONE if missed > _HALF else _ZERO


def _of_record(said: Said, reading: Reading) -> Fraction:
    if said.code in reading.present or (said.class_ and said.class_ in reading.without):
        return _ZERO
    if said.class_:
        return Fraction(said.fraction) if said.fraction else _ONE
    if said.code in reading.absent:
        # What a code in attendance carries is mostly a zero that nobody has written by hand.
        return (Fraction(said.written) if said.written else _ZERO) or _ONE
    return _ZERO
