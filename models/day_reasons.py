"""The local code that decided each day of a student's year, as sets of days by code (docs/adr/0030).

Noted are absent days, and attended ones only where their code is remote: the usual attended day costs
nothing.
"""

from __future__ import annotations

Reason = tuple[str, bool, int]
"""A code, whether it was a remote one then, and the days that it decided. A plain tuple, because one is made
with each absence.
"""
Reasons = tuple[Reason, ...]
"""In the order of code and remote, none without a day, and each day in at most one."""
NO_REASONS: Reasons = ()


def noted(reasons: Reasons, bit: int, code: str, remote: bool) -> Reasons:
    """The reasons with one day said anew; a blank code: the day has none."""
    found: list[Reason] = []
    new = code != ""
    for reason in reasons:
        its, was_remote, held = reason
        if its == code and was_remote == remote:
            new = False
            found.append((code, remote, held | bit))
        elif not held & bit:
            found.append(reason)
        elif held != bit:
            found.append((its, was_remote, held ^ bit))
    if new:
        found.append((code, remote, bit))
        found.sort()
    return tuple(found)


def only(reasons: Reasons, days: int) -> Reasons:
    """The reasons of some days; the same object where they have no others."""
    for _, _, held in reasons:
        if held & ~days:
            return tuple([(code, remote, held & days) for code, remote, held in reasons if held & days])
    return reasons


def joined(reasons: Reasons, more: Reasons) -> Reasons:
    """The reasons of two schools, which have no day in common."""
    if not reasons or not more:
        return reasons or more
    days: dict[tuple[str, bool], int] = {}
    for code, remote, held in (*reasons, *more):
        days[code, remote] = days.get((code, remote), 0) | held
    return tuple(sorted([(code, remote, held) for (code, remote), held in days.items()]))


def differing(reasons: Reasons, others: Reasons) -> int:
    """The days of which the two say different things."""
    days = 0
    # Usually there is one day more of the same codes.
    if len(reasons) == len(others):
        for (code, remote, held), (other, was_remote, theirs) in zip(reasons, others, strict=True):
            if code != other or remote != was_remote:
                break
            days |= held ^ theirs
        else:
            return days
    before = {(code, remote): held for code, remote, held in reasons}
    for code, remote, held in others:
        days |= before.pop((code, remote), 0) ^ held
    for held in before.values():
        days |= held
    return days


def reason_of(reasons: Reasons, day: int) -> tuple[str, bool]:
    """The code of a day, and whether it is remote; blank where none is noted."""
    for code, remote, held in reasons:
        if held >> day & 1:
            return code, remote
    return "", False


def remote_days(reasons: Reasons) -> int:
    """The days under a remote code, attended and absent."""
    days = 0
    for _, remote, held in reasons:
        if remote:
            days |= held
    return days
