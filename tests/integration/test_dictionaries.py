"""`--dictionary`: what the columns mean, beside the file; the export itself does not change."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.support.command import Rollcall
from tests.support.town import DAYS, attendance, write_town


@pytest.fixture(scope="module")
def rollcall(tmp_path_factory: pytest.TempPathFactory) -> Rollcall:
    home = tmp_path_factory.mktemp("home")
    held = Rollcall(home)
    town = write_town(home / "town")
    (town / "attendance.csv").write_text(attendance(*(f"mia,{day},U" for day in DAYS[:4])))
    held.run("ingest", town)
    return held


def read(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="") as lines:
        return {row["column"]: row for row in csv.DictReader(lines)}


@pytest.mark.parametrize(
    ("words", "through"),
    [
        (("export", "standings", "--as-of", DAYS[2]), DAYS[2]),
        (("export", "standings", "--as-of", "2022-01-01", "--bounds"), DAYS[4]),
        (("export", "alerts"), DAYS[4]),
        (("export", "refused"), DAYS[4]),
        (("export", "documentation", "--as-of", DAYS[2]), DAYS[2]),
        (("export", "truancy", "--as-of", "2020-12-15"), "no day is counted"),
        (("quality", "--json", "--school-year", "2021-22"), DAYS[4]),
        (("report", "psis", "--month", "2021-09", "--reporting-district", "042"), DAYS[4]),
    ],
)
def test_it_lies_beside_the_file_which_is_the_same(
    rollcall: Rollcall, tmp_path: Path, words: tuple[str, ...], through: str
) -> None:
    plain = rollcall.run(*words, status=None).stdout
    out = tmp_path / "data.csv"
    rollcall.run(*words, "--out", out, "--dictionary", status=None)
    assert out.read_text() == plain
    said = read(tmp_path / "data.dictionary.csv")
    if words[0] != "quality":
        assert [name for name in said if not name.startswith("(")] == plain.splitlines()[0].split(",")
    assert all(row["meaning"] and "`" not in row["meaning"] for row in said.values())
    assert said["(data through)"]["meaning"] == through
    assert said["(made at)"]["meaning"].endswith("+00:00")
    assert said["(suppression)"]["meaning"]
    assert "--dictionary" in rollcall.run(*words, "--dictionary", status=2).stderr


def test_types_and_units_are_those_of_the_columns(rollcall: Rollcall, tmp_path: Path) -> None:
    out = tmp_path / "s.csv"
    rollcall.run("export", "standings", "--as-of", DAYS[4], "--out", out, "--dictionary")
    said = read(tmp_path / "s.dictionary.csv")
    for name, type_, unit in (
        ("absent_days", "whole number", "days"),
        ("level", "whole number", ""),
        ("rate_percent", "decimal number", "percent"),
        ("data_through", "date YYYY-MM-DD", ""),
        ("student_id", "text of digits and letters, keeps its zeros", ""),
        ("tier", "text", ""),
    ):
        assert (said[name]["type"], said[name]["unit"]) == (type_, unit)
        assert said[name]["source"]


def test_the_agenda_and_the_folder_of_tables_have_one(rollcall: Rollcall, tmp_path: Path) -> None:
    agenda = tmp_path / "agenda.csv"
    words = ("report", "review-teams", "--as-of", DAYS[4], "--agenda", str(agenda), "--dictionary", "--names")
    rollcall.run(*words, status=1)  # nothing is known of the year before
    assert (
        list(read(tmp_path / "agenda.dictionary.csv"))[:12]
        == agenda.read_text().splitlines()[0].split(",")[:12]
    )
    assert "mia" in agenda.read_text()
    words = ("report", "edsight", "--as-of", DAYS[4])
    rollcall.run(*words, "--into", tmp_path / "all", "--dictionary")
    said = read(tmp_path / "all/dictionary.csv")
    assert "hidden" in said["(suppression)"]["meaning"] and said["Student Count"]["type"] == "whole number"
    assert "--into" in rollcall.run(*words, "--dictionary", status=2).stderr
