"""Which dates are school days of a school, by track (contract 2, Membership day)."""

from __future__ import annotations

from models.columns import SCHOOL_DAY_KINDS

_SCHOOL_DAYS = frozenset(SCHOOL_DAY_KINDS)


class SchoolCalendar:
    """One school year of one school: the days that each track knows, and those that are school days."""

    __slots__ = ("_known", "_school")

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._school: dict[str, int] = {}

    def put(self, track: str, day: int, kind: str | None) -> None:
        """Say what a day (0 to 365) of a track is; None: the calendar says nothing of it any more."""
        bit = 1 << day
        known, school = self._known.get(track, 0), self._school.get(track, 0)
        self._known[track] = known & ~bit if kind is None else known | bit
        self._school[track] = school | bit if kind in _SCHOOL_DAYS else school & ~bit

    def school_days(self, track: str) -> int:
        """The school days of a track: its own, and the blank track's where it says nothing."""
        own = self._school.get(track, 0)
        return own | (self._school.get("", 0) & ~self._known.get(track, 0)) if track else own

    def any_track(self) -> int:
        """The school days of any track."""
        every = 0
        for held in self._school.values():
            every |= held
        return every
