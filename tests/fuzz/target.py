"""What is fuzzed: how an input of it is made from a number, and what must hold of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

Input = Mapping[str, bytes]
"""Named pieces of bytes: files by their names, or a message's value and headers."""

# Stands in the names and ids of every student of the seeds, and nowhere else.
CANARY = "Qz"
# The product takes numbers up to 4,000 digits and fractions up to 1,000, which the reference does not know.
VERY_LONG = re.compile(r"[0-9]{1000}")
_CANARIES = re.compile(r"QzAnn|QzLee|QzS[0-9]")


class Broken(AssertionError):
    """Something that must hold of every input does not."""


@dataclass(frozen=True, slots=True)
class Target:
    """One reader. `check` raises where something does not hold; it knows nothing but the input.

    `share` says how many of 100 inputs of a run are its own.
    """

    name: str
    share: int
    make: Callable[[Random], Input]
    check: Callable[[Input], None]

    def input(self, seed: int) -> Input:
        """The input of a number: the same in each run and on each machine."""
        return self.make(Random(f"{self.name} {seed}"))


def need(holds: object, told: str) -> None:
    """Raise Broken, with what is told, where something does not hold."""
    if not holds:
        raise Broken(told)


def need_no_canary(text: str, where: str) -> None:
    """Names and ids of students stand in no text that is shown or logged."""
    found = _CANARIES.search(text)
    need(found is None, f"{where} has a student's name or id in it: {text[:200]!r}")
