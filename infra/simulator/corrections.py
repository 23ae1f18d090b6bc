"""What the office corrects after a spell: at most ten school days after the student's return."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from infra.simulator.school_days import SCHOOL_DAYS

WITHIN = 10
PRESENT, DELETED = "P", "-"


class Change(NamedTuple):
    """On school day `arrives` the mark `of` of `day` becomes the letter `to`, or is deleted."""

    arrives: int
    day: int
    of: str
    to: str


def corrections(rng: Random, letters: list[str], first: int, last: int) -> list[Change]:
    """The corrections of one spell."""
    to = _outcome(rng, letters[0], len(letters))
    arrives = last + 1 + min(WITHIN, int(rng.expovariate(1 / 2.5)))
    if not to or arrives >= len(SCHOOL_DAYS):
        return []
    return [Change(arrives, day, letters[day - first], to) for day in range(first, last + 1)]


def _outcome(rng: Random, letter: str, length: int) -> str:
    """What becomes of a mark; blank where it stands."""
    place = rng.random()
    if letter == "K":
        return "E" if place < 0.5 else "U" if place < 0.75 else _present(rng) if place < 0.78 else ""
    if letter == "U":
        return "E" if place < 0.12 else ""
    if letter == "m":
        return "M" if place < 0.5 else ""
    if letter == "E" and length == 1:
        return _present(rng) if place < 0.015 else ""
    return ""


def _present(rng: Random) -> str:
    """It was a mistake: the student had been there. Some offices overwrite such a record, some delete it."""
    return PRESENT if rng.random() < 0.5 else DELETED
