"""`rollcall published FILE...`: chronic rates that the state has published, read in for comparison."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.common import USAGE, WITH_REFUSALS, fail, failures_told, settings_of_command
from infra.edsight import file as edsight
from infra.event_logs import event_log
from infra.files.rows import FileRefused
from infra.files.source import PathUnusable, opened
from models.published import Published
from models.school_year import label
from streams import published_message
from streams.topics import PUBLISHED

_SHOWN_FAULTS = 20


def published(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="EdSight's exports as downloaded.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check; publish nothing.")] = False,
) -> None:
    """Read the state's published chronic rates in. Example: rollcall published edsight/*.csv"""
    rows: list[Published] = []
    faults = 0
    for file in files:
        held, wrong = _read(file)
        rows += held
        faults += len(wrong)
        for fault in wrong[:_SHOWN_FAULTS]:
            typer.echo(f"rollcall: {file}: line {fault.line}: {fault.message}", err=True)
        if len(wrong) > _SHOWN_FAULTS:
            typer.echo(f"rollcall: {file}: {len(wrong) - _SHOWN_FAULTS} more rows are like that", err=True)
    with failures_told():
        settings = settings_of_command()
        if not dry_run:
            at = int(datetime.now(UTC).timestamp() * 1000)
            with event_log(settings) as log:
                log.append(PUBLISHED.name, list(published_message.pack(rows, at)))
    for (year, level), number in sorted(Counter((row.school_year, row.level) for row in rows).items()):
        typer.echo(f"{label(year)} {level}: {number} rows")
    if faults:
        typer.echo(f"rollcall: {faults} rows were left out", err=True)
        raise typer.Exit(WITH_REFUSALS)


def _read(file: Path) -> tuple[list[Published], list[edsight.Faulty]]:
    """The rows of a file, and those that cannot be read. A file that is no export ends the command."""
    rows: list[Published] = []
    faults: list[edsight.Faulty] = []
    try:
        with opened(file) as source:
            source.scan_text()
            for row in edsight.read(source.lines("")):
                if isinstance(row, Published):
                    rows.append(row)
                else:
                    faults.append(row)
    except edsight.NotEdsight as error:
        fail(f"{file}: {error}; nothing was read in", USAGE)
    except FileRefused as refused:
        fail(f"{file}: {refused.fault.message}; nothing was read in", USAGE)
    except PathUnusable as error:
        fail(str(error), USAGE)
    return rows, faults
