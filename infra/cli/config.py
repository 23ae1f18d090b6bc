"""`rollcall config`: every setting with its value and where that comes from."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.cli.common import failures_told
from infra.settings import describe, load


def config(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Show all settings, secrets hidden. Example: rollcall config"""
    with failures_told():
        described = describe(load())
    if as_json:
        typer.echo(json.dumps([held._asdict() for held in described], indent=1))
        return
    table = Table("variable", "value", "from", "what it is")
    for held in described:
        table.add_row(held.name, held.value, held.source, held.doc)
    Console().print(table, markup=False)
