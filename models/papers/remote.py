"""Which days students learned remotely: the days on which all of their live records have a remote code.

A code is remote as of a date where the code record in force on it says so (contract 1, In force).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from models.in_force import CodeMap, effective
from models.ledger.chain import live_attendance
from models.ledger.school_day import SchoolDay

RemoteDays = dict[tuple[str, str], int]
"""The remote days of a school year as a set, by school and student."""


class RemoteCodes:
    """Which of a district's codes mean remote learning, from its live code records."""

    __slots__ = ("_by_code",)

    def __init__(self, live: Iterable[Mapping[str, str]]) -> None:
        said: dict[str, list[tuple[int, bool]]] = {}
        for given in live:
            since = effective(given.get("effective_from", ""))
            said.setdefault(given["code"], []).append((since, given.get("remote") == "yes"))
        # A code that never was remote is the usual one, and need not be looked up.
        self._by_code = {code: sorted(held) for code, held in said.items() if any(yes for _, yes in held)}

    def __bool__(self) -> bool:
        return bool(self._by_code)

    def is_remote(self, code: str, day: int) -> bool:
        """Whether a code means remote learning on a day (an ordinal)."""
        held = self._by_code.get(code)
        if held is None:
            return False
        place = bisect_right([since for since, _ in held], day)
        return place > 0 and held[place - 1][1]


def remote_days(
    school_days: Iterable[tuple[str, SchoolDay]], remote: RemoteCodes, codes: CodeMap
) -> RemoteDays:
    """The remote days of some schools' days, all of one school year.

    A day with several records is remote where all of them are: who was at school for a part of it was not
    remote. So is an absence from remote learning, which some districts have a code for.
    """
    found: RemoteDays = {}
    for school, day in school_days:
        ordinal = day.day.toordinal()
        said: dict[str, bool] = {}
        for (student, _), chain in day.chains.items():
            held = live_attendance(chain, codes, ordinal)
            if held is not None:
                said[student] = remote.is_remote(held.given["code"], ordinal) and said.get(student, True)
        for student, away in said.items():
            if away:
                found[school, student] = found.get((school, student), 0) | 1 << day.index
    return found
