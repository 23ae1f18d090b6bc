"""`rollcall token`: a new token of the HTTP API (docs/api.md)."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from infra.cli.common import USAGE, a_date, fail, failures_told
from infra.serving.tokens_invalid import TokensInvalid
from infra.settings import load

DAYS = 365
"""How long a token holds where nothing else is said."""


def token(
    name: Annotated[
        str, typer.Argument(help="What it is for, as the log names it: small letters, digits, -.")
    ],
    role: Annotated[str, typer.Option(help="analyst: released numbers; staff: true counts.")],
    district: Annotated[list[str] | None, typer.Option(help="A district; again for each.")] = None,
    state: Annotated[bool, typer.Option("--state", help="All districts, in the place of some.")] = False,
    school: Annotated[
        list[str] | None, typer.Option(help="Of staff: only this school; again for each.")
    ] = None,
    expires: Annotated[
        date | None,
        typer.Option(
            parser=a_date, metavar="DATE", help="The last day on which it holds; by default in a year."
        ),
    ] = None,
) -> None:
    """Make a token: its entry for the file on standard output, itself, this once, on standard error.

    Example: rollcall token dashboards --role analyst --district 0042 >> tokens.toml
    """
    # Here, because they load a web framework, which no other command need do.
    from infra.serving.tokens_file import grants_in, read_tokens
    from web.access import PREFIX, fingerprint

    today = datetime.now(UTC).date()
    made = PREFIX + secrets.token_urlsafe(32)
    last = today + timedelta(days=DAYS) if expires is None else expires
    if last < today:
        fail("--expires lies in the past; such a token would open nothing", USAGE)
    lines = [
        "[[token]]",
        f"name = {_toml(name)}",
        f"sha256 = {_toml(fingerprint(made))}",
        f"role = {_toml(role)}",
    ]
    lines += ["state = true"] if state else []
    lines += [f"districts = {_toml(district)}"] if district else []
    lines += [f"schools = {_toml(school)}"] if school else []
    entry = "\n".join([*lines, f"expires = {last}"])
    with failures_told():
        file = load().api_tokens_file
        try:
            grants_in(entry)
        except TokensInvalid as error:
            fail(f"such a token cannot be made: {str(error).removeprefix('has at ')}", USAGE)
        known = read_tokens(file) if file is not None and file.exists() else ()
        if any(held.name == name for held in known):
            fail(f"a token of this name is in {file} already; take another name", USAGE)
    typer.echo(f"{entry}\n")
    typer.echo(
        f"rollcall: this is the token. It is shown this once and kept nowhere:\n{made}\n"
        "rollcall: it holds once the entry is in the file that ROLLCALL_API_TOKENS_FILE names",
        err=True,
    )


def _toml(value: str | list[str]) -> str:
    """Text, or a list of it, as TOML: JSON's strings are TOML's, but for DEL, which is none of an id."""
    return json.dumps(value)
