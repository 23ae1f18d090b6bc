"""`rollcall policy`: the numbers by which a district is judged."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.cli.common import a_date, failures_told, policies
from infra.settings import load
from models.policy import DEFAULT, Share
from models.school_year import label, school_year_of

app = typer.Typer(no_args_is_help=True, help="Show the numbers of the rules.")


@app.callback()
def policy() -> None:
    """Show the numbers of the rules."""


@app.command()
def show(
    district: Annotated[str, typer.Option(help="The district that is judged by them.")],
    on: Annotated[date, typer.Option(parser=a_date, metavar="DATE", help="A day of the school year.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Show the policy of a school year.

    Example: rollcall policy show --on 2024-10-01 --district 0042
    """
    year = school_year_of(on)
    with failures_told():
        settings = load()
        held = policies(settings)(district, year)
    numbers = {name: _written(value) for name, value in held._asdict().items()}
    if as_json:
        typer.echo(json.dumps({"district_id": district, "school_year": label(year), **numbers}, indent=1))
        return
    usual = DEFAULT._asdict()
    table = Table("key", "value", "default", title=f"district {district}, school year {label(year)}")
    for name, value in numbers.items():
        default = _written(usual[name])
        table.add_row(name, str(value), "" if value == default else str(default))
    Console().print(table, markup=False)
    file = settings.policy_file
    typer.echo(f"from {file}" if file else "from no file: ROLLCALL_POLICY_FILE is not set")


def _written(value: object) -> str | int | bool:
    """A number as the policy file takes it."""
    if isinstance(value, Share):
        return f"{value.numerator}/{value.denominator}"
    assert isinstance(value, (str, int))
    return value
