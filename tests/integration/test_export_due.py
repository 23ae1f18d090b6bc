"""The exports of what is due by a day, as a person calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Rollcall
from tests.support.town import DAYS, attendance, write_town


@pytest.fixture
def rollcall(tmp_path: Path) -> Rollcall:
    """A home that knows of a town."""
    home = tmp_path / "home"
    home.mkdir()
    held = Rollcall(home)
    town = write_town(tmp_path / "town")
    (town / "attendance.csv").write_text(
        attendance(*(f"mia,{day},U" for day in DAYS[:4]), f"tom,{DAYS[0]},U")
    )
    held.run("ingest", town)
    return held


def test_meetings_are_listed_by_due_date_and_narrowed(rollcall: Rollcall) -> None:
    [row] = rollcall.rows("truancy", "--as-of", "2021-09-30")
    assert (row["student_id"], row["rule"], row["opened_on"]) == ("mia", "truancy_month", DAYS[3])
    assert (row["meeting_due_on"], row["meeting_state"]) == ("", "not_yet_known")
    assert rollcall.rows("truancy", "--as-of", DAYS[2]) == []
    assert rollcall.rows("truancy", "--as-of", "2021-09-30", "--school", "B") == []
    assert rollcall.rows("truancy", "--as-of", "2021-09-30", "--student", "tom") == []
    assert (
        '"meeting_due_on":null'
        in rollcall.run(
            "export", "truancy", "--as-of", "2021-09-30", "--format", "jsonl", "--school", "A"
        ).stdout
    )
    assert "--as-of" in rollcall.run("export", "truancy", status=2).stderr


def test_unexplained_absences_are_listed_with_their_windows(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    policy = tmp_path / "policy.toml"
    policy.write_text(
        '[[policy]]\nversion = "ours"\ndocumentation_days = 1\nunknown_becomes_unexcused = true\n'
    )
    rollcall = Rollcall(home, extra={"ROLLCALL_POLICY_FILE": str(policy)})
    town = write_town(tmp_path / "town")
    (town / "attendance.csv").write_text(attendance(f"mia,{DAYS[0]},N", f"tom,{DAYS[3]},N"))
    (town / "more.csv").write_text(
        "district_id,code,status,class,recorded_at\nD,N,absent,unknown,2021-08-01T08:00:00Z\n"
    )
    rollcall.run("ingest", town)
    names = ("student_id", "absent_on", "class", "returned_on", "window_closes_on", "window_state", "level")
    rows = [[row[name] for name in names] for row in rollcall.rows("documentation", "--as-of", DAYS[4])]
    assert rows == [
        ["tom", DAYS[3], "unknown", DAYS[4], "", "open", "1"],
        ["mia", DAYS[0], "unexcused", DAYS[1], DAYS[2], "closed", "1"],
    ]
    [first] = rollcall.rows("standings", "--as-of", DAYS[2], "--student", "mia")[:1]
    assert (first["unexcused_days"], first["unknown_days"]) == ("0", "1")
    assert len(rollcall.rows("documentation", "--as-of", DAYS[4], "--student", "mia")) == 1
