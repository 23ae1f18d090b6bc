"""`rollcall late`: what it lists, at which instant, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.cli.app import app

FILES = {
    "calendar": "district_id,school_id,date,kind,recorded_at\n"
    + "".join(
        f"{district},S,2021-09-01,instructional,2021-08-01T00:00:00Z\n" for district in ("East", "West")
    ),
    "enrollment": "district_id,school_id,student_id,grade,entry_date,recorded_at\n"
    + "".join(
        f"{district},S,child-{number},5,2021-09-01,2021-08-01T00:00:00Z\n"
        for district in ("East", "West")
        for number in range(3)
    ),
}
POLICY = """
[[policy]]
version = "west"
districts = ["West"]
timezone = "America/Los_Angeles"
report_by = "09:00"
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ROLLCALL_POLICY_FILE", str(tmp_path / "policy.toml"))
    (tmp_path / "policy.toml").write_text(POLICY)
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    done = CliRunner().invoke(app, ["ingest", *map(str, sorted(tmp_path.glob("*.csv")))])
    assert done.exit_code == 0, done.output


def told(*words: str) -> str:
    done = CliRunner().invoke(app, ["late", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def districts(at: str, *words: str) -> list[str]:
    return [row["district_id"] for row in json.loads(told("--json", "--at", at, *words))]


def test_each_district_is_late_by_its_own_hour() -> None:
    assert districts("2021-09-01T10:29:59-04:00") == []
    assert districts("2021-09-01T10:30:00-04:00") == ["East"]
    assert districts("2021-09-01T16:00:00z") == ["East", "West"]
    assert districts("2021-09-01T16:00:00Z", "--district", "West") == ["West"]


def test_a_row_says_where_when_and_how_many_and_names_nobody() -> None:
    text = told("--json", "--at", "2021-09-01T10:30:00-04:00")
    assert json.loads(text) == [
        {"district_id": "East", "school_id": "S", "date": "2021-09-01", "students_waiting": 3}
    ]
    table = told("--at", "2021-09-01T20:00:00-04:00")
    assert "East" in table and "2021-09-01" in table and "child" not in table


def test_that_nobody_is_late_is_said_too() -> None:
    assert (
        told("--at", "2021-09-01T06:00:00-04:00")
        == "every school has reported every school day that is due\n"
    )


@pytest.mark.parametrize("instant", ["2021-09-01", "2021-09-01T10:30:00", "now", "2021-09-01T25:00:00Z"])
def test_an_instant_without_a_zone_is_no_instant(instant: str) -> None:
    done = CliRunner().invoke(app, ["late", "--at", instant])
    assert done.exit_code == 2
    assert "2021-12-15T10:45:00-05:00" in done.stderr
