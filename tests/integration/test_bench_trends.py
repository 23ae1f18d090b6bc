"""The bench of trends on a small state, so that it cannot rot; its times are not judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.verify.checks import of_store
from infra.verify.recount import years
from infra.verify.run import counts
from models.policy import contract
from tests.bench.trends.asked import QUESTIONS
from tests.bench.trends.build import built
from tests.bench.trends.measure import change_all
from tests.bench.trends.state import State

CHECKOUT = Path(__file__).parents[2]
STUDENTS, DAYS = 2_000, 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench-trends")


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    """The JSON of one run, with the lines that it printed."""
    file = folder / "made" / "bench-trends.json"
    command = [
        sys.executable, "-m", "tests.bench.trends", "--students", str(STUDENTS), "--days", str(DAYS),
        "--runs", "2", "--corrections", "2", "--folder", str(folder), "--json", str(file),
    ]  # fmt: skip
    # A setting from outside must not reach what is measured.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    done = subprocess.run(
        command, env=kept, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    for words in ("2,000 students, 3 districts, 40 days", "computing ms", "one correction until"):
        assert words in done.stdout
    result: dict[str, Any] = json.loads(file.read_text())
    return result


def test_each_question_is_asked_about_each_scope_and_is_answered(found: dict[str, Any]) -> None:
    (state,) = found["states"]
    asked = {(each["question"], each["scope"]): each for each in state["questions"]}
    assert set(asked) == {(question.name, kind) for question in QUESTIONS for kind in question.scopes}
    for (question, kind), each in asked.items():
        assert each["runs"] == 2 and each["p95"] >= each["p50"] > 0
        assert each["rows_read"] > 0 and each["bytes_read"] > 0
        # A school that is late need not be among the few, nor a student of a rare group who has an alert.
        rare = question == "late schools" or (question == "alerts as known then" and kind != "state")
        assert each["rows_answered"] > 0 or rare, (question, kind)


def test_changes_and_the_disk_are_measured(found: dict[str, Any]) -> None:
    (state,) = found["states"]
    correction = state["correction_ms"]
    assert correction["most"] >= correction["p95"] >= correction["p50"] > 0
    assert state["mass_change"]["largest"]["facts"] > state["mass_change"]["median"]["facts"] > 0
    facts = state["tables"]["student_day_facts"]["rows"]
    # Some leave; two in a hundred facts are corrected.
    assert 0.9 * STUDENTS * DAYS < facts < 1.1 * STUDENTS * DAYS
    assert state["tables"]["fact_history"]["bytes"] > 0


def test_what_was_built_is_used_again_and_is_what_the_product_derives(
    folder: Path, found: dict[str, Any]
) -> None:
    told: list[str] = []
    with built(folder / str(STUDENTS), State(STUDENTS, DAYS), told.append) as store:
        assert told == []
        students, corrected = store.client.query(
            "SELECT uniqExact(student_id), countIf(version BETWEEN 1000 AND 2000) FROM fact_history"
        ).result_rows[0]
        assert students > 0.9 * STUDENTS and corrected > 0
        # Once more, on what the first run has changed.
        assert change_all(store)["largest"]["facts"] > 0
        for district, year in years(store.client):
            wrong = counts(of_store(store.client, district, year, contract(district, year)))
            # No alerts are made.
            assert {check for check, number in wrong.items() if number} <= {"crossings"}
