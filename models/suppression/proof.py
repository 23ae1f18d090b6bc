"""Whether a release holds: the tables that look like it are checked, without the search for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.suppression.hide import Hidden
from models.suppression.system import Key, System


def open_values(system: System, hidden: Hidden) -> dict[Key, tuple[int, int]]:
    """Between which values each hidden cell surely may lie, for whoever sees all others.

    The true table and each witness look the same, so the values in them are all possible. Raises
    AssertionError where a witness does not look the same, or is no table.
    """
    seen = {key: (cell.value, cell.value) for cell in system.cells if (key := cell.key) in hidden.keys}
    for witness in hidden.witnesses:
        moved = {system.cells[number].key: by for number, by in witness.items()}
        _must_look_the_same(system, moved, hidden)
        for key in moved.keys() & hidden.keys:
            value = system.cells[system.index[key]].value + moved[key]
            low, high = seen[key]
            seen[key] = min(low, value), max(high, value)
    return seen


def _must_look_the_same(system: System, moved: Mapping[Key, int], hidden: Hidden) -> None:
    sums: set[int] = set()
    for key, by in moved.items():
        number = system.index[key]
        cell = system.cells[number]
        latent = cell.price is None and not cell.fixed
        assert latent or key in hidden.keys, f"a witness changes a shown cell: {key}"
        assert cell.least <= cell.value + by <= cell.most, f"a witness leaves the bounds of {key}"
        sums |= {which for which, _ in system.in_sums[number]}
    for which in sums:
        changed = sum(sign * moved.get(system.cells[number].key, 0) for number, sign in system.sums[which])
        least, most = system.room[which]
        assert least <= changed <= most, "a sum of a witness does not hold"


def unproven(system: System, hidden: Hidden, needs: Mapping[Key, int]) -> Iterator[Key]:
    """The hidden cells of which no witness says that they have as many values more as they need.

    A cell that was hidden for another one needs a second value. Cells that hang together with nothing that is
    shown need no witness.
    """
    for key, (low, high) in open_values(system, hidden).items():
        if high - low < needs.get(key, 1) and not _alone(system, hidden, key):
            yield key


def _alone(system: System, hidden: Hidden, key: Key) -> bool:
    seen, waiting = {system.index[key]}, [system.index[key]]
    while waiting:
        for which, _ in system.in_sums[waiting.pop()]:
            for number, _ in system.sums[which]:
                cell = system.cells[number]
                if number in seen or cell.fixed:
                    continue
                if cell.price is not None and cell.key not in hidden.keys:
                    return False
                seen.add(number)
                waiting.append(number)
    return True
