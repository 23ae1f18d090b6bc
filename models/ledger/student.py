"""What is known of one student besides the records of attendance: enrollments, birth date, prior years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cmp_to_key
from typing import Any, NamedTuple

from models.enrollment import NO_END, Enrollment, Stay, grade_of, stays
from models.instant import Instant, instant_of
from models.ledger.chain import Stored
from models.ledger.cohort import Signature, StayDays
from models.version import Version

Place = tuple[str, str]
"""The school and the entry date, as written, of an enrollment: with the student its identity."""

Share = Callable[[Any], Any]
"""Gives one object for all that are equal: most students are enrolled like others."""


class Enrolled(NamedTuple):
    """A live enrollment with the instant of its version."""

    place: Place
    instant: Instant
    held: Enrollment


class Student:
    """A student of a district. `name` is the student's id, one string for all that refer to it."""

    __slots__ = ("birthdate", "enrolled", "name", "prior", "stays")

    def __init__(self, name: str) -> None:
        self.name = name
        self.enrolled: tuple[Enrolled, ...] = ()
        self.stays: tuple[Stay, ...] = ()
        self.birthdate: date | None = None
        self.prior: dict[int, tuple[int, int]] | None = None

    def enroll(
        self, place: Place, live: Stored | None, record_of: Callable[[Place], Stored], share: Share
    ) -> None:
        """Put or remove a live enrollment, and work the stays out again.

        `record_of` gives the live record of an enrollment; it is asked where two versions tie.
        """
        kept = [other for other in self.enrolled if other.place != place]
        if live is not None:
            given = live.given
            ends = given.get("exit_date", "")
            known = Enrollment(
                date.fromisoformat(given["entry_date"]).toordinal(),
                date.fromisoformat(ends).toordinal() if ends else NO_END,
                given["school_id"],
                given.get("track", ""),
                grade_of(given["grade"]),
            )
            kept.append(Enrolled(place, instant_of(given["recorded_at"]), known))

        def order(one: Enrolled, other: Enrolled) -> int:
            if one.instant != other.instant:
                return -1 if one.instant < other.instant else 1
            first, second = Version(record_of(one.place).given), Version(record_of(other.place).given)
            return -1 if first < second else 1

        if len(kept) > 1:
            kept.sort(key=cmp_to_key(order))
        self.enrolled = share(tuple(kept))
        self.stays = share(stays([other.held for other in kept]))

    def signature(self, year: int) -> Signature:
        """The days of a school year that each stay owns."""
        owned = ((stay, stay.bits(year)) for stay in self.stays)
        return tuple(StayDays(stay.school, stay.track, stay.grade, days) for stay, days in owned if days)
