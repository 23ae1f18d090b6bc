"""What the commands of `rollcall report` share: the one district a paper is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.common import USAGE, fail, failures_told, policies, settings_of_command
from infra.cli.reading import told_snapshot
from infra.event_logs import event_log
from infra.snapshot import Snapshot
from models.policy import PolicyOf

Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of standard output.")]
District = Annotated[
    str | None, typer.Option(help="The district the paper is about; needed where several are known.")
]


@contextmanager
def one_district(district: str | None) -> Iterator[tuple[str, Snapshot, PolicyOf]]:
    """What is known of the named district, or of the only one. Ends the command where there is none."""
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            yield the_one(snapshot, district), snapshot, policy_of


def the_one(snapshot: Snapshot, district: str | None) -> str:
    """The district that is named, or the only one. Ends the command where there is none, or several."""
    known = snapshot.districts()
    if not known:
        whose = "anything" if district is None else "this district"
        fail(f"nothing is known of {whose}; see rollcall ingest")
    if len(known) > 1:
        fail(f"{len(known)} districts are known, and a paper is about one: name it with --district", USAGE)
    return known[0]
