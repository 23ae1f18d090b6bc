"""`--dictionary`: what the columns of an export mean, in a file beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.common import USAGE, fail
from infra.cli.reading import output
from infra.exports import dictionary
from infra.exports.writing import write
from models.bits import last_day, up_to
from models.ledger.district import Ledger
from models.school_year import day_index, first_day, school_year_of

Dictionary = Annotated[
    bool, typer.Option("--dictionary", help="Also write what the columns mean, beside the file of --out.")
]


@dataclass(frozen=True, slots=True)
class Beside:
    """The file of a dictionary, and what it says of the export as a whole."""

    path: Path
    data_through: date | None = None

    def write(
        self,
        exports: Sequence[str],
        columns: Iterable[str],
        numbers: frozenset[str],
        suppression: str = dictionary.STUDENTS_DATA,
    ) -> None:
        """Write it. Ends the command where that cannot be done."""
        told = dictionary.rows(
            exports, columns, numbers, data_through=self.data_through, suppression=suppression,
            made=datetime.now(UTC),
        )  # fmt: skip
        with output(self.path) as target:
            write(list(told), dictionary.COLUMNS, frozenset(), "csv", target)


def beside(asked: bool, out: Path | None) -> Path | None:
    """Where the dictionary goes: `a.dictionary.csv` beside `a.csv`; None where none is asked for.

    Ends the command where there is no file to put it beside.
    """
    if not asked:
        return None
    if out is None:
        fail("--dictionary writes beside the file of --out; name one", USAGE)
    return out.with_name(f"{out.stem}.dictionary.csv")


def data_through(ledgers: Iterable[Ledger], by: date | None = None) -> date | None:
    """The last counted day of any student, by a date where one is given; None where there is none."""
    found: date | None = None
    for ledger in ledgers:
        for year, students in ledger.known.items():
            if by is not None and year > school_year_of(by):
                continue
            within = up_to(day_index(by)) if by is not None and year == school_year_of(by) else up_to(365)
            # Most students share the days of others, so only different sets are looked at.
            every = {known.now.counted for known in students.values()}
            last = max((last_day(held & within) for held in every), default=-1)
            if last >= 0:
                on = first_day(year) + timedelta(days=last)
                found = on if found is None else max(found, on)
    return found
