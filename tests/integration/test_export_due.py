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
