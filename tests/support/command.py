"""The command `rollcall` as a person runs it: a process of its own, on a home of its own."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.forked import Forks

CHECKOUT = Path(__file__).parents[2]
ENDS = 300  # seconds after which a command that does not end fails the test
_START = "from infra.cli.app import app; app(prog_name='rollcall')"
_FORKS = Forks(CHECKOUT)


@dataclass(frozen=True)
class Rollcall:
    """A home and a broker. `partitions` only matters for topics that are not there yet."""

    home: Path
    broker: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What the commands see; nothing of ROLLCALL_ from outside."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
        mine = {
            "ROLLCALL_HOME": str(self.home),
            "ROLLCALL_SQLITE_SYNC": "NORMAL",
            "PYTHONPATH": str(CHECKOUT),
        }
        if self.broker:
            mine |= {
                "ROLLCALL_BROKER": self.broker,
                "ROLLCALL_PARTITIONS": "3",
                "ROLLCALL_REPLICATION_FACTOR": "1",
            }
        return {**kept, **mine, **self.extra}

    def command(self, *words: str | Path) -> list[str]:
        """The words of a process."""
        return [sys.executable, "-c", _START, *map(str, words)]

    def run(self, *words: str | Path, status: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; another exit status than `status` (None: any) fails the test."""
        environment = self.environment
        done = _FORKS.run([*map(str, words)], environment, self.home, ENDS) or subprocess.run(
            self.command(*words), env=environment, cwd=self.home, text=True, capture_output=True,
            timeout=ENDS, check=False,
        )  # fmt: skip
        if status is not None:
            assert done.returncode == status, f"{words}: {done.returncode}\n{done.stderr}"
        return done

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Start a command and leave it running; its output goes to files in the home."""
        with (self.home / "started.err").open("a") as errors:
            return subprocess.Popen(
                self.command(*words), env=self.environment, cwd=self.home, text=True,
                stdout=subprocess.DEVNULL, stderr=errors,
            )  # fmt: skip

    def catch_up(self) -> None:
        """Process and store all that was published."""
        self.run("run", "--until-caught-up")

    def rows(self, *words: str) -> list[dict[str, str]]:
        """The rows of an export."""
        return list(csv.DictReader(io.StringIO(self.run("export", *words).stdout)))
