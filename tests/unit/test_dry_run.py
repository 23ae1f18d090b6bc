"""`rollcall ingest --dry-run`: everything is said before anything is published."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli.app import app
from tests.contract.test_docs import OPERATE, rows, section

AT = "2024-09-10T08:00:00Z"
CALENDAR = "district_id,school_id,date,kind,recorded_at\n" + "".join(
    f"D,N,2024-09-{day:02d},{kind},{AT}\n"
    for day, kind in ((3, "instructional"), (4, "weather"), (5, "make_up"))
)
ENROLLMENT = (
    f"district_id,school_id,student_id,grade,entry_date,recorded_at\nD,N,canary-1,3,2024-09-03,{AT}\n"
)
CODES = f"district_id,code,status,class,recorded_at\nD,A,absent,unexcused,{AT}\n"
ATTENDANCE = f"""district_id,school_id,student_id,date,code,recorded_at
D,N,canary-1,2024-09-03,A,{AT}
D,N,canary-1,2024-09-03,A,{AT}
D,N,canary-1,2024-09-03,T,{AT}
D,N,canary-1,2024-09-03,A,2024-09-11T08:00:00Z
D,N,canary-1,2024-09-04,A,{AT}
D,N,canary-2,2024-09-07,A,{AT}
D,S,canary-2,2024-09-05,X,{AT}
D,N,canary 3,2024-09-05,A,{AT}
D,N,canary 4,2024-09-05,A,{AT}
D,N,canary-5,never,A,{AT}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.chdir(tmp_path)
    for name in ("CALENDAR", "ENROLLMENT", "CODES", "ATTENDANCE"):
        Path(f"{name.lower()}.csv").write_text(globals()[name])
    return tmp_path


def ingest(*words: str, status: int = 3) -> tuple[dict[str, Any], str]:
    done = CliRunner().invoke(app, ["ingest", *words, "--json"])
    assert done.exit_code == status, done.output
    return json.loads(done.stdout), done.stderr


def told(summary: dict[str, Any]) -> dict[str, Any]:
    """What is said of calendars, enrollments and codes."""
    names = ("outside_calendar", "without_calendar", "not_enrolled", "set_aside")
    return {name: summary[name] for name in names}


ODD = {
    "outside_calendar": {"school_days": 2, "records": 2},
    "without_calendar": {"schools": 1, "records": 1},
    "not_enrolled": {"students": 1},
    "set_aside": {"X": 1},
}


def test_everything_of_one_call_is_said() -> None:
    summary, shown = ingest("calendar.csv", "enrollment.csv", "codes.csv", "attendance.csv", "--dry-run")
    assert summary["records"] == {"attendance": 7, "calendar": 3, "code": 1, "enrollment": 1}
    assert (summary["rows"], summary["students"], summary["schools"], summary["districts"]) == (15, 2, 2, 1)
    assert summary["dates"] == {
        "attendance": {"first": "2024-09-03", "last": "2024-09-07"},
        "calendar": {"first": "2024-09-03", "last": "2024-09-05"},
        "enrollment": {"first": "2024-09-03", "last": "2024-09-03"},
    }
    assert told(summary) == ODD
    assert summary["duplicates"] == {"same_text": 1, "same_identity": 2, "same_time": 1}
    assert summary["refused"] == {"bad_date": 1, "bad_id": 2}
    assert [
        (each["file"], each["kind"], each["reason"], each["field"], each["count"], each["first_line"])
        for each in summary["refusals"]
    ] == [
        ("attendance.csv", "attendance", "bad_date", "date", 1, 11),
        ("attendance.csv", "attendance", "bad_id", "student_id", 2, 9),
    ]
    for words in (
        "attendance on dates that are no school days",
        "attendance.csv, first in line 9: attendance student_id, bad_id",
        "student_id takes 1 to 64 characters",
        "set aside: unmapped_code X",
    ):
        assert words in shown


def test_what_is_in_the_log_counts_as_known() -> None:
    ingest("calendar.csv", "enrollment.csv", "codes.csv", status=0)
    summary, _ = ingest("attendance.csv", "--dry-run")
    assert told(summary) == ODD


def test_without_a_calendar_everything_lies_outside_of_one() -> None:
    summary, _ = ingest("attendance.csv", "--dry-run")
    assert summary["without_calendar"] == {"schools": 2, "records": 7}
    assert summary["not_enrolled"] == {"students": 2}
    assert summary["set_aside"] == {"A": 3, "X": 1}


def test_nothing_is_published_and_nothing_listed() -> None:
    ingest("calendar.csv", "attendance.csv", "--dry-run")
    done = CliRunner().invoke(app, ["export", "refused"])
    assert len(done.stdout.splitlines()) == 1


def test_no_id_of_a_student_is_shown() -> None:
    summary, shown = ingest("calendar.csv", "attendance.csv", "--dry-run")
    assert "canary" not in json.dumps(summary) + shown


def test_the_keys_are_documented() -> None:
    documented = rows(section(OPERATE, "What `--dry-run` says"))
    dry, _ = ingest("attendance.csv", "--dry-run")
    assert set(documented) == set(dry)
    real, _ = ingest("attendance.csv")
    assert {key for key, cells in documented.items() if cells[0] == "every call"} == set(real)
    for key in ("duplicates", "known"):
        assert set(re.findall("`([a-z_]+)`", documented[key][1])) - {"record_id", "recorded_at"} == set(
            dry[key]
        )


def test_a_delete_is_no_attendance_outside_of_the_calendar() -> None:
    head = "district_id,school_id,student_id,date,code,recorded_at,op\n"
    Path("deletes.csv").write_text(f"{head}D,N,canary-1,2024-09-07,,{AT},delete\n")
    summary, _ = ingest("calendar.csv", "deletes.csv", "--dry-run", status=0)
    assert summary["outside_calendar"] == {"school_days": 0, "records": 0}
    assert summary["not_enrolled"] == {"students": 0}


def test_what_is_known_already_is_told_from_what_is_newer_and_what_chance_decides() -> None:
    ingest("calendar.csv", "enrollment.csv", "codes.csv", status=0)
    late = "2024-09-12T08:00:00Z"
    Path("calendar.csv").write_text(CALENDAR.replace(f"weather,{AT}", f"holiday,{late}"))
    Path("enrollment.csv").write_text(ENROLLMENT.replace(AT, "2024-09-09T08:00:00Z"))
    Path("codes.csv").write_text(CODES.replace("unexcused", "excused"))
    summary, shown = ingest("calendar.csv", "enrollment.csv", "codes.csv", "--dry-run", status=0)
    assert summary["known"] == {"same_text": 2, "newer": 1, "older": 1, "same_time": 1}
    assert "of them different, and of the same time: chance decides" in shown
