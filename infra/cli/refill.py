"""`rollcall refill`: a store that was lost is filled again."""

from __future__ import annotations

import typer

from infra.cli.common import fail, failures_told, policies, settings_of_command
from infra.event_logs import event_log


def refill() -> None:
    """Let the sink fill a lost store again, from the log and from what the worker knows.

    Stop the sink before. Example: rollcall refill && rollcall run
    """
    # Here, because no other command need load ClickHouse's client.
    from infra.clickhouse.refill import NotNow
    from infra.clickhouse.refill import refill as do_refill
    from infra.clickhouse.store import open_store

    with failures_told():
        settings = settings_of_command()
        policy_of = policies(settings)
        with open_store(settings) as store, event_log(settings) as log:
            try:
                done = do_refill(log, store, policy_of)
            except NotNow as error:
                fail(str(error))
    typer.echo(
        f"rollcall: {done.facts} facts of {done.districts} districts are published again; from its next "
        "start on the sink stores them, and all that the log still has",
        err=True,
    )
