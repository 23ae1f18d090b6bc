"""`rollcall report edsight`: our chronic rates in the shape of EdSight's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from infra.cli.common import USAGE, fail
from infra.cli.dictionary import Beside
from infra.cli.reading import output
from infra.cli.reports.common import District
from infra.cli.reports.tables import AsOf, DistrictName, told
from infra.exports.meanings import MEANINGS
from infra.papers.edsight import TABLES, By, Paper, file_name, text
from infra.papers.put import put
from infra.papers.words import FOOTNOTE, STAFF

Table = Literal[
    "grade", "english_learner", "disability", "meals", "race_ethnicity", "gender", "high_needs", "homeless"
]


def edsight(
    as_of: AsOf,
    table: Annotated[Table, typer.Option(help="Which table goes to standard output.")] = "grade",
    by: Annotated[By, typer.Option(help="district, or school: a row for each school.")] = "district",
    into: Annotated[
        Path | None, typer.Option(help="Write all tables into this folder instead, a file each.")
    ] = None,
    district: District = None,
    district_name: DistrictName = None,
    unsuppressed: Annotated[
        bool, typer.Option("--unsuppressed", help="All numbers: for staff who may see these students.")
    ] = False,
    dictionary: Annotated[
        bool, typer.Option("--dictionary", help="Also write what the columns mean into the folder.")
    ] = False,
) -> None:
    """Write EdSight-shaped tables. Example: rollcall report edsight --as-of 2022-06-30 --into edsight"""
    if into is not None and into.exists() and not into.is_dir():
        fail(f"{into} is no folder", USAGE)
    if dictionary and into is None:
        fail("--dictionary writes into the folder of --into; name one", USAGE)
    held = told(district, as_of, unsuppressed)
    paper = Paper(
        held.district, district_name or held.district, as_of, held.tables, held.school_names, unsuppressed
    )
    if into is None:
        with output(None) as target:
            target.write(text(paper, table, by))
    else:
        try:
            into.mkdir(parents=True, exist_ok=True)
            for each in TABLES:
                for whom in ("district", "school"):
                    put(into / file_name(each, whom, unsuppressed), text(paper, each, whom).encode())
        except OSError as error:
            fail(f"the folder cannot be written: {error.strerror}")
        if dictionary:
            columns = MEANINGS["tables"]
            Beside(into / "dictionary.csv", held.data_through).write(
                ("tables",), columns, frozenset(), STAFF if unsuppressed else FOOTNOTE
            )
    if not unsuppressed:
        typer.echo(f"rollcall: {FOOTNOTE}", err=True)
