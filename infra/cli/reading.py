"""What the commands share that read the state: the snapshot, what is told about it, and where data goes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import typer

from infra.cli.common import fail
from infra.exports.writing import opened
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


@contextmanager
def output(out: Path | None) -> Iterator[TextIO]:
    """Standard output or a file, for data; ends the command where that cannot be written."""
    try:
        with opened(out) as target:
            yield target
    except BrokenPipeError:
        # Whoever reads has enough, as `head` has; what is left in the buffer is nobody's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        fail(f"the file cannot be written: {error.strerror}")
