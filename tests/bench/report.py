"""The numbers as tables for a person."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

_RATES = {
    "bare": "bare consumer, only decodes with pydantic",
    "stream": "stream part: the worker",
    "pipeline": "whole pipeline: worker, sink, chDB",
}


def show(console: Console, broker: str, found: dict[str, Any]) -> None:
    """Print the numbers of one event log."""
    for table in (_rates(broker, found), _steps(found), _growth(found), _sizes(found)):
        console.print(table)


def _rates(broker: str, found: dict[str, Any]) -> Table:
    table = Table("", "events/s", "of bare", "computing, µs an event", "of bare", title=f"Rates on {broker}")
    for name, words in _RATES.items():
        held = found["rates"][name]
        table.add_row(
            words,
            f"{held['events_per_second']:,.0f}",
            f"{held['ratio']:.3f}",
            f"{held['computing_us_per_event']:.2f}",
            f"{held['computing_ratio']:.3f}",
        )
    return table


def _steps(found: dict[str, Any]) -> Table:
    table = Table("step", "µs an event", "share", title="Where the stream part's computing goes")
    for held in found["steps"]:
        table.add_row(held["step"], f"{held['us_per_event']:.2f}", f"{held['share']:.0%}")
    return table


def _growth(found: dict[str, Any]) -> Table:
    title = "The stream part with more students"
    table = Table(
        "students", "days", "events", "computing, µs an event", "memory, bytes a student", title=title
    )
    for held in found["growth"]:
        table.add_row(
            f"{held['students']:,}",
            f"{held['days']}",
            f"{held['events']:,}",
            f"{held['computing_us_per_event']:.2f}",
            f"{held['memory_bytes_per_student']:,.0f}",
        )
    return table


def _sizes(found: dict[str, Any]) -> Table:
    memory, recovery = found["memory"], found["recovery"]
    table = Table("", "", title="Memory, changelog, recovery")
    year = f"{memory['students']:,} students, {memory['days']} days"
    table.add_row(f"memory a student ({year})", f"{memory['memory_bytes_per_student']:,.0f} bytes")
    table.add_row(f"changelog a student ({year})", f"{memory['changelog_bytes_per_student']:,.0f} bytes")
    state = (
        f"{recovery['students']:,} students, {recovery['days']} days, {recovery['districts']} districts, "
        f"{recovery['changelog_bytes'] / 1e6:,.0f} MB of changelog"
    )
    table.add_row(
        f"recovery until a message is taken ({state})", f"{recovery['seconds_to_first_message']:.1f} s"
    )
    table.add_row(
        "... until the first district is up to date", f"{recovery['seconds_to_first_district']:.1f} s"
    )
    table.add_row("... until every district is", f"{recovery['seconds_to_every_district']:.1f} s")
    return table
