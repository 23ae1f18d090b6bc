"""`rollcall ingest --format csv`: the options, and what an operator is told."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from infra.cli.app import app
from tests.unit.test_mapped_csv import ATTENDANCE, HEAD, ROWS


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    (tmp_path / "m.toml").write_text(HEAD + ATTENDANCE)
    (tmp_path / "att.csv").write_text(ROWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_files_are_published_through_their_mapping() -> None:
    done = run("ingest", "att.csv", "--format", "csv", "--mapping", "m.toml", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["records"] == {"attendance": 2, "code": 2}
    assert "columns that the mapping does not name were not read: 1" in done.stderr


def test_what_is_refused_is_listed_as_it_came() -> None:
    Path("att.csv").write_text(ROWS.replace("9/3/2024,", "31/3/2024,"))
    assert run("ingest", "att.csv", "--format", "csv", "--mapping", "m.toml").exit_code == 3
    (row,) = csv.DictReader(io.StringIO(run("export", "refused").stdout))
    assert (row["file"], row["line"], row["kind"], row["reason"]) == (
        "att.csv",
        "2",
        "attendance",
        "bad_date",
    )
    assert row["record"] == "007,31/3/2024,A,195,9/3/2024 8:15 AM,x"


def test_a_mended_row_leaves_the_list() -> None:
    Path("att.csv").write_text(ROWS.replace(",195,", ",1950,"))
    assert run("ingest", "att.csv", "--format", "csv", "--mapping", "m.toml").exit_code == 3
    assert run("retry").exit_code == 3
    Path("att.csv").write_text(ROWS)
    done = run("ingest", "att.csv", "--format", "csv", "--mapping", "m.toml", "--json")
    assert json.loads(done.stdout)["mended"] == 1
    assert len(run("export", "refused").stdout.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "csv"),
        ("--mapping", "m.toml"),
        ("--format", "edfi", "--mapping", "m.toml"),
        ("--exported-at", "2024-10-01T00:00:00Z"),
    ],
)
def test_a_mapping_and_its_format_belong_together(words: tuple[str, ...]) -> None:
    done = run("ingest", "att.csv", *words)
    assert done.exit_code == 2
    assert "--format csv --mapping FILE" in done.stderr


def test_a_mapping_that_cannot_be_used_is_told_before_anything_is_read(home: Path) -> None:
    Path("m.toml").write_text(HEAD + ATTENDANCE.replace("student_id", "pupil"))
    done = run("ingest", "att.csv", "--format", "csv", "--mapping", "m.toml")
    assert done.exit_code == 2
    assert "files entry 1: columns: attendance has no pupil" in done.stderr
    assert not (home / "home").exists()


def test_a_time_of_export_without_an_offset_is_told() -> None:
    done = run("ingest", "att.csv", "--format", "csv", "--mapping", "m.toml", "--exported-at", "yesterday")
    assert done.exit_code == 2
    assert "offset" in done.stderr


SHEET = """ID,Grade,9/3,9/4,9/5,9/6
s1,3,A,,E,A
s2,K,,T,,
s3,PK,,,,A
"""
SHEET_MAPPING = """
district = "D"
codes_recorded_at = "2024-08-20T12:00:00-04:00"
codes = [
    { code = "A", status = "absent", class = "unexcused" },
    { code = "E", status = "absent", class = "excused" },
    { code = "T", status = "in_attendance" },
]
[[files]]
kind = "attendance"
[files.columns]
student_id = "ID"
school_id = { constant = "N" }
[files.days]
date_format = "%m/%d"
school_year = "2024-25"
calendar = true
enrollment = true
grade = "Grade"
"""


def test_standings_follow_from_a_sheet_alone() -> None:
    Path("sheet.csv").write_text(SHEET)
    Path("sheet.toml").write_text(SHEET_MAPPING)
    exported = ("--exported-at", "2024-09-06T16:00:00-04:00")
    done = run("ingest", "sheet.csv", "--format", "csv", "--mapping", "sheet.toml", *exported)
    assert done.exit_code == 0, done.output
    found = csv.DictReader(io.StringIO(run("export", "standings", "--as-of", "2024-09-06").stdout))
    assert [
        (row["student_id"], row["enrolled_days"], row["absent_days"], row["excused_days"], row["tier"])
        for row in found
        if row["scope"] == "district"
    ] == [("s1", "4", "3", "1", "III"), ("s2", "4", "0", "0", "I"), ("s3", "4", "1", "0", "")]


def test_a_mapping_whose_code_is_mistaken_for_another_column_does_not_fill_the_screen() -> None:
    rows = "".join(f"s,9/3/2024,{number},,9/3/2024 8:15 AM,x\n" for number in range(100, 140))
    Path("m.toml").write_text(HEAD + ATTENDANCE + 'record_id = "Code"\n')
    Path("att.csv").write_text(ROWS.splitlines()[0] + "\n" + rows)
    done = run("ingest", "att.csv", "--format", "csv", "--mapping", "m.toml", "--dry-run")
    assert done.exit_code == 3
    assert done.stderr.count("unmapped_code") == 31
    assert "10 more codes" in done.stderr
