"""The bench in its quick form, so that it cannot rot; its numbers hang on the machine and are not judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[2]
TASKS = ("bare", "stream", "pipeline")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The JSON of one quick run."""
    file = tmp_path_factory.mktemp("bench") / "made" / "bench.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "--broker", "sqlite", "--json", str(file)],
        # A setting from outside must not reach the processes that are measured.
        env={**os.environ, "ROLLCALL_BATCH_RECORDS": "0"},
        cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in ("Rates on sqlite", "bare consumer", "computing goes", "more students", "recovery"):
        assert words in done.stdout
    result: dict[str, Any] = json.loads(file.read_text())
    return result


def test_says_what_was_measured_and_where(found: dict[str, Any]) -> None:
    assert found["quick"] is True
    assert {"date", "python", "machine", "sizes"} <= found.keys()
    assert list(found["brokers"]) == ["sqlite"]


def test_rates_are_compared_with_the_bare_consumer(found: dict[str, Any]) -> None:
    rates = found["brokers"]["sqlite"]["rates"]
    assert tuple(rates) == TASKS
    for held in rates.values():
        assert held["events_per_second"] > 0
        assert held["computing_us_per_event"] > 0
        assert len(held["rounds"]) == 1
    assert rates["bare"]["ratio"] == 1


def test_every_event_of_the_growth_is_measured(found: dict[str, Any]) -> None:
    growth = found["brokers"]["sqlite"]["growth"]
    assert [each["students"] for each in growth] == [10, 100, 1000]
    for each in growth:
        assert each["events"] == each["students"] * each["days"]
        assert each["changelog_bytes"] > 0


def test_the_steps_are_the_whole(found: dict[str, Any]) -> None:
    steps = found["brokers"]["sqlite"]["steps"]
    assert len(steps) == 7
    assert sum(each["share"] for each in steps) == pytest.approx(1)


def test_memory_and_recovery_say_of_what(found: dict[str, Any]) -> None:
    numbers = found["brokers"]["sqlite"]
    assert numbers["memory"]["students"] == 400
    assert numbers["memory"]["changelog_bytes_per_student"] > 0
    recovery = numbers["recovery"]
    assert recovery["students"] == 1000
    assert (
        recovery["seconds_to_first_message"]
        <= recovery["seconds_to_first_district"]
        <= recovery["seconds_to_every_district"]
    )
