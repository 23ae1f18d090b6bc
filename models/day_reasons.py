"""The local code that decided each day of a student's year, as sets of days by code (docs/adr/0030).

Noted are absent days, and attended ones only where their code is remote: the usual attended day costs
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

Key = tuple[str, bool]
"""A code, and whether it was a remote one then."""
Reasons = tuple[Any, ...]
"""The keys in order, and then of each the days that it decided: `((key, ...), days, ...)`, or nothing.

No key is without a day, and each day is in at most one. So plain, because most students have some: the keys
are one object for all who have the same ones, and the days often one with those of a class of absences.
"""
NO_REASONS: Reasons = ()


def noted(reasons: Reasons, bit: int, code: str, remote: bool, same: int = 0) -> Reasons:
    """The reasons with one day said anew; a blank code: the day has none.

    `same` is a set that the days of the code may equal, and is kept instead of them then.
    """
    key = (code, remote)
    if reasons and key in reasons[0] and not any([days & bit for days in reasons[1:]]):
        # The usual absence: one day more of a code that is there.
        at = reasons[0].index(key) + 1
        days = reasons[at] | bit
        return (*reasons[:at], same if days == same else days, *reasons[at + 1 :])
    held = {its: days & ~bit for its, days in by_code(reasons)}
    if code:
        days = held.get(key, 0) | bit
        held[key] = same if days == same else days
    return _made(held)


def by_code(reasons: Reasons) -> Iterator[tuple[Key, int]]:
    """The keys with their days."""
    return zip(reasons[0], reasons[1:], strict=True) if reasons else iter(())


def _made(held: Mapping[Key, int]) -> Reasons:
    kept = sorted([item for item in held.items() if item[1]])
    return (_shared(tuple([key for key, _ in kept])), *[days for _, days in kept]) if kept else NO_REASONS


@lru_cache(maxsize=4096)
def _shared(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    return keys


def only(reasons: Reasons, days: int) -> Reasons:
    """The reasons of some days; the same object where they have no others."""
    if any([held & ~days for held in reasons[1:]]):
        return _made({key: held & days for key, held in by_code(reasons)})
    return reasons


def joined(reasons: Reasons, more: Reasons) -> Reasons:
    """The reasons of two schools, which have no day in common."""
    if not reasons or not more:
        return reasons or more
    days: dict[Key, int] = {}
    for key, held in (*by_code(reasons), *by_code(more)):
        days[key] = days.get(key, 0) | held
    return _made(days)


def differing(reasons: Reasons, others: Reasons) -> int:
    """The days of which the two say different things."""
    days = 0
    # Usually there is one day more of the same codes.
    if reasons and others and reasons[0] == others[0]:
        for held, theirs in zip(reasons[1:], others[1:], strict=True):
            days |= held ^ theirs
        return days
    before = dict(by_code(reasons))
    for key, held in by_code(others):
        days |= before.pop(key, 0) ^ held
    for held in before.values():
        days |= held
    return days


def reason_of(reasons: Reasons, day: int) -> Key:
    """The code of a day, and whether it is remote; blank where none is noted."""
    for key, held in by_code(reasons):
        if held >> day & 1:
            return key
    return "", False


def remote_days(reasons: Reasons) -> int:
    """The days under a remote code, attended and absent."""
    days = 0
    for (_, remote), held in by_code(reasons):
        if remote:
            days |= held
    return days
