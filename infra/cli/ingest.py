"""`rollcall ingest PATH...` (contract 4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from infra.cli import survey
from infra.cli.common import (
    USAGE,
    WITH_REFUSALS,
    a_date,
    a_time,
    fail,
    failures_told,
    policies,
    settings_of_command,
)
from infra.connectors import CSV
from infra.event_logs import event_log
from infra.files.source import OnBytes, PathUnusable
from infra.intake.events import Notice
from infra.intake.ingesting import Ingest, Report
from infra.intake.read import UnknownFormat, plan
from infra.mapping.load import load_mapping

# So many are no codes any more but, most likely, another column; --json has them all.
_CODES = 30
_MAPPING = (
    "--format csv is read by a mapping, which no other format takes: give --format csv --mapping FILE; "
    "`rollcall map FILE` proposes one"
)


def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    format: Annotated[
        str, typer.Option(help="canonical, or the name of a connector, such as edfi.")
    ] = "canonical",
    district: Annotated[str, typer.Option(help="The district of files that do not name theirs.")] = "",
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="How the files of format csv are read (TOML).")
    ] = None,
    exported_at: Annotated[
        str | None,
        typer.Option(parser=a_time, metavar="TIME", help="When files of format csv were exported."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; publish nothing.")] = False,
    closed_through: Annotated[
        date | None,
        typer.Option(parser=a_date, metavar="DATE", help="Attendance is complete up to this school day."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as JSON on standard output.")] = False,
) -> None:
    """Read files, check them, and publish their records.

    Example: rollcall ingest exports/ --closed-through 2021-12-15
    """
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    if (format == CSV) != (mapping is not None) or (exported_at and format != CSV):
        fail(_MAPPING, USAGE)
    with failures_told():
        settings = settings_of_command()
        read_by = None if mapping is None else load_mapping(mapping)
        try:
            found = plan(paths, format)
            with event_log(settings) as log, _progress(console, found.size) as on_bytes:
                call = Ingest(log, policies(settings), settings.batch_records, dry_run)
                report = call.read(
                    found, district=district, closed=closed_through, on_bytes=on_bytes,
                    mapping=read_by, exported_at=exported_at or "",
                    on_notice=lambda notice: console.print(_told(notice), markup=False),
                )  # fmt: skip
        except (PathUnusable, UnknownFormat) as error:
            fail(str(error), USAGE)
    if as_json:
        typer.echo(json.dumps(summary(report, dry_run)))
    _show(console, report, dry_run)
    if not report.complete:
        raise typer.Exit(WITH_REFUSALS)


def _told(notice: Notice) -> str:
    return f"{notice.file}: {notice.text}"


@contextmanager
def _progress(console: Console, size: int) -> Iterator[OnBytes | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not console.is_terminal:
        yield None
        return
    with Progress(
        TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    ) as progress:  # fmt: skip
        task = progress.add_task("reading", total=size)
        yield lambda count: progress.advance(task, count)


def summary(report: Report, dry_run: bool) -> dict[str, object]:
    """The counts of a call, for machines."""
    tally = report.tally
    more = {} if report.survey is None else survey.keys(tally, report.survey)
    return {
        "dry_run": dry_run,
        "records": {kind.value: count for kind, count in sorted(tally.kinds.items())},
        "districts": len(tally.districts),
        "schools": len(tally.schools),
        "submissions": report.submissions,
        "refused": dict(sorted(tally.refused.items())),
        "set_aside": dict(sorted(report.set_aside.items())),
        "mended": report.resolved,
        **more,
    }


def _show(console: Console, report: Report, dry_run: bool) -> None:
    tally = report.tally
    table = Table(title="checked, nothing published" if dry_run else "published", title_justify="left")
    table.add_column("records")
    table.add_column("count", justify="right")
    for kind, count in sorted(tally.kinds.items()):
        table.add_row(kind.value, str(count))
    if report.submissions:
        table.add_row("submission (closed through)", str(report.submissions))
    for reason, count in sorted(tally.refused.items()):
        table.add_row(f"refused: {reason}", str(count))
    for code, count in sorted(report.set_aside.items())[:_CODES]:
        table.add_row(f"set aside: unmapped_code {code}", str(count))
    more = report.set_aside.total() - sum(count for _, count in sorted(report.set_aside.items())[:_CODES])
    if more:
        table.add_row(f"set aside: unmapped_code, {len(report.set_aside) - _CODES} more codes", str(more))
    console.print(table)
    if report.survey is not None:
        survey.show(console, tally, report.survey)
    if report.resolved:
        console.print(f"{report.resolved} records that were refused before are accepted now")
    if not report.complete:
        refused, aside = tally.refused.total(), report.set_aside.total()
        see = "" if dry_run else "; see `rollcall export refused`"
        told = f"rollcall: {refused} refused, {aside} set aside{see}"
        console.print(told, markup=False)
