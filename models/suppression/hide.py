"""Which cells to hide besides those that are hidden for themselves, so that none can be worked out.

A hidden cell is safe when there are other tables that look the same and in which its value is another one.
Such tables are found by search, and kept: they prove that the cell is safe, whatever the search may have
missed, and `models/suppression/proof.py` checks them without it. What is hidden later takes nothing from a
proof, because the tables still look the same. Where a search finds no way, the cells that hang together with
it are all hidden: then nothing is shown that could give one away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from models.suppression.moves import EASY, HARD, Change, Effort, Search, added
from models.suppression.system import Key, System


class Hidden(NamedTuple):
    """The cells that are hidden, those of them that were not asked for, and the proof that it is safe.

    `given_up` are the cells for which no table was found; all that hangs together with them is hidden.
    """

    keys: frozenset[Key]
    complementary: frozenset[Key]
    witnesses: tuple[Change, ...]
    given_up: tuple[Key, ...]


def hide(system: System, wanted: Mapping[Key, int]) -> Hidden:
    """Hide the wanted cells, and what it takes that each can have that many more values than its own.

    Cells without a price are hidden from the beginning, and need no proof.
    """
    hidden = [cell.price is None and not cell.fixed for cell in system.cells]
    for key in wanted:
        hidden[system.index[key]] = True
    return _Hiding(system, hidden, wanted).run(wanted)


class _Hiding:
    def __init__(self, system: System, hidden: list[bool], wanted: Mapping[Key, int]) -> None:
        self._system = system
        self._hidden = hidden
        self._search = Search(system, hidden)
        # For each cell the tables in which it is lowest and highest.
        self._ends: dict[int, list[Change]] = {-1: [{}] * len(hidden), 1: [{}] * len(hidden)}
        self._witnesses: list[Change] = []
        self._given_up: list[int] = []
        self._shut: set[int] = set()
        self._needs = {system.index[key]: more for key, more in wanted.items()}

    def run(self, wanted: Mapping[Key, int]) -> Hidden:
        order = sorted(self._needs, key=lambda number: (self._needs[number], number))
        for efforts in (EASY, HARD):
            for number in order:
                if number in self._shut:
                    continue
                if not any(self._protect(number, effort) for effort in efforts) and efforts is HARD:
                    self._give_up(number)
        cells = self._system.cells
        keys = {
            cell.key
            for cell, hidden in zip(cells, self._hidden, strict=True)
            if hidden and cell.price is not None
        }
        return Hidden(
            keys=frozenset(keys),
            complementary=frozenset(keys - wanted.keys()),
            witnesses=tuple(self._witnesses),
            given_up=tuple(cells[number].key for number in sorted(self._given_up)),
        )

    def _protect(self, number: int, effort: Effort) -> bool:
        """Find tables until the cell has as many values as it needs; whether it has."""
        exhausted: set[int] = set()
        while (left := self._needs[number] - self._open(number)) > 0:
            found = {
                sign: change
                for sign in (1, -1)
                if sign not in exhausted
                and (change := self._search.find(number, sign, self._ends[sign][number], effort))
            }
            exhausted |= {1, -1} - found.keys()
            if not found:
                return False
            sign = min(found, key=lambda sign: (found[sign][0], -sign))
            self._take(number, sign, found[sign][1], left)
        return True

    def _open(self, number: int) -> int:
        return self._ends[1][number].get(number, 0) - self._ends[-1][number].get(number, 0)

    def _take(self, number: int, sign: int, change: Change, left: int) -> None:
        """Go on from one end by a change, hide what it moves, and keep the table as a witness."""
        before = self._ends[sign][number]
        often = self._search.times(change, before, max(1, left // abs(change[number])))
        table = added(before, change, often)
        for moved in change:
            if not self._hidden[moved]:
                self._search.hide(moved)
        for moved, by in table.items():
            side = 1 if by > 0 else -1
            if abs(by) > abs(self._ends[side][moved].get(moved, 0)):
                self._ends[side][moved] = table
        self._witnesses.append(table)

    def _give_up(self, number: int) -> None:
        self._given_up.append(number)
        for other in self._together(number):
            self._shut.add(other)
            if not self._hidden[other] and not self._system.cells[other].fixed:
                self._search.hide(other)

    def _together(self, number: int) -> Iterator[int]:
        """The cell and all that are joined to it by sums, over cells that are not known to everybody."""
        seen, waiting = {number}, [number]
        while waiting:
            number = waiting.pop()
            yield number
            for which, _ in self._system.in_sums[number]:
                for other, _ in self._system.sums[which]:
                    if other not in seen and not self._system.cells[other].fixed:
                        seen.add(other)
                        waiting.append(other)
