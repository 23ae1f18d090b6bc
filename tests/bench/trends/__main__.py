"""How fast questions about a state are on this machine: `python -m tests.bench.trends` (docs/speed.md)."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.bench.trends.asked import QUESTIONS
from tests.bench.trends.build import built
from tests.bench.trends.measure import ask_all, change_all, correct, sizes
from tests.bench.trends.report import show
from tests.bench.trends.state import CONNECTICUT, State


def main() -> int:
    """Build the state where it is not there yet, measure, print tables and write the JSON."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bench.trends", description=__doc__)
    arguments.add_argument(
        "--students", type=int, nargs="+", default=[CONNECTICUT // 10, CONNECTICUT],
        help="sizes, one after the other; default: a tenth of Connecticut, and all of it",
    )  # fmt: skip
    arguments.add_argument("--days", type=int, default=180, help="school days; default: 180")
    arguments.add_argument("--runs", type=int, default=50, help="of each question and scope; default: 50")
    arguments.add_argument(
        "--question", nargs="+", metavar="NAME", default=[each.name for each in QUESTIONS],
        choices=[each.name for each in QUESTIONS], help="only these, by their names in the table",
    )  # fmt: skip
    arguments.add_argument("--corrections", type=int, default=100, help="single ones; default: 100")
    arguments.add_argument(
        "--folder", type=Path, default=Path("var/bench-trends"), help="keeps what was built"
    )
    arguments.add_argument("--json", type=Path, default=Path("var/bench-trends.json"))
    given = arguments.parse_args()
    console, notes = Console(width=120), Console(stderr=True, highlight=False)
    begun = time.monotonic()

    def told(what: str) -> None:
        notes.print(f"{time.monotonic() - begun:6.0f} s  {what}")

    found: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "states": [],
    }
    for students in given.students:
        state = State(students, given.days)
        folder = given.folder / str(students)
        started = time.monotonic()
        with built(folder, state, told) as store:
            found["states"].append(
                {
                    "state": {**asdict(state), "districts": state.districts},
                    "build_seconds": time.monotonic() - started,
                    "tables": sizes(store.client),
                    "questions": ask_all(
                        store, folder / "chdb", given.question, given.runs, state.seed, told
                    ),
                    "correction_ms": correct(
                        store, folder / "log", given.corrections, round(time.time())
                    )._asdict(),
                    "mass_change": change_all(store),
                }
            )
    show(console, found)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found, indent=1) + "\n")
    notes.print(f"the numbers are in {given.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
