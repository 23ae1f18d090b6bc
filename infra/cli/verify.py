"""`rollcall verify`: is what is stored what the records say?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.cli.common import FAILED, fail, failures_told, policies, settings_of_command
from infra.event_logs import event_log
from infra.exports.writing import opened, write
from infra.snapshot import Snapshot
from models.school_year import label
from streams.event_log import EventLog

COLUMNS = ("check", "district_id", "school_year", "of", "stored", "expected")


def verify(
    district: Annotated[str | None, typer.Option(help="Only this district.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write to this file instead of standard output.")
    ] = None,
    counts: Annotated[bool, typer.Option("--counts", help="Only say how many; write no row.")] = False,
) -> None:
    """Recount the stored facts and compare with what is derived, the stream's state and the alerts.

    Example: rollcall verify --out differences.csv
    """
    # Here, because no other command need load ClickHouse's client.
    from infra.clickhouse.client import why_unavailable
    from infra.clickhouse.store import open_store
    from infra.verify.run import compare
    from infra.verify.run import counts as counted

    with failures_told():
        settings = settings_of_command()
        policy_of = policies(settings)
        with open_store(settings) as store, event_log(settings) as log:
            before = _settled(log)
            snapshot = Snapshot(log, policy_of, districts=None if district is None else {district})
            try:
                found = list(compare(store.client, snapshot, policy_of))
            except ClickHouseError as error:
                fail(why_unavailable(settings, error))
            if _settled(log) != before:
                fail("records came in while the store was compared; call it again, at a quiet hour")
        rows = [
            {
                "check": each.check,
                "district_id": each.district_id,
                "school_year": label(each.school_year) if each.school_year else "",
                "of": _text(each.of),
                "stored": _text(each.stored),
                "expected": _text(each.expected),
            }
            for each in found
        ]
        if not counts:
            try:
                with opened(out) as target:
                    write(rows, COLUMNS, frozenset(), "csv", target)
            except OSError as error:
                fail(f"the file for the differences cannot be written: {error.strerror}")
    for check, number in counted(found).items():
        typer.echo(f"rollcall: {check}: {number} differences", err=True)
    if found:
        raise typer.Exit(FAILED)


def _settled(log: EventLog) -> tuple[int, ...]:
    """The ends of what the worker writes. Ends the command where worker or sink has not caught up."""
    from infra.running.caught_up import PLACES, waiting

    left = sum(waiting(log, group, topic) for group, topic in PLACES)
    if left:
        fail(
            f"{left} messages are not processed and stored yet, so that nothing can be compared; let worker "
            "and sink catch up (`rollcall run --until-caught-up`) and call it again"
        )
    return tuple(
        log.end(topic, partition) for _, topic in PLACES for partition in range(log.partitions(topic))
    )


def _text(row: tuple[object, ...] | None) -> str:
    return "" if row is None else json.dumps(row, default=str, ensure_ascii=False, separators=(",", ":"))
