"""`rollcall policy show`: the numbers that hold for a district and a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.cli.app import app

FILE = """
[[policy]]
version = "all"
minimum_days = 25

[[policy]]
version = "ours"
districts = ["0042"]
from = "2024-25"
tier_2_opens = "1/8"
"""


@pytest.fixture
def policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(FILE)
    monkeypatch.setenv("ROLLCALL_POLICY_FILE", str(path))
    return path


def shown(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["policy", "show", "--json", *words])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("district", "day", "version", "days", "share"),
    [
        ("0042", "2024-07-01", "ours", 20, "1/8"),
        ("0042", "2025-06-30", "ours", 20, "1/8"),
        ("0042", "2024-06-30", "all", 25, "1/10"),
        ("0007", "2024-07-01", "all", 25, "1/10"),
    ],
)
def test_the_numbers_are_those_of_the_district_and_the_day(
    policy_file: Path, district: str, day: str, version: str, days: int, share: str
) -> None:
    held = shown("--on", day, "--district", district)
    assert (held["version"], held["minimum_days"], held["tier_2_opens"]) == (version, days, share)
    assert held["mhw_requires_permission"] is True


def test_without_a_file_they_are_the_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROLLCALL_POLICY_FILE", raising=False)
    held = shown("--on", "2021-09-01", "--district", "1")
    assert (held["version"], held["school_year"]) == ("contract-1", "2021-22")
    assert held["tier_2_recovers"] == "9/100"


def test_the_table_names_the_file_and_what_differs(
    policy_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    done = CliRunner().invoke(app, ["policy", "show", "--on", "2024-10-01", "--district", "0042"])
    rows = [line.split() for line in done.stdout.replace("│", " ").splitlines()]
    assert ["tier_2_opens", "1/8", "1/10"] in rows
    assert ["minimum_days", "20"] in rows
    assert done.stdout.splitlines()[-1] == f"from {policy_file}"


def test_codes_and_switches_are_shown_as_the_file_has_them(
    policy_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = 'iss_codes = ["ISS"]\nexempt = [{ codes = ["MIL"], days = 10 }]\nlevel_counts_mhw = false\n'
    policy_file.write_text('[[policy]]\nversion = "ours"\n' + lines)
    held = shown("--on", "2024-10-01", "--district", "1")
    assert (held["iss_codes"], held["exempt"]) == (["ISS"], [{"codes": ["MIL"], "days": 10}])
    assert (held["meeting_days"], held["unknown_becomes_unexcused"]) == (10, False)
    monkeypatch.setenv("COLUMNS", "120")
    table = CliRunner().invoke(app, ["policy", "show", "--on", "2024-10-01", "--district", "1"]).stdout
    rows = [[cell.strip() for cell in line.split("│")[1:4]] for line in table.splitlines()]
    assert ["iss_codes", '["ISS"]', "[]"] in rows
    assert ["exempt", '[{ codes = ["MIL"], days = 10 }]', "[]"] in rows
    assert ["level_counts_mhw", "false", "true"] in rows


@pytest.mark.parametrize("day", ["2024-02-30", "today", ""])
def test_a_day_that_is_none_is_told(day: str) -> None:
    done = CliRunner().invoke(app, ["policy", "show", "--on", day, "--district", "1"])
    assert done.exit_code == 2
    assert "2021-12-15" in done.stderr


def test_a_policy_file_that_cannot_be_used_is_told(policy_file: Path) -> None:
    policy_file.write_text('[[policy]]\nversion = "x"\ntier_2_open = "1/8"\n')
    done = CliRunner().invoke(app, ["policy", "show", "--on", "2024-10-01", "--district", "1"])
    assert done.exit_code == 2
    assert "is tier_2_opens meant?" in done.stderr
