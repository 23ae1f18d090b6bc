"""`rollcall report psis`: monthly Student Membership and Attendance for the state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from infra.cli.common import FAILED, USAGE, WITH_REFUSALS, fail
from infra.cli.dictionary import Beside, Dictionary, beside, data_through
from infra.cli.reading import output
from infra.cli.reports.common import District, Out, one_district
from infra.exports.writing import write
from infra.files import sasids
from infra.papers import psis as paper
from models.instant import read_date
from models.papers.membership import last_of
from models.spreadsheet_text import as_text

_SHOWN = 5


def a_month(text: str) -> date:
    """The first day of a month of the command line."""
    first = read_date(f"{text}-01")
    if first is None:
        raise typer.BadParameter("takes a month such as 2021-10")
    return first


def psis(
    month: Annotated[date, typer.Option(parser=a_month, metavar="MONTH", help="The month, as 2021-10.")],
    district: District = None,
    reporting_district: Annotated[
        str | None,
        typer.Option(help="The state's number of the district, 3 digits; by default the district's id."),
    ] = None,
    sasid: Annotated[
        Path | None, typer.Option(help="CSV of student_id and sasid, where ids are not the SASIDs.")
    ] = None,
    missing: Annotated[
        Path | None, typer.Option(help="Write who is left out, and why, to this file; it holds ids.")
    ] = None,
    unreported: Annotated[
        bool, typer.Option("--unreported", help="Also while days of the month are not reported.")
    ] = False,
    fmt: Annotated[
        Literal["csv", "fixed"], typer.Option("--format", help="csv, or fixed as the state takes it.")
    ] = "csv",
    out: Out = None,
    dictionary: Dictionary = False,
) -> None:
    """Write the PSIS monthly file. Example: rollcall report psis --month 2021-10 --reporting-district 042"""
    said = beside(dictionary, out)
    try:
        known = sasids.read(sasid) if sasid is not None else {}
    except sasids.SasidsUnusable as error:
        fail(str(error), USAGE)
    with one_district(district) as (name, snapshot, _):
        number = reporting_district or name
        if not re.fullmatch(r"[0-9]{3}", number):
            fail("the state's number of a district is 3 digits; give it with --reporting-district", USAGE)
        ledger = snapshot.ledger(name)
        made = paper.month(ledger, month, number, known)
        through = data_through([ledger], last_of(month)) if said is not None else None
    if made.unreported:
        _tell_unreported(made.unreported)
        if not unreported:
            fail(
                "nothing is written: the state would take these days for absences. Have them submitted, or"
                " close them with rollcall ingest --closed-through; --unreported writes all the same",
                FAILED,
            )
    if not made.rows and not made.missing:
        typer.echo("rollcall: no student has a membership day in this month", err=True)
    with output(out) as target:
        if fmt == "fixed":
            target.writelines(f"{paper.fixed(row)}\r\n" for row in made.rows)
        else:
            write(made.rows, paper.COLUMNS, frozenset(), "csv", target)
    if said is not None:
        Beside(said, through).write(("psis",), paper.COLUMNS, frozenset())
    if missing is not None:
        with output(missing) as target:
            safe = [{name: as_text(cell) for name, cell in row.items()} for row in made.missing]
            write(safe, paper.MISSING, frozenset(), "csv", target)
    if made.missing:
        _tell_missing(made.missing, missing)
        raise typer.Exit(WITH_REFUSALS)


def _tell_unreported(held: Mapping[str, tuple[date, ...]]) -> None:
    for school, dates in held.items():
        shown = ", ".join(map(str, dates[:_SHOWN])) + (" and later ones" if len(dates) > _SHOWN else "")
        typer.echo(f"rollcall: school {school}: {len(dates)} school days are not reported: {shown}", err=True)


def _tell_missing(rows: list[dict[str, str]], file: Path | None) -> None:
    typer.echo(f"rollcall: {len(rows)} students with days in this month are not in the file:", err=True)
    for why, count in sorted(Counter(why for row in rows for why in row["missing"].split()).items()):
        typer.echo(f"  {count} for {why}: {paper.REMEDIES[why]}", err=True)
    typer.echo(f"  they are listed in {file}" if file else "  --missing FILE lists them", err=True)
