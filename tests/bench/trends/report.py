"""The numbers as tables for a person."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

AIM_MS, LIMIT_MS = 50, 200


def show(console: Console, found: dict[str, Any]) -> None:
    """Print all states of a run, and how each question grew between the first and the last of them."""
    console.print(f"{found['date']}, Python {found['python']}, {found['machine']}")
    for held in found["states"]:
        console.print(_questions(held))
        console.print(_rest(held))
    if len(found["states"]) > 1:
        console.print(_growth(found["states"][0], found["states"][-1]))


def _name(held: dict[str, Any]) -> str:
    state = held["state"]
    return f"{state['students']:,} students, {state['districts']} districts, {state['days']} days"


def _questions(held: dict[str, Any]) -> Table:
    missed = sum(each["p95"] > AIM_MS for each in held["questions"])
    over = sum(each["p95"] > LIMIT_MS for each in held["questions"])
    table = Table(
        "question", "scope", "runs", "p50 ms", "p95 ms", "computing ms", "rows read", "MB read",
        title=f"{_name(held)}: {missed} over {AIM_MS} ms at p95, {over} over {LIMIT_MS} ms",
    )  # fmt: skip
    for each in held["questions"]:
        table.add_row(
            each["question"], each["scope"], str(each["runs"]), f"{each['p50']:.1f}", f"{each['p95']:.1f}",
            f"{each['computing']:.1f}", f"{each['rows_read']:,}", f"{each['bytes_read'] / 1e6:.1f}",
        )  # fmt: skip
    return table


def _rest(held: dict[str, Any]) -> Table:
    table = Table("", "", title="Changes and the disk")
    correction = held["correction_ms"]
    table.add_row(
        f"one correction until every aggregate has it ({correction['runs']} runs)",
        f"{correction['p50']:.0f} ms, p95 {correction['p95']:.0f} ms, {correction['most']:.0f} ms at most",
    )
    for name, change in held["mass_change"].items():
        table.add_row(
            f"a code changed back to September, {name} district: {change['students']:,} students, "
            f"{change['facts']:,} facts",
            f"{change['insert_seconds']:.1f} s to insert, {change['recount_seconds']:.1f} s to recount",
        )
    facts = held["tables"]["student_day_facts"]["rows"]
    for name, size in held["tables"].items():
        if size["bytes"] > facts / 100:
            table.add_row(
                f"{name}: {size['rows']:,} rows, {size['bytes'] / 1e6:,.0f} MB in {size['parts']} parts",
                f"{size['bytes'] / facts:.2f} bytes a fact",
            )
    return table


def _growth(small: dict[str, Any], large: dict[str, Any]) -> Table:
    before = {(each["question"], each["scope"]): each for each in small["questions"]}
    table = Table(
        "question", "scope", "p95 ms", "then", "times", title=f"{_name(small)}, then {_name(large)}"
    )
    for each in large["questions"]:
        held = before[each["question"], each["scope"]]
        table.add_row(
            each["question"], each["scope"], f"{held['p95']:.1f}", f"{each['p95']:.1f}",
            f"{each['p95'] / held['p95']:.1f}",
        )  # fmt: skip
    return table
