"""`rollcall retry` (contract 4)."""

from __future__ import annotations

import typer

from infra.cli.common import WITH_REFUSALS, failures_told, policies, settings_of_command
from infra.event_logs import event_log
from infra.intake.retrying import Retry
from infra.snapshot import Snapshot


def retry() -> None:
    """Publish what was refused again, after a file or a code map was mended. Example: rollcall retry"""
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            done = Retry(log, Snapshot(log, policies(settings)), settings.batch_records).run()
    typer.echo(f"{done.accepted} taken off the list, {done.files} files read again", err=True)
    if not done.complete:
        why = ", ".join(f"{count} {reason}" for reason, count in sorted(done.refused.items()))
        told = "; ".join(
            part for part in (why, f"{done.set_aside} set aside" if done.set_aside else "") if part
        )
        typer.echo(f"rollcall: still refused: {told}; see `rollcall export refused`", err=True)
        raise typer.Exit(WITH_REFUSALS)
