"""`rollcall report datt` and `edsight` as a person calls them, held against `export standings`."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from infra.simulator.district import District
from tests.support.command import Rollcall

AS_OF = "2021-12-15"


@pytest.fixture(scope="module")
def rollcall(tmp_path_factory: pytest.TempPathFactory) -> Rollcall:
    """A home with a simulated district of 300 students."""
    home = tmp_path_factory.mktemp("home")
    held = Rollcall(home)
    District(students=300, schools=3).write_files(home / "district", 60)
    held.run("ingest", home / "district", status=3)  # it has bad rows on purpose
    return held


def standings(rollcall: Rollcall) -> list[dict[str, str]]:
    rows = rollcall.rows("standings", "--as-of", AS_OF)
    return [row for row in rows if row["scope"] == "district" and row["tier"]]


def test_the_workbook_says_what_the_standings_say(rollcall: Rollcall, tmp_path: Path) -> None:
    out = tmp_path / "datt.xlsx"
    rollcall.run("report", "datt", "--as-of", AS_OF, "--students", "--out", out)
    assert out.stat().st_mode & 0o077 == 0
    book = openpyxl.load_workbook(out)
    rows = standings(rollcall)
    schools = {str(row[0]): row for row in book["Schools"].iter_rows(min_row=5, values_only=True)}
    assert set(schools) == {row["school_id"] for row in rows}
    for school, told in schools.items():
        here = [row for row in rows if row["school_id"] == school]
        assert told[2] == len(here)
        assert told[7] == sum(row["tier"] in ("II", "III") for row in here)
        assert told[6] == sum(row["tier"] == "III" for row in here)
        assert str(told[1]).strip()
    listed = {str(row[0]): row for row in book["Students"].iter_rows(min_row=5, values_only=True)}
    worst = {row["student_id"]: row for row in rows if row["tier"] in ("II", "III")}
    assert set(listed) == set(worst)
    for student, row in worst.items():
        numbers = (int(row["enrolled_days"]), int(row["absent_days"]), float(row["rate_percent"]))
        assert listed[student][3:6] == numbers
    again = tmp_path / "again.xlsx"
    rollcall.run("report", "datt", "--as-of", AS_OF, "--students", "--out", again)
    assert again.read_bytes() == out.read_bytes()


def test_the_suppressed_workbook_and_files_tell_about_no_student(rollcall: Rollcall, tmp_path: Path) -> None:
    out, folder = tmp_path / "datt.xlsx", tmp_path / "edsight"
    rollcall.run("report", "datt", "--as-of", AS_OF, "--out", out)
    done = rollcall.run("report", "edsight", "--as-of", AS_OF, "--into", folder)
    assert "hidden" in done.stderr
    files = sorted(folder.iterdir())
    assert len(files) == 16 and all(path.suffix == ".csv" for path in files)
    cells = [
        cell
        for sheet in openpyxl.load_workbook(out).worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert "*" in cells
    text = str(cells) + "".join(path.read_text() for path in files)
    assert not any(f"'{row['student_id']}'" in text for row in standings(rollcall))
    rollcall.run("report", "edsight", "--as-of", AS_OF, "--into", folder, "--unsuppressed")
    assert sum("MUST-NOT-LEAVE" in path.name for path in folder.iterdir()) == 16
    one = rollcall.run("report", "edsight", "--as-of", AS_OF, "--table", "meals", "--by", "school").stdout
    assert one == (folder / "chronic-absenteeism_school_meals.csv").read_text()


def test_a_day_without_anybody_is_said(rollcall: Rollcall, tmp_path: Path) -> None:
    words = ("report", "edsight", "--as-of", "2019-12-15")
    assert "no student" in rollcall.run(*words, status=1).stderr
    file = tmp_path / "file"
    file.touch()
    assert "no folder" in rollcall.run(*words[:2], "--as-of", AS_OF, "--into", file, status=2).stderr
    words = ("report", "datt", "--as-of", AS_OF, "--out", str(tmp_path / "no" / "x.xlsx"))
    assert "cannot be written" in rollcall.run(*words, status=1).stderr
