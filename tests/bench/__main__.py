"""How fast Rollcall is on this machine: `python -m tests.bench` (docs/speed.md)."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.bench import place
from tests.bench.measure import Failed, measure
from tests.bench.report import show
from tests.bench.sizes import FULL, QUICK, Sizes
from tests.kafka import jars

_PLACES: dict[str, Callable[[Path], AbstractContextManager[place.Place]]] = {
    "kafka": place.kafka,
    "sqlite": place.sqlite,
}


def main() -> int:
    """Measure, print tables and write the JSON."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    arguments.add_argument(
        "--broker", choices=[*_PLACES, "both"], help="default: kafka where it can be started"
    )
    arguments.add_argument(
        "--quick", action="store_true", help="a minute, to see that it works; means nothing"
    )
    arguments.add_argument(
        "--json", type=Path, default=Path("var/bench.json"), help="default: var/bench.json"
    )
    given = arguments.parse_args()
    sizes = QUICK if given.quick else FULL
    console = Console(width=110)
    notes = Console(stderr=True, highlight=False)
    try:
        brokers = list(_PLACES) if given.broker == "both" else [given.broker or _broker(notes)]
        found: dict[str, Any] = {
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
            "quick": given.quick,
            "sizes": asdict(sizes),
            "brokers": {},
        }
        for broker in brokers:
            found["brokers"][broker] = _measured(broker, sizes, notes)
    except (jars.Missing, Failed) as error:
        notes.print(f"bench: {error}", markup=False)
        return 1
    main = sizes.main
    console.print(f"{found['date']}, Python {found['python']}, {found['machine']}")
    console.print(
        f"{main.events:,} events of {main.all_students:,} students in {main.districts} districts and "
        f"{main.districts * main.schools} schools on {main.days} days, {main.students} events a message; "
        f"medians of {sizes.rounds}, the pipeline once"
    )
    for broker, numbers in found["brokers"].items():
        show(console, broker, numbers)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found, indent=1) + "\n")
    notes.print(f"the numbers are in {given.json}")
    return 0


def _broker(notes: Console) -> str:
    """Kafka where this machine has what a broker needs."""
    try:
        jars.java()
        jars.class_path()
    except jars.Missing as missing:
        notes.print(f"on SQLite: {missing}", markup=False)
        return "sqlite"
    return "kafka"


def _measured(broker: str, sizes: Sizes, notes: Console) -> dict[str, Any]:
    started = time.monotonic()

    def told(what: str) -> None:
        notes.print(f"{time.monotonic() - started:6.0f} s  {broker}: {what}")

    with (
        tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder,
        _PLACES[broker](Path(folder)) as where,
    ):
        return {**measure(where, sizes, told), "seconds": time.monotonic() - started}


if __name__ == "__main__":
    sys.exit(main())
