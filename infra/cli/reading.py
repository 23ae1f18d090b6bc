"""What the commands share that read the state: the snapshot, and what is told about it."""

from __future__ import annotations

import typer

from infra.snapshot import Snapshot
from models.policy import PolicyOf
from streams.event_log import EventLog


def told_snapshot(log: EventLog, policy_of: PolicyOf, district: str | None) -> Snapshot:
    """What is known of a district, or of all; says on standard error what the worker has not seen yet."""
    snapshot = Snapshot(log, policy_of, districts=None if district is None else {district})
    if snapshot.waiting:
        typer.echo(
            f"rollcall: {snapshot.waiting} published messages still wait for the worker; they are included",
            err=True,
        )
    return snapshot
