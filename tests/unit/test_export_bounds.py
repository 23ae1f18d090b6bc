"""`rollcall export standings --bounds`: four columns more at the end, and none without it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.cli.app import app
from infra.exports import standings

CALENDAR = """district_id,school_id,date,kind,recorded_at
D,A,2021-09-01,instructional,2021-08-01T00:00:00Z
D,A,2021-09-02,instructional,2021-08-01T00:00:00Z
D,A,2021-09-03,instructional,2021-08-01T00:00:00Z
"""
ENROLLMENT = """district_id,school_id,student_id,grade,entry_date,recorded_at
D,A,1,5,2021-09-01,2021-08-01T00:00:00Z
"""
CODE = """district_id,code,status,class,recorded_at
D,U,absent,unexcused,2021-08-01T00:00:00Z
"""
ATTENDANCE = """district_id,school_id,student_id,date,code,recorded_at
D,A,1,2021-09-01,U,2021-09-01T12:00:00Z
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    for name, text in {"cal": CALENDAR, "enr": ENROLLMENT, "code": CODE, "att": ATTENDANCE}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    done = CliRunner().invoke(app, ["ingest", *map(str, sorted(tmp_path.glob("*.csv")))])
    assert done.exit_code == 0, done.output


def exported(*words: str) -> str:
    done = CliRunner().invoke(app, ["export", "standings", "--as-of", "2021-09-03", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_columns_stand_at_the_end_and_the_others_do_not_change() -> None:
    plain = list(csv.reader(io.StringIO(exported())))
    told = list(csv.reader(io.StringIO(exported("--bounds"))))
    assert plain[0] == list(standings.COLUMNS)
    assert told[0] == [*standings.COLUMNS, *standings.BOUNDS]
    assert [row[:-4] for row in told] == plain
    # 1 of 1 counted day; of 3 days 1 or, with both of the unreported ones, 3.
    assert [row[-4:] for row in told[1:]] == [["33.33", "100.00", "III", "III"]] * 2


def test_in_json_lines_they_are_texts() -> None:
    rows = [json.loads(line) for line in exported("--bounds", "--format", "jsonl").splitlines()]
    assert list(rows[0])[-4:] == list(standings.BOUNDS)
    assert rows[0]["rate_lower_percent"] == "33.33" and rows[0]["unreported_days"] == 2
