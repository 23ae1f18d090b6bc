"""What the papers with tables share: the numbers of a district on a day, hidden or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple

import typer

from infra.cli.common import a_date, fail
from infra.cli.reports.common import one_district
from models.columns import Kind
from models.papers.people import Person, people, school_names
from models.papers.tables import Tables, released_tables, true_tables
from models.releases.made import NotProven
from models.school_year import dates_of, school_year_of

AsOf = Annotated[date, typer.Option(parser=a_date, metavar="DATE", help="The last day that counts.")]
DistrictName = Annotated[str | None, typer.Option(help="The district's name; no record has it.")]


class Told(NamedTuple):
    """A district on a day; `persons` are its K-12 students."""

    district: str
    persons: Sequence[Person]
    tables: Tables
    school_names: dict[str, str]
    data_through: date


def told(district: str | None, as_of: date, staff: bool) -> Told:
    """The numbers of a district; with `staff` all of them as they are, else those that may leave the office.

    Ends the command where nobody is counted. Says on standard error how many days are not reported.
    """
    with one_district(district) as (name, snapshot, policy_of):
        ledger = snapshot.ledger(name)
        everybody = list(people(ledger, as_of, policy_of(name, school_year_of(as_of))))
        names = school_names(ledger.live_records(Kind.SCHOOL), as_of)
    persons = [each for each in everybody if each.is_k12]
    if not persons:
        fail("no student from kindergarten to grade 12 has a counted day in this school year by that date")
    if any(each.standing.unreported for each in persons):
        typer.echo("rollcall: days of some schools are not reported yet; they are in no rate", err=True)
    last = max(each.standing.data_through for each in persons)
    try:
        tables = true_tables(everybody) if staff else released_tables(everybody)
    except (NotProven, ValueError) as error:
        fail(f"nothing is written: {error}; please report it, without the data")
    return Told(name, persons, tables, names, dates_of(school_year_of(as_of))[last])
