"""`rollcall backtest`: how early, how often and about whom other rules would have told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.backtest.history import recorded, years_of
from infra.backtest.picture import picture
from infra.backtest.plans import READY, plan_of
from infra.backtest.report import as_json, tables
from infra.backtest.trying import tried
from infra.cli.common import USAGE, fail, failures_told, policies, settings_of_command
from infra.event_logs import event_log
from infra.exports.writing import opened
from infra.snapshot import Snapshot
from models.school_year import from_label, label

_WIDTH = 144


def backtest(
    policy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE", help=f"A policy file, or one of {', '.join(READY)}; again for each to compare."
        ),
    ] = None,
    years: Annotated[
        list[str] | None,
        typer.Option(metavar="YEAR", help="A school year, as 2010-11; again for each. By default all."),
    ] = None,
    district: Annotated[str | None, typer.Option(help="Only this district.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="The numbers as JSON on standard output.")] = False,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Also draw a picture.")] = None,
) -> None:
    """Play recorded years by other rules or numbers, and compare.

    Example: rollcall backtest --policy naive --policy contract --years 2010-11
    """
    wanted = [_year(text) for each in years or () for text in each.split(",")]
    with failures_told():
        plans = [plan_of(each) for each in dict.fromkeys(policy or READY)]
        settings = settings_of_command()
        with event_log(settings) as log:
            only = None if district is None else {district}
            snapshot = Snapshot(log, policies(settings), districts=only)
            known = years_of(snapshot)
            missing = [label(year) for year in wanted if year not in known]
            if missing or not known:
                fail(_nothing_of(missing, [label(year) for year in known]), USAGE)
            chosen = sorted(set(wanted or known))
            results = tried(plans, chosen, recorded(snapshot, chosen))
    console = Console(stderr=True)
    console.width = max(console.width, _WIDTH)  # else numbers would be broken or cut off in a narrow terminal
    for table in tables(results):
        console.print(table)
    if as_json_:
        typer.echo(json.dumps(as_json(results), indent=1))
    if svg is not None:
        try:
            with opened(svg) as target:
                target.write(picture(results))
        except OSError as error:
            fail(f"the picture cannot be written: {error.strerror}")


def _year(text: str) -> int:
    year = from_label(text.strip())
    if year is None:
        raise typer.BadParameter("takes school years such as 2010-11", param_hint="--years")
    return year


def _nothing_of(missing: list[str], known: list[str]) -> str:
    if not known:
        return "the event log knows no school year; ingest records first, with calendars and enrollments"
    return f"nothing is known of {', '.join(missing)}; the event log has {', '.join(known)}"
