"""A sink that is killed with -9 between any two of its effects: in the end it is as if it had not been."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from streams import alerts_message, facts_message
from streams.event_log import Outgoing
from streams.topics import ALERTS, CHANGELOG, FACTS
from tests.support import made_alerts, made_facts
from tests.support.chdb_store import log_in
from tests.support.made_students import codes, students


def published(folder: Path) -> Path:
    """A folder with a log of facts, alerts and a message that cannot be read."""
    folder.mkdir()
    with log_in(folder) as log:
        history = made_facts.history(seed=5, messages=60)
        # Districts of their own, or later messages would make good what a crash has left undone.
        facts = [facts_message.pack(replace(held, district=f"D{n // 2}")) for n, held in enumerate(history)]
        log.append(FACTS.name, [*facts[:20], Outgoing(b"D1", b'{"schema":1,"dist'), *facts[20:]])
        log.append(CHANGELOG, [held for n in range(30) for held in students(f"D{n}", n)])
        log.append(CHANGELOG, [codes(f"D{n}", {"EX0": f"ill in D{n}"}) for n in range(30)])
        log.append(ALERTS.name, [alerts_message.pack([event]) for event in made_alerts.histories(seed=5)])
    return folder


def run(folder: Path, *fuse: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.support.sink_process", str(folder), *fuse]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Any, Any]:
    """The effects of a run that nothing disturbed, what the store holds then, and what was refused."""
    done = run(published(tmp_path_factory.mktemp("killed") / "undisturbed"))
    assert done.returncode == 0, done.stderr
    effects, tables, refused = json.loads(done.stdout)
    return effects, tables, refused


# What outlives the process, the rarest first, before it is over.
DURABLE = (
    "INSERT INTO students",
    "INSERT INTO code_labels",
    "append",
    "commit",
    "INSERT INTO student_day_facts",
    "INSERT INTO fact_history",
    "INSERT INTO day_counts",
    "INSERT INTO reason_counts",
    "INSERT INTO district_days",
    "INSERT INTO district_bands",
    "INSERT INTO district_reasons",
    "INSERT INTO district_spans",
    "INSERT INTO school_days",
    "INSERT INTO stored_positions",
    "INSERT INTO alert_events",
    "INSERT INTO alert_history",
    "INSERT INTO standings",
)


def test_killed_before_each_kind_of_effect(undisturbed: tuple[list[str], Any, Any], tmp_path: Path) -> None:
    effects, tables, refused = undisturbed
    assert set(DURABLE) < set(effects)
    # Published rates are no part of this history; that they come again unharmed has a test of its own.
    assert all(rows or table == "published_rates" for table, rows in tables.items()) and len(refused) == 1
    folder = published(tmp_path / "killed")
    for kind in DURABLE:
        # Where there is a second one, it is that, so that each start stores something.
        done = run(folder, kind, "1" if kind in ("append", "INSERT INTO code_labels") else "2")
        assert done.returncode == -signal.SIGKILL, (kind, done.stderr)
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[1:] == [tables, refused]
