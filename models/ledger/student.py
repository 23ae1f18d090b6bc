"""What is known of one student besides the records of attendance: enrollments, birth date, prior years."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cmp_to_key
from typing import NamedTuple

from models.enrollment import NO_END, Enrollment, Stay, grade_of, stays
from models.instant import Instant, instant_of
from models.ledger.chain import Stored
from models.ledger.cohort import Signature, StayDays
from models.version import Version

Identity = tuple[str, ...]


class Enrolled(NamedTuple):
    """A live enrollment with its identity and the instant of its version."""

    identity: Identity
    instant: Instant
    held: Enrollment


class Student:
    """A student of a district."""

    __slots__ = ("birthdate", "enrolled", "prior", "stays")

    def __init__(self) -> None:
        self.enrolled: tuple[Enrolled, ...] = ()
        self.stays: tuple[Stay, ...] = ()
        self.birthdate: date | None = None
        self.prior: dict[int, tuple[int, int]] | None = None

    def enroll(
        self, identity: Identity, live: Stored | None, record_of: Callable[[Identity], Stored]
    ) -> None:
        """Put or remove a live enrollment, and work the stays out again.

        `record_of` gives the live record of an enrollment; it is asked where two versions tie.
        """
        kept = [other for other in self.enrolled if other.identity != identity]
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
            kept.append(Enrolled(identity, instant_of(given["recorded_at"]), known))

        def order(one: Enrolled, other: Enrolled) -> int:
            if one.instant != other.instant:
                return -1 if one.instant < other.instant else 1
            first, second = Version(record_of(one.identity).given), Version(record_of(other.identity).given)
            return -1 if first < second else 1

        if len(kept) > 1:
            kept.sort(key=cmp_to_key(order))
        self.enrolled = tuple(kept)
        self.stays = stays([other.held for other in kept])

    def signature(self, year: int) -> Signature:
        """The days of a school year that each stay owns."""
        owned = ((stay, stay.bits(year)) for stay in self.stays)
        return tuple(StayDays(stay.school, stay.track, stay.grade, days) for stay, days in owned if days)

    def schools(self) -> Iterator[str]:
        """The schools that the student is or was enrolled at."""
        return (stay.school for stay in self.stays)
