"""The tables of a district as two systems: the sizes of its groups, and what is counted in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from models.suppression.kinds import kinds_of
from models.suppression.same import standing_for
from models.suppression.system import NO_MOST, Cell, Key, Sum, System, named

ALL = ""
"""The member of a dimension that stands for all of it."""

Place = Key
"""A member of each dimension: ("school 12", "7", "english learners"), or ALL for a margin."""

_HIDING = 16
"""What it costs to hide a cell, beside its count: few cells are hidden rather than small ones."""


class Row(NamedTuple):
    """One group of students: how many they are, and of how many each measure is true.

    A measure that is not counted of a group is in no table of it: nobody is shown it, and nobody may ask.
    Where something else is counted, such as student-days, `students` says how many students stand behind it.
    """

    place: Place
    size: int
    counts: Mapping[str, int]
    students: int | None = None


class Divided(NamedTuple):
    """That each student of `whole` is in exactly one of `parts`, all of them members of a dimension."""

    dimension: int
    whole: str
    parts: tuple[str, ...]


class United(NamedTuple):
    """That a student is in `whole` when in any of `parts`, of which there may be several at once."""

    dimension: int
    whole: str
    parts: tuple[str, ...]


class Inside(NamedTuple):
    """That a student who is in `part` is in at least one of `wholes`; these may have others as well."""

    dimension: int
    part: str
    wholes: tuple[str, ...]


class Structure(NamedTuple):
    """What everybody may know of the tables without seeing a number.

    `divided`, `united` and `inside` are about the members of the dimensions. `outcomes` are sums between
    measures: ("", ("tier_1", "tier_2", "tier_3")) says that the tiers are all students of a group, and
    ("chronic", ("tier_2", "tier_3")) that two of them are the chronically absent. `rest` names the measures
    that are true of whoever is in no other one: here ("tier_1",). A row that is left out is known to be of
    nobody.
    """

    measures: tuple[str, ...]
    divided: tuple[Divided, ...] = ()
    united: tuple[United, ...] = ()
    outcomes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rest: tuple[str, ...] = ()
    inside: tuple[Inside, ...] = ()


class Tables:
    """The rows of a release by their places. Raises ValueError with what is wrong and how to mend it.

    `stands` says for each place which row it is; of places with the same students there is one row.
    """

    def __init__(self, rows: Sequence[Row], structure: Structure) -> None:
        # In order, so that it makes no difference in which one they were given.
        self.structure = structure = structure._replace(measures=tuple(sorted(structure.measures)))
        _check_structure(structure, {len(row.place) for row in rows})
        self.rows = {row.place: row for row in sorted(rows, key=lambda row: row.place)}
        if len(self.rows) != len(rows):
            raise ValueError("two rows have the same place; give each place once")
        for row in rows:
            _check(row, structure)
        divided = [line for each in structure.divided for line in self._lines(each)]
        inside = [
            pair
            for each in structure.united
            for whole, parts in self._lines(each)
            for pair in _inside(whole, parts)
        ]
        for part_of in structure.inside:
            lines = self._others(part_of.dimension, part_of.part, part_of.wholes)
            inside += [(wholes, (part,)) for part, wholes in lines]
        self.stands = standing_for(self.rows, divided)
        self._divided = sorted({(self.stands[a], self._of(b)) for a, b in divided if len(b) > 1})
        self._inside = [
            (over, under)
            for over, under in dict.fromkeys((self._of(a), self._of(b)) for a, b in inside)
            if under[0] not in over
        ]
        self.rows = self._merged()

    def _of(self, places: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(self.stands[place] for place in places)

    def _merged(self) -> dict[Place, Row]:
        """A row for all places with the same students, with what is counted of any of them."""
        merged = {place: row for place, row in self.rows.items() if self.stands[place] == place}
        for place, row in self.rows.items():
            held = merged[self.stands[place]]
            both = row.counts.keys() & held.counts.keys()
            if row.size != held.size or any(row.counts[name] != held.counts[name] for name in both):
                raise ValueError(
                    f"{named(held.place)} does not agree with its 1 parts; add the rows that are missing, or"
                    " leave the relation out"
                )
            students = [each.students for each in (row, held) if each.students is not None]
            counts = {**held.counts, **row.counts}
            merged[held.place] = held._replace(counts=counts, students=min(students, default=None))
        return merged

    def _lines(self, relation: Divided | United) -> Iterator[tuple[Place, tuple[Place, ...]]]:
        """The places of a whole for which its parts are there too. Where some are missing they are empty."""
        return self._others(relation.dimension, relation.whole, relation.parts)

    def _others(
        self, at: int, member: str, others: tuple[str, ...]
    ) -> Iterator[tuple[Place, tuple[Place, ...]]]:
        for place in self.rows:
            if place[at] == member:
                there = tuple(
                    found
                    for other in others
                    if (found := (*place[:at], other, *place[at + 1 :])) in self.rows
                )
                if there:
                    yield place, there

    def sizes(self) -> System:
        """The sizes, for whoever sees no count of a row whose size is hidden, and all other ones.

        A size may be another one by as many as are in none of the measures: their numbers can stay as they
        are.
        """
        cells = [
            Cell(place, row.size, self._least(row.size, row.counts), price=_HIDING + row.size)
            for place, row in self.rows.items()
        ]
        sums = [Sum(whole, parts) for whole, parts in self._divided]
        for over, under in self._inside:
            size, counts = self._less(over, under)
            sums.append(Sum(_one(under), over, self._least(size, counts), NO_MOST))
        return System(cells, sums)

    def _least(self, size: int, counts: Mapping[str, int]) -> int:
        return min(size, sum(count for name, count in counts.items() if name not in self.structure.rest))

    def counts(self) -> System:
        """The counts of all measures, for whoever knows the size of every group."""
        cells: list[Cell] = []
        sums: list[Sum] = []
        for name in self.structure.measures:
            having = {place: row for place, row in self.rows.items() if name in row.counts}
            for place, row in having.items():
                count = row.counts[name]
                cells.append(Cell((name, *place), count, 0, row.size, _HIDING + count))
            for whole, parts in self._divided:
                # Where a part does not have it nothing follows from the others.
                if having.keys() >= {whole, *parts}:
                    sums.append(Sum((name, *whole), tuple((name, *part) for part in parts)))
            for over, under in self._inside:
                if having.keys() >= {*over, *under}:
                    most, _ = self._less(over, under)
                    sums.append(Sum((name, *_one(under)), tuple((name, *each) for each in over), 0, most))
        for outcome, classes in self.structure.outcomes:
            there = [place for place, row in self.rows.items() if row.counts.keys() >= {*classes}]
            sums += (Sum((outcome, *at), tuple((name, *at) for name in classes)) for at in there)
            if not outcome:
                cells += (Cell(("", *place), self.rows[place].size, fixed=True) for place in there)
        kinds = (
            [
                bundle
                for place, row in self.rows.items()
                if (bundle := {(name, *place): by for name, by in kind.items() if name in row.counts})
            ]
            for kind in kinds_of(self.structure.measures, self.structure.outcomes)
        )
        return System(cells, sums, kinds)

    def _less(self, over: tuple[Place, ...], under: tuple[Place, ...]) -> tuple[int, dict[str, int]]:
        """By how many students the first rows are more than the second."""
        more, fewer = [self.rows[place] for place in over], [self.rows[place] for place in under]
        size = sum(row.size for row in more) - sum(row.size for row in fewer)
        counts = {
            name: sum(row.counts[name] for row in more) - sum(row.counts[name] for row in fewer)
            for name in self.structure.measures
            if all(name in row.counts for row in (*more, *fewer))
        }
        if any(not 0 <= count <= size for count in counts.values()) or size < 0:
            raise ValueError(
                f"{named(_one(under))} cannot be part of a union with these numbers; check the groups"
            )
        return size, counts


def _inside(whole: Place, parts: tuple[Place, ...]) -> Iterator[tuple[tuple[Place, ...], tuple[Place, ...]]]:
    """What holds of a union: each part is inside of it, and it is inside of all parts put together."""
    yield from (((whole,), (part,)) for part in parts)
    yield parts, (whole,)


def _one(places: tuple[Place, ...]) -> Place:
    (place,) = places
    return place


def _check_structure(structure: Structure, lengths: set[int]) -> None:
    if len(lengths) > 1:
        raise ValueError("the places of all rows have as many members; use ALL for a margin")
    relations: list[Divided | United | Inside] = [
        *structure.divided, *structure.united, *structure.inside
    ]  # fmt: skip
    for relation in relations:
        if lengths and not 0 <= relation.dimension < min(lengths):
            raise ValueError(f"there is no dimension {relation.dimension}; they are counted from 0")
    named_here = {name for whole, classes in structure.outcomes for name in (whole, *classes)} | {
        *structure.rest
    }
    if unknown := named_here - {"", *structure.measures}:
        raise ValueError(f"outcomes and rest name what is no measure: {', '.join(sorted(unknown))}")


def _check(row: Row, structure: Structure) -> None:
    if unknown := row.counts.keys() - {*structure.measures}:
        raise ValueError(f"{named(row.place)} counts what is no measure: {', '.join(sorted(unknown))}")
    if not row.counts:
        raise ValueError(f"{named(row.place)} needs a count of a measure: {', '.join(structure.measures)}")
    for whole, classes in structure.outcomes:
        linked = {*classes, whole} - {""}
        if row.counts.keys() & {*classes} and not row.counts.keys() >= linked:
            raise ValueError(f"{named(row.place)} needs a count of each of {', '.join(sorted(linked))}")
    for name, count in row.counts.items():
        if not 0 <= count <= row.size:
            raise ValueError(f"{named(row.place)}: {name} lies outside of 0 to the size of the group")
