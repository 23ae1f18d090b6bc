"""What is released of a district's tables, once and for all questions that may be asked about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from models import percent
from models.suppression.hide import Hidden, hide
from models.suppression.limits import CONNECTICUT, Limits, Why, why_hidden, why_size_hidden
from models.suppression.system import Key, System, named
from models.suppression.tables import Place, Row, Structure, Tables

HIDDEN = "*"
"""How a hidden number is written. It is never 0 and never blank."""


class NotReleased(ValueError):
    """What was asked is in none of the tables of the release."""


class Answer(NamedTuple):
    """What may be said of one group: its size and its counts, None where hidden.

    `size_why` and `why` tell the reasons to those who may see the numbers anyway. Beside a `*` they would say
    too much: `extreme` and a known size are a number.
    """

    place: Place
    size: int | None
    counts: Mapping[str, int | None]
    size_why: Why | None
    why: Mapping[str, Why | None]

    def rate(self, measure: str, decimals: int = 1) -> str:
        """The share of the group in percent, half up; `*` where the count or the size is hidden."""
        count = self.counts[measure]
        if count is None or self.size is None:
            return HIDDEN
        return percent.written(count, self.size, decimals)


class Proof(NamedTuple):
    """What shows that nothing hidden can be worked out (models/suppression/proof.py)."""

    system: System
    hidden: Hidden
    needs: Mapping[Key, int]


class Release(NamedTuple):
    """The answers to all that may be asked about one school year and date.

    `stands` says for each place by which one its numbers are in the proofs: the same where no other place is
    known to hold the same students.
    """

    answers: Mapping[Place, Answer]
    sizes: Proof
    counts: Proof
    stands: Mapping[Place, Place]

    def ask(self, place: Place) -> Answer:
        """What may be said of one group. Raises NotReleased where no table of the release has it."""
        try:
            return self.answers[place]
        except KeyError:
            raise NotReleased(
                f"{named(place)} is in no table of this release; ask for a group that is, or add its table to"
                " the next release"
            ) from None


def release(
    rows: Sequence[Row],
    structure: Structure,
    limits: Limits = CONNECTICUT,
    withheld: Collection[Key] = (),
) -> Release:
    """Decide for each number of linked tables whether it is shown.

    `withheld` are counts (a measure and a place) that are hidden for what other tables say, and are to be as
    open as those that are hidden for themselves. The same rows give the same release in whatever order they
    come. Raises ValueError where they contradict each other or the structure.
    """
    if fault := limits.fault():
        raise ValueError(fault)
    tables = Tables(rows, structure)
    sizes = _sizes(tables, limits)
    counts, reasons = _counts(tables, limits, sizes.hidden.keys, withheld)
    answers = {}
    for given in sorted(rows, key=lambda row: row.place):
        row = tables.rows[tables.stands[given.place]]
        size_why = _why_size(row, limits) or Why.COMPLEMENTARY if row.place in sizes.hidden.keys else None
        why = {
            name: reasons.get((name, *row.place), Why.COMPLEMENTARY)
            if (name, *row.place) in counts.hidden.keys
            else None
            for name in given.counts
        }
        answers[given.place] = Answer(
            given.place,
            None if size_why else row.size,
            {name: None if why[name] else count for name, count in given.counts.items()},
            size_why,
            why,
        )
    return Release(answers, sizes, counts, tables.stands)


def _sizes(tables: Tables, limits: Limits) -> Proof:
    system = tables.sizes()
    needs = {place: limits.values_open - 1 for place, row in tables.rows.items() if _why_size(row, limits)}
    return Proof(system, hide(system, needs), needs)


def _why_size(row: Row, limits: Limits) -> Why | None:
    few = row.students is not None and row.students < limits.least_size
    return Why.SMALL_GROUP if few else why_size_hidden(row.size, limits)


def _why(count: int, row: Row, limits: Limits) -> Why | None:
    few = row.students is not None and row.students < limits.least_size
    return Why.SMALL_GROUP if few else why_hidden(count, row.size, limits)


def _counts(
    tables: Tables, limits: Limits, without_size: frozenset[Place], withheld: Collection[Key]
) -> tuple[Proof, dict[Key, Why]]:
    """The counts, hidden with the size of their group, because they say that it has at least as many."""
    system = tables.counts()
    needs, reasons = {}, {}
    withheld = {(name, *tables.stands[tuple(place)]) for name, *place in withheld}
    for place, row in tables.rows.items():
        for name, count in row.counts.items():
            why = _why(count, row, limits)
            if why is None and (name, *place) in withheld:
                why = Why.COMPLEMENTARY
            if why:
                needs[name, *place] = min(limits.values_open - 1, row.size)
                reasons[name, *place] = why
            elif place in without_size:
                needs[name, *place] = 1
    return Proof(system, hide(system, needs), needs), reasons
