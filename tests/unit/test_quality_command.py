"""`rollcall quality`: what is shown of the findings, and what of the counts is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.cli.app import app
from infra.exports.quality import COLUMNS, WHAT
from infra.simulator.district import District
from models.quality.finding import REMEDIES

GRAND_BEND = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"
AT = "2021-08-01T00:00:00Z"


def run(*words: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == status, done.output
    return done.stdout if status == 0 else done.stderr


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    return tmp_path


def ingest(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    run("ingest", *(str(folder / f"{name}.csv") for name in files))


def a_school_with_a_slip(folder: Path) -> None:
    """Thirty students on two days, and two records on a Sunday."""
    ingest(
        folder,
        code=f"district_id,code,status,class,recorded_at\nD,E,absent,excused,{AT}\n",
        calendar="district_id,school_id,date,kind,recorded_at\n"
        + "".join(f"D,S,2021-09-0{day},instructional,{AT}\n" for day in (1, 2)),
        enrollment="district_id,school_id,student_id,grade,entry_date,exit_date,recorded_at\n"
        + "".join(f"D,S,child-{n},5,2021-09-01,2021-09-02,{AT}\n" for n in range(30)),
        attendance="district_id,school_id,student_id,date,code,recorded_at\n"
        + "".join(f"D,S,child-{n},2021-09-02,E,2021-09-02T12:00:00Z\n" for n in range(20))
        + "".join(f"D,S,child-{n},2021-09-05,E,2021-09-05T12:00:00Z\n" for n in range(2)),
    )


def rows(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("quality", "--json", *words))
    return found


def test_a_count_that_is_too_small_is_null_with_its_reason(home: Path) -> None:
    a_school_with_a_slip(home)
    (found,) = rows("--school-year", "2021-22")
    assert tuple(found) == COLUMNS
    assert (found["finding"], found["detail"]) == ("records_that_do_not_count", "no_school_day")
    assert (found["district_id"], found["school_id"]) == ("D", "S")
    assert (found["count"], found["of"], found["suppressed"]) == (None, 22, "fewer than 6")
    assert (found["days"], found["first_date"], found["last_date"]) == (1, "2021-09-05", "2021-09-05")
    assert found["remedy"] == REMEDIES["records_that_do_not_count"]


def test_as_text_it_is_a_star_and_nobody_is_named(home: Path) -> None:
    a_school_with_a_slip(home)
    text = run("quality", "--school-year", "2021-22")
    assert (
        "school S: attendance on days without school; * of 22 records (fewer than 6); on 2021-09-05" in text
    )
    assert "to do: correct the date" in text
    assert "child" not in text and " 0 of" not in text


def test_it_goes_to_a_file_that_is_its_owners_alone(home: Path) -> None:
    a_school_with_a_slip(home)
    out = home / "found.json"
    assert run("quality", "--json", "--school-year", "2021-22", "--out", str(out)) == ""
    assert len(json.loads(out.read_text())) == 1
    assert out.stat().st_mode & 0o077 == 0


def test_another_district_or_year_has_nothing(home: Path) -> None:
    a_school_with_a_slip(home)
    assert run("quality", "--school-year", "2021-22", "--district", "X") == "nothing doubtful was found\n"
    assert rows("--school-year", "2020-21") == []
    assert rows("--school-year", "2199-00") == []


@pytest.mark.parametrize("words", [("--school-year", "2021"), ("--out", "nowhere/at/all.json")])
def test_what_cannot_be_done_is_said(home: Path, words: tuple[str, ...]) -> None:
    status = 2 if words[0] == "--school-year" else 1
    assert "Traceback" not in run("quality", *words, status=status)


def test_every_finding_has_words_and_a_remedy() -> None:
    assert {name for name, _ in WHAT} == set(REMEDIES)


def test_the_simulated_district_is_late_at_its_end_and_otherwise_sound(home: Path) -> None:
    District(students=400, schools=4).write_files(home / "district", 60)
    run("ingest", str(home / "district"), status=3)  # it has bad rows on purpose
    found = rows("--school-year", "2021-22")
    assert {each["finding"] for each in found} == {"late_school"}
    assert len({each["school_id"] for each in found}) == 4
    assert all(each["last_date"] == "2022-06-15" for each in found)


@pytest.mark.skipif(not GRAND_BEND.is_dir(), reason="the public sample data is not beside the repository")
def test_grand_bend_has_records_without_a_school_day_and_knows_no_unknown(home: Path) -> None:
    run("ingest", "--format", "edfi", "--district", "255901", str(GRAND_BEND))
    found = rows("--school-year", "2010-11")
    never = [each for each in found if each["detail"] == "never_unknown"]
    assert [(each["school_id"], each["count"]) for each in never] == [
        ("255901001", 230), ("255901044", 239), ("255901107", 304),
    ]  # fmt: skip
    (other,) = [each for each in found if each not in never]
    assert (other["finding"], other["detail"], other["first_date"]) == (
        "records_that_do_not_count", "no_school_day", "2011-05-15",
    )  # fmt: skip
    assert (other["count"], other["suppressed"]) == (None, "fewer than 6")
