"""Whoever sees what is shown of small tables, and tries every table of whole numbers that looks the same.

It knows nothing of the product's search and its systems of cells: it reads the answers and the structure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from models.suppression.release import Answer
from models.suppression.tables import Divided, Row, Structure, United

Name = tuple[str, ...]
SIZE = "size of"


class Known(NamedTuple):
    """The first names, added up, less the second ones, are between two numbers."""

    plus: tuple[Name, ...]
    minus: tuple[Name, ...]
    least: int
    most: int


def _lines(rows: Mapping[Name, Row], relation: Divided | United) -> Iterator[tuple[Name, list[Name]]]:
    return _others(rows, relation.dimension, relation.whole, relation.parts)


def _others(
    rows: Mapping[Name, Row], at: int, member: str, others: tuple[str, ...]
) -> Iterator[tuple[Name, list[Name]]]:
    for place in rows:
        if place[at] == member:
            there = [(*place[:at], other, *place[at + 1 :]) for other in others]
            if any(other in rows for other in there):
                yield place, [other for other in there if other in rows]


def known(rows: Mapping[Name, Row], structure: Structure, large: int) -> Iterator[Known]:
    """All that holds of such tables, of sizes as of counts, whatever the numbers are."""
    for name in (SIZE, *structure.measures):
        for divided in structure.divided:
            for whole, parts in _lines(rows, divided):
                yield Known(((name, *whole),), tuple((name, *part) for part in parts), 0, 0)
        for united in structure.united:
            for whole, parts in _lines(rows, united):
                yield Known(tuple((name, *part) for part in parts), ((name, *whole),), 0, large)
                for part in parts:
                    yield Known(((name, *whole),), ((name, *part),), 0, large)
                    if name != SIZE:  # those of the union who are not of the part are counted once at most
                        yield Known(
                            ((SIZE, *whole), (name, *part)), ((SIZE, *part), (name, *whole)), 0, large
                        )
                if name != SIZE:
                    sizes = tuple((SIZE, *part) for part in parts)
                    counts = tuple((name, *part) for part in parts)
                    yield Known(
                        (*sizes, (name, *whole)), ((SIZE, *whole), *counts), 0, large
                    )  # and those counted twice as well
        for inside in structure.inside:
            for part, wholes in _others(rows, inside.dimension, inside.part, inside.wholes):
                over = tuple((name, *whole) for whole in wholes)
                yield Known(over, ((name, *part),), 0, large)
                if name != SIZE:  # those of the wholes besides are not more than there are students besides
                    sizes = tuple((SIZE, *whole) for whole in wholes)
                    yield Known((*sizes, (name, *part)), ((SIZE, *part), *over), 0, large)
    for place in rows:
        for name in structure.measures:
            yield Known(((SIZE, *place),), ((name, *place),), 0, large)
        for outcome, parts in structure.outcomes:
            yield Known(((outcome or SIZE, *place),), tuple((part, *place) for part in parts), 0, 0)


def shown(answers: Iterable[Answer]) -> dict[Name, int]:
    """All numbers of the answers that are not hidden."""
    seen: dict[Name, int] = {}
    for answer in answers:
        numbers = {SIZE: answer.size, **answer.counts}
        seen |= {(name, *answer.place): n for name, n in numbers.items() if n is not None}
    return seen


def possible(
    truth: Mapping[Name, int],
    knows: Iterable[Known],
    seen: Mapping[Name, int],
    large: int,
    enough: Mapping[Name, int],
) -> dict[Name, set[int]]:
    """The values that each hidden number has in some table that looks the same.

    A table is looked for only while some number has fewer values than are `enough` for it; whatever has fewer
    in the end has no others. The truth is of use for the order only: tables near it are tried first, because
    most of those that look the same are.
    """
    low = {name: seen.get(name, 0) for name in truth}
    high = {name: seen.get(name, large) for name in truth}
    constraints = list(knows)
    using: dict[Name, list[Known]] = {name: [] for name in low}
    for each in constraints:
        for name in (*each.plus, *each.minus):
            using[name].append(each)
    found: dict[Name, set[int]] = {name: set() for name in low if name not in seen}
    if not _narrow(low, high, constraints, using):
        raise AssertionError("what is shown contradicts itself")
    for name in sorted(found):
        for value in _near(truth[name], low[name], high[name]):
            if len(found[name]) >= enough.get(name, 2):
                break
            if value not in found[name]:
                table = _table(
                    {**low, name: value}, {**high, name: value}, using[name], using, truth, constraints
                )
                for other in found if table else ():
                    found[other].add(table[other])
    return found


def _table(
    low: dict[Name, int],
    high: dict[Name, int],
    first: Iterable[Known],
    using: Mapping[Name, list[Known]],
    truth: Mapping[Name, int],
    every: list[Known],
) -> dict[Name, int]:
    """One table between the bounds, by trying all; empty where there is none."""
    if not _narrow(low, high, first, using):
        return {}
    table = {name: min(max(truth[name], low[name]), high[name]) for name in low}
    broken = next((each for each in every if not _holds(each, table)), None)
    if broken is None:
        return table
    open_names = [name for name in (*broken.plus, *broken.minus) if low[name] < high[name]]
    name = min(open_names, key=lambda name: (high[name] - low[name], name))
    for value in _near(truth[name], low[name], high[name]):
        table = _table({**low, name: value}, {**high, name: value}, using[name], using, truth, every)
        if table:
            return table
    return {}


def _holds(each: Known, table: Mapping[Name, int]) -> bool:
    return (
        each.least
        <= sum(map(table.__getitem__, each.plus)) - sum(map(table.__getitem__, each.minus))
        <= each.most
    )


def _near(middle: int, low: int, high: int) -> list[int]:
    return sorted(range(low, high + 1), key=lambda value: (abs(value - middle), value))


def _narrow(
    low: dict[Name, int], high: dict[Name, int], first: Iterable[Known], using: Mapping[Name, list[Known]]
) -> bool:
    """Bring the bounds together as far as each constraint by itself does; False where nothing is left."""
    waiting = list(first)
    while waiting:
        each = waiting.pop()
        least = sum(low[name] for name in each.plus) - sum(high[name] for name in each.minus)
        most = sum(high[name] for name in each.plus) - sum(low[name] for name in each.minus)
        if least > each.most or most < each.least:
            return False
        for sign, side in ((1, each.plus), (-1, each.minus)):
            for name in side:
                width = high[name] - low[name]
                if width == 0:
                    continue
                # At its far end a name may go only so far beyond what the others can make up for.
                over, under = each.most - least, most - each.least
                if width > over:
                    if sign > 0:
                        high[name] = low[name] + over
                    else:
                        low[name] = high[name] - over
                elif width > under:
                    if sign > 0:
                        low[name] = high[name] - under
                    else:
                        high[name] = low[name] + under
                else:
                    continue
                waiting += using[name]
                waiting.append(each)
                break
            else:
                continue
            break
    return True
