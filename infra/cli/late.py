"""`rollcall late`: which schools have not reported a school day by their hour."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.cli.common import an_instant, failures_told, policies, settings_of_command
from infra.cli.reading import told_snapshot
from infra.event_logs import event_log
from models.lateness import LateDay, late_days


def late(
    at: Annotated[
        datetime | None,
        typer.Option(parser=an_instant, metavar="INSTANT", help="As it were then; by default now."),
    ] = None,
    district: Annotated[str | None, typer.Option(help="Only this district.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List the schools that have not reported a school day by their hour. Example: rollcall late"""
    now = at or datetime.now(UTC)
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            found = [
                each
                for name in snapshot.districts()
                for each in late_days(snapshot.ledger(name), policy_of, now)
            ]
    if as_json:
        typer.echo(json.dumps([_row(each) for each in found], indent=1))
    elif found:
        table = Table("district", "school", "day", "students waiting")
        table.columns[3].justify = "right"
        for each in found:
            table.add_row(*map(str, _row(each).values()))
        Console(soft_wrap=True).print(table, markup=False)
    else:
        typer.echo("every school has reported every school day that is due")


def _row(each: LateDay) -> dict[str, str | int]:
    return {
        "district_id": each.district,
        "school_id": each.school,
        "date": each.day.isoformat(),
        "students_waiting": each.waiting,
    }
