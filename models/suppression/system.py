"""Counts that hang together: cells, and what anybody may know of their bounds and sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

Key = tuple[str, ...]

Bundle = tuple[tuple[int, int], ...]
"""Cells that move together, each by +1 or -1."""

NO_MOST = 1 << 40
"""The upper bound of a cell that has none."""


class Cell(NamedTuple):
    """One count, and between which numbers it lies for whoever knows nothing of what is released.

    `price` is what it costs to hide it where that is needed for another one; None: nobody will ever be shown
    it. `fixed` says that it is known to everybody, as the size of a group may be.
    """

    key: Key
    value: int
    least: int = 0
    most: int = NO_MOST
    price: int | None = None
    fixed: bool = False


class Sum(NamedTuple):
    """That the sum of the parts less the whole lies between `least` and `most`, as everybody knows."""

    whole: Key
    parts: tuple[Key, ...]
    least: int = 0
    most: int = 0


class System:
    """Cells in the order of their keys, and the sums between them as (number, +1 or -1) of their cells.

    `kinds` are the kinds of steps by which tables are changed: in each a cell moves alone or with others, as
    (number, +1 or -1). Any kinds are right; good ones keep sums that nobody wants to think about, such as
    that a student who is in Tier II no more is in another tier. `room` is for each sum by how much it may
    fall and rise from what it is. The order in which cells and sums are given makes no difference. Raises
    ValueError where a sum does not hold, where a value lies outside of its bounds, and where a key comes
    twice.
    """

    def __init__(
        self, cells: Iterable[Cell], sums: Iterable[Sum], kinds: Iterable[Iterable[Mapping[Key, int]]] = ()
    ) -> None:
        self.cells = sorted(cells)
        self.index = {cell.key: number for number, cell in enumerate(self.cells)}
        if len(self.index) != len(self.cells):
            raise ValueError("two cells have the same key")
        self.sums: list[tuple[tuple[int, int], ...]] = []
        self.room: list[tuple[int, int]] = []
        self.in_sums: list[list[tuple[int, int]]] = [[] for _ in self.cells]
        for cell in self.cells:
            if not cell.least <= cell.value <= cell.most:
                raise ValueError(f"the count of {named(cell.key)} lies outside of its bounds")
        for each in sorted(each._replace(parts=tuple(sorted(each.parts))) for each in sums):
            self._add(each)
        self.kinds = [self._kind(bundles) for bundles in kinds] or [
            {number: ((number, 1),) for number, cell in enumerate(self.cells) if not cell.fixed}
        ]

    def _kind(self, bundles: Iterable[Mapping[Key, int]]) -> dict[int, Bundle]:
        """For each cell that moves what moves with it when it rises by 1."""
        kind = {}
        for bundle in bundles:
            for key, sign in bundle.items():
                kind[self.index[key]] = tuple((self.index[other], sign * by) for other, by in bundle.items())
        return kind

    def _add(self, known: Sum) -> None:
        terms = ((self.index[known.whole], -1), *((self.index[part], 1) for part in known.parts))
        now = sum(sign * self.cells[number].value for number, sign in terms)
        if not known.least <= now <= known.most:
            raise ValueError(
                f"{named(known.whole)} does not agree with its {len(known.parts)} parts; add the rows"
                " that are missing, or leave the relation out"
            )
        for number, sign in terms:
            self.in_sums[number].append((len(self.sums), sign))
        self.sums.append(terms)
        self.room.append((known.least - now, known.most - now))


def named(key: Key) -> str:
    """A key as words for an error."""
    return " / ".join(part or "all" for part in key)
