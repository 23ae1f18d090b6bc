"""The probable causes of differences, found by trying: under which other reading does a difference vanish?

Whoever made the other numbers counted all of them in one way. So a reading is a probable cause only where it
mends more than it breaks, and of several the one under which most of all numbers agree comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import combinations
from typing import Generic, NamedTuple, TypeVar

from models.reconcile.reading import Alternative, Reading

K = TypeVar("K", bound=Hashable)
Theirs = TypeVar("Theirs")
Ours = TypeVar("Ours")

_PAIRED = 10
"""Of how many of the best alternatives two at a time are tried."""


class Cause(NamedTuple):
    """One alternative, or two together. `agreeing` of all numbers agree under it."""

    alternatives: tuple[Alternative, ...]
    agreeing: int

    @property
    def label(self) -> str:
        """The names, joined by a plus."""
        return " + ".join(each.label for each in self.alternatives)


class Explained(NamedTuple, Generic[K]):
    """What came of it: of `of` numbers `agreeing` agree as they are; `causes` are those of the others.

    A number without a cause is unexplained: its list is empty. The first cause of a list is the most probable
    one; those as likely as it follow in the order of `models.reconcile.reading`.
    """

    of: int
    agreeing: int
    causes: Mapping[K, Sequence[Cause]]


def causes(
    theirs: Mapping[K, Theirs],
    ours: Callable[[Reading, Sequence[K]], Mapping[K, Ours]],
    keys: Sequence[K],
    base: Reading,
    tried: Sequence[Alternative],
    agrees: Callable[[Theirs | None, Ours | None], bool],
) -> Explained[K]:
    """Why numbers differ. `keys` are all that are compared; a side that has none of a key has None there.

    `ours` counts the named keys under a reading; `agrees` says whether two sides are the same.
    """

    def right(reading: Reading, of: Sequence[K]) -> list[K]:
        counted = ours(reading, of)
        return [key for key in of if agrees(theirs.get(key), counted.get(key))]

    same = set(right(base, keys))
    differing = [key for key in keys if key not in same]
    found: dict[K, list[Cause]] = {key: [] for key in differing}
    if not differing:
        return Explained(len(keys), len(same), found)
    singles: list[Cause] = []
    for each in tried:
        mended = right(each.change(base), keys)
        cause = Cause((each,), len(mended))
        singles.append(cause)
        if cause.agreeing > len(same):
            _note(found, mended, cause)
    left = [key for key in differing if not found[key]]
    best = sorted(singles, key=lambda cause: -cause.agreeing)[:_PAIRED]
    for one, other in combinations(best, 2) if left else ():
        reading = other.alternatives[0].change(one.alternatives[0].change(base))
        if not right(reading, left):
            continue
        mended = right(reading, keys)
        # Each of the two must do something that the other one alone does not.
        if len(mended) > max(one.agreeing, other.agreeing, len(same)):
            unexplained = set(left)
            pair = Cause((*one.alternatives, *other.alternatives), len(mended))
            _note(found, [key for key in mended if key in unexplained], pair)
    for named in found.values():
        named.sort(key=lambda cause: -cause.agreeing)
    return Explained(len(keys), len(same), found)


def _note(found: dict[K, list[Cause]], mended: Sequence[K], cause: Cause) -> None:
    for key in mended:
        if key in found:
            found[key].append(cause)
