"""Which counts are hidden for what they say themselves (docs/suppression.md, The limits)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Why(StrEnum):
    """Why a count is hidden. The reason is itself information: it is for those who may see the count."""

    SMALL_GROUP = "small_group"
    SMALL_COUNT = "small_count"
    EXTREME = "extreme"
    COMPLEMENTARY = "complementary"


class Limits(NamedTuple):
    """From which numbers on a count is shown.

    The defaults of the first two are Connecticut's as CTData documents them: hidden is what has a numerator
    below 6 or a denominator below 20. `values_open` is how many values of a count that is hidden for itself
    the shown ones must leave possible, where its group is large enough to have as many. Six are as many as
    "fewer than 6" leaves open by itself.
    """

    least_count: int = 6
    least_size: int = 20
    values_open: int = 6

    def fault(self) -> str | None:
        """What is wrong with the limits, and the remedy; None where nothing is."""
        if self.least_count < 1 or self.least_size < 1:
            return "least_count and least_size are 1 or more: with 0 nothing would ever be hidden"
        if self.values_open < 2:
            return "values_open is 2 or more: with fewer a hidden count could be worked out"
        return None


CONNECTICUT = Limits()


def why_hidden(count: int, size: int, limits: Limits = CONNECTICUT) -> Why | None:
    """Why the number of students of a group of `size` to whom something applies is hidden, if it is.

    Nobody and everybody tell about each single student of the group; that all but a few are meant, of nearly
    each. Therefore the limit of the count holds for those to whom it does not apply as well.
    """
    if size < limits.least_size:
        return Why.SMALL_GROUP
    if count in (0, size):
        return Why.EXTREME
    if count < limits.least_count:
        return Why.SMALL_COUNT
    return Why.EXTREME if size - count < limits.least_count else None


def why_size_hidden(size: int, limits: Limits = CONNECTICUT) -> Why | None:
    """Why the number of students in a group is hidden, if it is: it is a count of those who belong to it."""
    return Why.SMALL_COUNT if size < limits.least_count else None
