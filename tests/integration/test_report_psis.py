"""`rollcall report psis` as a person calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Rollcall
from tests.support.town import TIME, attendance, csv, write_town

GRAND_BEND = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"


def home(tmp_path: Path) -> Rollcall:
    folder = tmp_path / "home"
    folder.mkdir()
    return Rollcall(folder)


def test_the_file_is_written_with_a_mapping_and_says_who_is_left_out(tmp_path: Path) -> None:
    rollcall = home(tmp_path)
    town = write_town(tmp_path / "town")
    (town / "attendance.csv").write_text(attendance("mia,2021-09-01,U"))
    (town / "students.csv").write_text(
        csv("district_id,student_id,birthdate,recorded_at", [f"D,mia,2011-05-06,{TIME}", f"D,tom,,{TIME}"])
    )
    rollcall.run("ingest", town)
    words = ("report", "psis", "--month", "2021-09")
    assert "--reporting-district" in rollcall.run(*words, status=2).stderr
    words = (*words, "--reporting-district", "042")
    sasids = tmp_path / "sasids.csv"
    sasids.write_text("student_id,sasid\nmia,1234567890\n")
    done = rollcall.run(*words, "--sasid", sasids, "--format", "fixed", status=3)
    assert done.stdout == "04212345678900506201109202105040000\n"
    assert "1 for sasid" in done.stderr and "1 for birthdate" in done.stderr
    assert "tom" not in done.stderr and "mia" not in done.stderr
    left = tmp_path / "left.csv"
    rollcall.run(*words, "--missing", left, "--out", tmp_path / "psis.csv", status=3)
    assert len(left.read_text().splitlines()) == 3
    assert left.stat().st_mode & 0o077 == 0
    assert (tmp_path / "psis.csv").read_text().startswith("Reporting District,SASID,Date of Birth,")
    assert "a month such as" in rollcall.run("report", "psis", "--month", "2021", status=2).stderr


def test_nothing_is_written_while_days_are_not_reported(tmp_path: Path) -> None:
    rollcall = home(tmp_path)
    town = write_town(tmp_path / "town")
    (town / "more.csv").write_text(
        csv("district_id,school_id,date,kind,recorded_at", [f"D,A,2021-09-09,instructional,{TIME}"])
    )
    rollcall.run("ingest", town)
    words = ("report", "psis", "--month", "2021-09", "--reporting-district", "042")
    done = rollcall.run(*words, status=1)
    assert done.stdout == "" and "school A: 1 school days are not reported: 2021-09-09" in done.stderr
    assert rollcall.run(*words, "--unreported", status=3).stdout.count("\n") == 1
    assert "no student has a membership day" in rollcall.run(*words[:3], "2021-08", *words[4:]).stderr


@pytest.mark.skipif(not GRAND_BEND.is_dir(), reason="the public sample data is not beside the repository")
def test_the_months_of_grand_bend_add_up_to_its_177_days(tmp_path: Path) -> None:
    rollcall = home(tmp_path)
    rollcall.run("ingest", "--format", "edfi", "--district", "255901", GRAND_BEND)
    standings = [
        row for row in rollcall.rows("standings", "--as-of", "2011-06-30") if row["scope"] == "district"
    ]
    sasids = {f"{int(row['student_id']):010d}": row for row in standings}
    mapping = tmp_path / "sasids.csv"
    mapping.write_text("student_id,sasid\n" + "".join(f"{r['student_id']},{s}\n" for s, r in sasids.items()))
    total: dict[str, list[int]] = {}
    for month in (
        "2010-08",
        "2010-09",
        "2010-10",
        "2010-11",
        "2010-12",
        *(f"2011-0{n}" for n in range(1, 6)),
    ):
        text = rollcall.run(
            "report", "psis", "--month", month, "--reporting-district", "255", "--sasid", mapping,
            "--format", "fixed",
        ).stdout  # fmt: skip
        for line in text.splitlines():
            held = total.setdefault(line[3:13], [0, 0])
            held[0] += int(line[27:29])
            held[1] += int(line[29:31])
            assert line[31:] == "0000"
    assert (
        total == {sasid: [177, 177 - int(row["absent_days"])] for sasid, row in sasids.items()}
        and len(total) == 227
    )
