"""Other tables that look the same: changes of hidden counts after which all sums still hold."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush
from math import log2
from typing import NamedTuple

from models.suppression.system import Bundle, System

Change = dict[int, int]
"""By how much each cell differs from its value; cells that do not differ are left out."""


class Effort(NamedTuple):
    """How a search goes about it. What it does not find in `tries` steps is taken for impossible.

    `paid` says whether shown cells may be hidden. A step to a further cell counts `step` beside its price,
    and the sums that do not hold yet count `eager` times the logarithm of their number: with much of it a
    change is ended soon, with little it is cheap. `narrow` is to mend that sum first for which there are the
    fewest ways, and not the newest one.
    """

    paid: bool
    eager: int
    step: int
    tries: int
    narrow: bool = False


EASY = (Effort(paid=False, eager=3, step=1, tries=500),)
"""What is tried for every cell first: most are safe with what is hidden anyway."""

HARD = (
    Effort(paid=True, eager=5, step=1, tries=1_000),
    Effort(paid=True, eager=25, step=10, tries=2_000),
    Effort(paid=True, eager=100, step=30, tries=2_000),
    Effort(paid=True, eager=25, step=30, tries=2_000, narrow=True),
    Effort(paid=True, eager=25, step=10, tries=20_000),
    Effort(paid=True, eager=100, step=30, tries=20_000),
    Effort(paid=True, eager=25, step=30, tries=30_000, narrow=True),
    Effort(paid=True, eager=10, step=10, tries=100_000),
)
"""What is tried one after another for the others (ADR 22 says how these were found)."""

_LOG = [round(8 * log2(1 + n)) for n in range(64)]


MOST_STEPS = 1_500_000
"""After how many steps in all a search finds nothing more: a bound of time, some minutes."""


class _Trial(NamedTuple):
    """A change that is being put together.

    `outside` is by how much each sum is outside of its room, `moved` where the sums with room are in it.
    """

    price: int
    moved: Change
    outside: Change
    change: Change


class Search:
    """Looks for changes of a system in which some cells are hidden, and others could be at a price."""

    def __init__(self, system: System, hidden: list[bool]) -> None:
        self._system = system
        self._hidden = hidden
        self._cells = system.cells
        self._steps = 0
        # The cells of a sum that may change for nothing, kept because most searches need no others.
        self._free = [
            [(number, sign) for number, sign in terms if hidden[number] and not system.cells[number].fixed]
            for terms in system.sums
        ]

    def hide(self, number: int) -> None:
        """Take a cell as hidden from now on."""
        self._hidden[number] = True
        for which, sign in self._system.in_sums[number]:
            self._free[which].append((number, sign))
            self._free[which].sort()

    def find(self, start: int, sign: int, before: Change, effort: Effort) -> tuple[int, Change] | None:
        """A change that moves `start` by `sign` and keeps all sums and bounds after `before` has happened.

        With its price, which is 0 where only hidden cells change. None where none is found.
        """
        best = None
        for kind in self._system.kinds:
            if start in kind and (best is None or best[0]):
                found = self._of_kind(kind, start, sign, before, effort)
                best = found if found and (best is None or found[0] < best[0]) else best
        return best

    def _of_kind(
        self, kind: Mapping[int, Bundle], start: int, sign: int, before: Change, effort: Effort
    ) -> tuple[int, Change] | None:
        drift = self._drift(before)
        first = self._stepped(kind[start], sign, _Trial(0, {}, {}, {}), before, effort, drift)
        if first is None:
            return None
        queue = [(0, 0, first)]
        seen: set[frozenset[tuple[int, int]]] = set()
        pushed = 0
        for _ in range(effort.tries):
            if not queue or self._steps >= MOST_STEPS:
                return None
            self._steps += 1
            _, _, trial = heappop(queue)
            if not trial.outside:
                return trial.price, trial.change
            mark = frozenset(trial.outside.items())
            if mark in seen:
                continue
            seen.add(mark)
            for after in self._ways(kind, trial, before, effort, drift):
                pushed -= 1  # of equals the newest first: a change is followed to its end
                open_ = _LOG[min(sum(map(abs, after.outside.values())), len(_LOG) - 1)]
                total = after.price + effort.step * len(after.change) + effort.eager * open_
                heappush(queue, (total, pushed, after))
        return None

    def _drift(self, before: Change) -> Change:
        """By how much each sum that has room differs from what it is."""
        drift: Change = {}
        for number, by in before.items():
            for which, sign in self._system.in_sums[number]:
                if self._system.room[which] != (0, 0):
                    drift[which] = drift.get(which, 0) + sign * by
        return drift

    def _ways(
        self, kind: Mapping[int, Bundle], trial: _Trial, before: Change, effort: Effort, drift: Change
    ) -> list[_Trial]:
        """What one further step may lead to, of those that mend one of the sums that do not hold."""
        best: list[_Trial] | None = None
        for which in reversed(trial.outside):
            wanted = -1 if trial.outside[which] > 0 else 1
            ways = []
            for number, coefficient in self._system.sums[which] if effort.paid else self._free[which]:
                if number in kind:
                    step = wanted * coefficient
                    after = self._stepped(kind[number], step, trial, before, effort, drift)
                    if after:
                        ways.append(after)
            if not effort.narrow:
                return ways
            if best is None or len(ways) < len(best):
                best = ways
        return best or []

    def _stepped(
        self, bundle: Bundle, step: int, trial: _Trial, before: Change, effort: Effort, drift: Change
    ) -> _Trial | None:
        """The trial with a step more, None where it may not be done."""
        change, price = trial.change, trial.price
        for number, sign in bundle:
            cell, already, by = self._cells[number], change.get(number, 0), sign * step
            value = cell.value + before.get(number, 0) + already + by
            if already * by < 0 or not cell.least <= value <= cell.most or cell.fixed:
                return None
            if not already and not self._hidden[number]:
                if cell.price is None or not effort.paid:
                    return None
                price += cell.price
        change, moved, outside = dict(change), trial.moved, dict(trial.outside)
        for number, sign in bundle:
            by = sign * step
            change[number] = change.get(number, 0) + by
            for which, coefficient in self._system.in_sums[number]:
                least, most = self._system.room[which]
                if least == most:
                    now = outside.get(which, 0) + by * coefficient
                else:
                    moved = {**moved, which: moved.get(which, drift.get(which, 0)) + by * coefficient}
                    now = max(moved[which] - most, 0) + min(moved[which] - least, 0)
                if now:
                    outside[which] = now
                else:
                    outside.pop(which, None)
        return _Trial(price, moved, outside, change)

    def times(self, change: Change, before: Change, most: int) -> int:
        """How often a change can be made one after another, up to `most` times."""
        drift = self._drift(before)
        for number, step in change.items():
            cell = self._cells[number]
            now = cell.value + before.get(number, 0)
            most = min(most, _fits(step, now, cell.least, cell.most))
        for which, by in self._drift(change).items():
            now = drift.get(which, 0)
            if by:
                most = min(most, _fits(by, now, *self._system.room[which]))
        return most


def _fits(step: int, now: int, least: int, most: int) -> int:
    return (most - now) // step if step > 0 else (now - least) // -step


def added(before: Change, change: Change, times: int = 1) -> Change:
    """Both changes, one after the other."""
    both = dict(before)
    for number, step in change.items():
        both[number] = both.get(number, 0) + times * step
        if not both[number]:
            del both[number]
    return both
