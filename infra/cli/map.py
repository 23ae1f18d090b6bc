"""`rollcall map FILE...`: a mapping proposed from files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.common import USAGE, fail
from infra.files.rows import FileRefused
from infra.files.source import PathUnusable
from infra.mapping.proposal.look import look
from infra.mapping.proposal.propose import of_interest, propose


def map_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV files, one of each layout.")],
    district: Annotated[str, typer.Option(help="The district of files that do not name theirs.")] = "",
    out: Annotated[
        Path | None, typer.Option("--out", help="Write to this file instead of standard output.")
    ] = None,
) -> None:
    """Propose a mapping from what files look like, for you to correct. It holds no student's name or id.

    Example: rollcall map attendance.csv roster.csv --out mapping.toml
    """
    looks = []
    for file in files:
        try:
            looks.append(look(file, of_interest))
        except PathUnusable as error:
            fail(str(error), USAGE)
        except FileRefused as refused:
            fail(f"{file}: {refused.fault.message}", USAGE)
    told = propose(looks, district, datetime.now(UTC))
    if out is None:
        typer.echo(told, nl=False)
        return
    try:
        # A mapping that somebody has corrected is worth more than a proposal.
        with out.open("x", encoding="utf-8") as target:
            target.write(told)
    except FileExistsError:
        fail(f"{out} is there already; take another name, or move it away", USAGE)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}", USAGE)
