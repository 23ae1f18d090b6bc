"""What the history came to: read back from ClickHouse and from the list of refusals, not worked out again."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from infra.clickhouse.client import open_client
from infra.clickhouse.queries import RuleCount, alerts_by_rule, students_by_tier
from infra.demo.history import Took
from infra.demo.words import percent, title
from infra.exports import refused
from infra.exports.refused import Scope
from infra.metrics import RULES
from infra.settings import Settings
from infra.snapshot import Snapshot
from models.columns import Kind
from models.policy import contract
from models.refusal import Reason
from streams.event_log import EventLog

CONDITIONS = ("standing", "recovered", "withdrawn")
_TIERS = {
    "III": "Tier III (20 % or more)",
    "II": "Tier II (10 % up to 20 %)",
    "I": "Tier I (below 10 %)",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """Students by tier (blank: pre-kindergarten), alerts by rule and condition, refusals by reason and
    column, and the attendance records set aside by code."""

    tiers: dict[str, int]
    alerts: list[RuleCount]
    refused: Counter[tuple[str, str]]
    set_aside: int


def read(settings: Settings, log: EventLog, district: str, year: int) -> Summary:
    """The state of the district's school year. Raises StoreUnavailable, LogUnavailable."""
    client = open_client(settings)
    try:
        client.database = settings.clickhouse_database
        tiers = students_by_tier(client, district, year)
        alerts = alerts_by_rule(client, district, year)
    finally:
        client.close()
    snapshot = Snapshot(log, contract, kinds=tuple(Kind))
    counted: Counter[tuple[str, str]] = Counter()
    for row in refused.rows(log, snapshot, Scope()):
        counted[row["reason"], row["field"]] += 1
    set_aside = counted.pop((Reason.UNMAPPED_CODE.value, "code"), 0)
    return Summary(tiers, alerts, counted, set_aside)


def show(console: Console, summary: Summary, took: Took) -> None:
    """Three tables and the speed."""
    for table in (_tiers(summary.tiers), _alerts(summary.alerts), _refused(summary)):
        console.print()
        console.print(table)
    console.print()
    rate = took.records / took.processed
    text = (
        f"{took.records:,} records in {took.processed:.1f} s: {rate:,.0f} events a second; "
        f"all stored in ClickHouse after {took.stored:.1f} s"
    )
    console.print(text, soft_wrap=True)


def next_steps(console: Console, home: Path, command: str, through: date) -> None:
    """Where everything lies, and what to try; `through` is the last day of the history."""
    at = f"ROLLCALL_HOME={shlex.quote(shown(home))} {command}"
    lines = (
        f"\nEverything lies in {shown(home)}, until the next demo. To try next:",
        f"  {at} export alerts --current --student cast-ana",
        f"  {at} export standings --as-of {through}",
        f"  {at} export refused",
        f"  {command} demo    (new school days stream in, until Ctrl-C)",
        "docs/cast.md tells the stories of Ana and fourteen others; docs/rules.md explains each rule.",
    )
    for line in lines:
        console.print(line, soft_wrap=True, markup=False)


def shown(path: Path) -> str:
    """A path as one would type it: short where it lies below the folder one stands in."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _table(name: str, first: str, *numbers: str) -> Table:
    table = Table(title=name, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column(first, min_width=22)
    for number in numbers:
        table.add_column(number, justify="right")
    return table


def _tiers(tiers: dict[str, int]) -> Table:
    table = _table("Students by tier", "K-12, days of this year", "students", "share")
    k12 = sum(tiers.get(tier, 0) for tier in _TIERS)
    for tier, words in _TIERS.items():
        students = tiers.get(tier, 0)
        table.add_row(words, f"{students:,}", percent(students, k12) if k12 else "")
    if tiers.get(""):
        table.add_row("pre-kindergarten, no tier", f"{tiers['']:,}", "")
    return table


def _alerts(alerts: list[RuleCount]) -> Table:
    table = _table("Alerts by rule", "", "rule", *CONDITIONS)
    table.columns[1].justify = "left"
    counted = {(held.rule, held.condition): held.alerts for held in alerts}
    rules = dict.fromkeys((*RULES, *(held.rule for held in alerts)))
    for rule in rules:
        numbers = [counted.get((rule, condition), 0) for condition in CONDITIONS]
        if any(numbers):
            table.add_row(title(rule), rule, *(f"{number:,}" for number in numbers))
    totals = [sum(counted.get((rule, condition), 0) for rule in rules) for condition in CONDITIONS]
    table.add_row("all", "", *(f"{total:,}" for total in totals), style="bold")
    return table


def _refused(summary: Summary) -> Table:
    table = _table("Records refused or set aside", "reason", "column", "records")
    table.columns[1].justify = "left"
    for (reason, field), count in sorted(summary.refused.items()):
        table.add_row(reason, field, f"{count:,}")
    table.add_row("set aside: unmapped_code", "code", f"{summary.set_aside:,}")
    return table
