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
from models.policy import DEFAULT, Exempt, Share
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
    if as_json:
        numbers = {name: _shown(value) for name, value in held._asdict().items()}
        typer.echo(json.dumps({"district_id": district, "school_year": label(year), **numbers}, indent=1))
        return
    usual = DEFAULT._asdict()
    table = Table("key", "value", "default", title=f"district {district}, school year {label(year)}")
    for name, value in held._asdict().items():
        written, default = in_toml(value), in_toml(usual[name])
        table.add_row(name, written, "" if written == default else default)
    Console().print(table, markup=False)
    file = settings.policy_file
    typer.echo(f"from {file}" if file else "from no file: ROLLCALL_POLICY_FILE is not set")


def in_toml(value: object) -> str:
    """A value as the policy file takes it, text and shares without their quotes."""
    shown = _shown(value)
    if isinstance(shown, bool):
        return str(shown).lower()
    return _listed(shown) if isinstance(shown, list) else str(shown)


def _listed(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_listed, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_listed(held)}" for name, held in value.items()) + " }"
    return json.dumps(value)


def _shown(value: object) -> object:
    """A value as JSON has it."""
    if isinstance(value, Share):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Exempt):
        return {"codes": list(value.codes), "days": value.days}
    return [_shown(held) for held in value] if isinstance(value, tuple) else value
