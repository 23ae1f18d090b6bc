"""What became of a group's mutants, by module, as numbers and as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tests.mutation.plan import LEAST_KILLED

# What a worker ends with. Everything that is none of these is `other`, and no mutant of it counts as killed.
_KILLED = frozenset({1, 3})
_SURVIVED = frozenset({0})
_UNREACHED = frozenset({5, 33})
_OUT_OF_TIME = frozenset({24, 36, 152, 255, -24})
LEFT_OUT = 34
"""A mutant that is not in the sample. mutmut has this code for what is skipped, and leaves it alone."""


class Tally(NamedTuple):
    """Mutants by what became of them. `unreached`: no test of the group calls the function; `left_out`: the
    mutant is not in the sample.
    """

    name: str
    killed: int = 0
    survived: int = 0
    unreached: int = 0
    out_of_time: int = 0
    other: int = 0
    untried: int = 0
    left_out: int = 0

    @property
    def asked(self) -> int:
        """How many are to be tried: all, or those of the sample."""
        return sum(self[1:-1])

    @property
    def enough(self) -> bool:
        """Whether LEAST_KILLED per cent are killed; one that was out of time is not."""
        return 100 * self.killed >= LEAST_KILLED * self.asked > 0

    @property
    def percent(self) -> str:
        """The share that is killed with one decimal, cut off."""
        thousandths = 1000 * self.killed // self.asked if self.asked else 0
        return f"{thousandths // 10}.{thousandths % 10}"


def tally(name: str, codes: Iterable[int | None]) -> Tally:
    """Count what became of mutants, from how pytest ended for each."""
    counts = dict.fromkeys(Tally._fields[1:], 0)
    for code in codes:
        counts[_fate(code)] += 1
    return Tally(name, **counts)


def _fate(code: int | None) -> str:
    if code is None:
        return "untried"
    known = {
        "killed": _KILLED,
        "survived": _SURVIVED,
        "unreached": _UNREACHED,
        "out_of_time": _OUT_OF_TIME,
        "left_out": {LEFT_OUT},
    }
    return next((name for name, held in known.items() if code in held), "other")


def summed(name: str, tallies: Iterable[Tally]) -> Tally:
    """Some tallies together."""
    return Tally(name, *(sum(column) for column in zip(*(each[1:] for each in tallies), strict=True)))


def survivors(verdicts: Mapping[str, Mapping[str, int | None]]) -> Iterator[tuple[str, str]]:
    """The mutants that are not killed, each with what became of it."""
    for codes in verdicts.values():
        for name, code in codes.items():
            if code not in (*_KILLED, LEFT_OUT):
                yield name, _fate(code)


def table(tallies: Iterable[Tally]) -> str:
    """The tallies as lines of text with a header."""
    rows = [("", "mutants", *(name.replace("_", " ") for name in Tally._fields[1:]), "killed %")]
    rows += [(each.name, str(each.asked), *map(str, each[1:]), each.percent) for each in tallies]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
