"""`rollcall reconcile`: files with another's numbers beside ours, hand-worked."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.cli.app import app

AT = "2021-08-01T00:00:00Z"
DAYS = [day for n in range(42) if (day := date(2021, 9, 1) + timedelta(days=n)).weekday() < 5]
LAST = DAYS[29]
CODES = {"E": "excused", "U": "unexcused", "M": "mhw", "H": "excused", "I": ""}

# Student, school, entry, exit, grade; then the days (from 0) and codes of the records.
STUDENTS = [
    ("anna", "S", 0, "", "5", "0E 1E 2E"),
    ("bert", "S", 0, 9, "5", "0U 1U"),
    ("cora", "S", 0, "", "5", "3I 4I 5U"),
    ("dora", "S", 25, "", "5", "26E"),
    ("emil", "T", 0, "", "PK", "2E 3E 4E"),
    ("fay", "T", 0, "", "K", "2M 9M 12E"),
    ("gus", "T", 0, "", "K", "7H 8H 9E"),
    ("hugo", "T", 10, "", "K", ""),
]


def invoke(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROLLCALL_HOME", str(tmp_path / "home"))
    files = {
        "code": "district_id,code,status,class,recorded_at\n"
        + "".join(
            f"D,{code},{'absent' if class_ else 'in_attendance'},{class_},{AT}\n"
            for code, class_ in CODES.items()
        ),
        "calendar": "district_id,school_id,date,kind,recorded_at\n"
        + "".join(f"D,{school},{day},instructional,{AT}\n" for school in "ST" for day in DAYS),
        "submission": "district_id,school_id,date,state,recorded_at\n"
        + "".join(f"D,{school},{day},submitted,{day}T20:00:00Z\n" for school in "ST" for day in DAYS),
        "enrollment": "district_id,school_id,student_id,grade,entry_date,exit_date,recorded_at\n"
        + "".join(
            f"D,{school},{name},{grade},{DAYS[entry]},{DAYS[int(leaves)] if leaves else ''},{AT}\n"
            for name, school, entry, leaves, grade, _ in STUDENTS
        ),
        "student": "district_id,student_id,meals,gender,recorded_at\n"
        + "".join(
            f"D,{held[0]},{'free' if held[0] in ('anna', 'bert') else 'paid'},F,{AT}\n" for held in STUDENTS
        ),
        "attendance": "district_id,school_id,student_id,date,code,absent_fraction,recorded_at\n"
        + "".join(
            f"D,{school},{name},{DAYS[int(mark[:-1])]},{mark[-1]},{'0.5' if mark[-1] == 'H' else ''},"
            f"{DAYS[int(mark[:-1])]}T15:00:00Z\n"
            for name, school, _, _, _, marks in STUDENTS
            for mark in marks.split()
        ),
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    done = invoke("ingest", *(str(tmp_path / f"{name}.csv") for name in files))
    assert done.exit_code == 0, done.output
    return tmp_path


def compared(home: Path, text: str, *words: str, status: int = 0) -> tuple[list[dict[str, str]], str]:
    (home / "theirs.csv").write_text(text)
    done = invoke("reconcile", str(home / "theirs.csv"), "--as-of", str(LAST), *words)
    assert done.exit_code == status, done.output
    return list(csv.DictReader(io.StringIO(done.stdout))), done.stderr


def a_file(**changed: str | None) -> str:
    """What we count ourselves, but for some students (None: not in the file)."""
    ours = {
        "anna": "30,3", "bert": "10,2", "cora": "30,1", "dora": "5,1", "emil": "30,3", "fay": "30,3",
        "gus": "30,1", "hugo": "20,0",
    }  # fmt: skip
    rows = {**ours, **changed}
    lines = [f"{name},{cells}\n" for name, cells in rows.items() if cells is not None]
    return "Student ID,Days Enrolled,Days Absent\n" + "".join(lines)


def test_the_same_numbers_are_no_difference(home: Path) -> None:
    rows, told = compared(home, a_file(), "--by", "student")
    assert rows == [] and "8 of 8 students agree" in told
    rows, _ = compared(home, a_file(), "--by", "student", "--all")
    assert [row["student_id"] for row in rows] == sorted(held[0] for held in STUDENTS)
    assert {row["cause"] for row in rows} == {""}


@pytest.mark.parametrize(
    ("changed", "cause", "who"),
    [
        ({"bert": None}, "leavers_left_out", ["bert"]),
        ({"dora": None}, "minimum_days_10", ["dora"]),
        ({"dora": None, "bert": None}, "minimum_days_20", ["bert", "dora"]),
        ({"cora": "30,3"}, "code_as_absent I", ["cora"]),
        ({"emil": None}, "pk_left_out", ["emil"]),
        ({"fay": "30,1"}, "mhw_not_counted", ["fay"]),
        ({"gus": "30,3"}, "half_days_absent", ["gus"]),
        ({"gus": "30,2"}, "parts_added_up", ["gus"]),
        ({"bert": "10,0", "cora": "30,0"}, "code_as_present U", ["bert", "cora"]),
        ({"hugo": "20,7"}, "unexplained", ["hugo"]),
        ({"hugo": None}, "unexplained", ["hugo"]),
    ],
)
def test_a_difference_has_its_cause(
    home: Path, changed: dict[str, str | None], cause: str, who: list[str]
) -> None:
    rows, told = compared(home, a_file(**changed), "--by", "student")
    assert [row["student_id"] for row in rows] == who
    assert {row["cause"] for row in rows} == {cause}
    assert f"{len(who)} {cause}" in told
    assert not any(name in told for name, *_ in STUDENTS)


def test_both_sides_and_the_difference_are_shown(home: Path) -> None:
    rows, _ = compared(home, a_file(gus="29,1.5", bert=None, zoe="12,0"), "--by", "student")
    shown = {row["student_id"]: row for row in rows}
    gus, bert, zoe = shown["gus"], shown["bert"], shown["zoe"]
    assert (gus["school_id"], gus["difference"]) == ("T", "counts")
    assert (gus["enrolled_difference"], gus["their_absent_days"], gus["absent_difference"]) == (
        "1", "1.5", "-0.5",
    )  # fmt: skip
    assert (bert["difference"], bert["our_enrolled_days"], bert["their_enrolled_days"]) == (
        "not_in_theirs", "10", "",
    )  # fmt: skip
    assert (zoe["difference"], zoe["cause"], zoe["our_chronic"]) == ("not_in_ours", "not_known_here", "")


def test_schools_and_groups_are_added_up_from_students(home: Path) -> None:
    rows, _ = compared(home, a_file(bert=None))
    told = {(row["school_id"], row["group"], row["value"]): row for row in rows}
    whole = told["", "all", ""]
    assert (whole["their_students"], whole["our_students"], whole["students_difference"]) == ("7", "8", "1")
    assert (whole["their_chronic"], whole["our_chronic"], whole["chronic_difference"]) == ("4", "5", "1")
    assert {row["cause"] for row in rows} == {"leavers_left_out"}
    assert ("", "meals", "free") in told and ("", "meals", "paid") not in told


def test_in_school_suspension_is_named_where_the_policy_knows_its_codes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "policy.toml").write_text('[[policy]]\nversion = "ours"\niss_codes = ["I"]\n')
    monkeypatch.setenv("ROLLCALL_POLICY_FILE", str(home / "policy.toml"))
    rows, told = compared(home, a_file(cora="30,3"), "--by", "student")
    assert [row["cause"] for row in rows] == ["in_school_suspension"]
    assert "counted the other way" in told


def test_what_was_written_later_is_a_cause(home: Path) -> None:
    late = (
        "district_id,school_id,student_id,date,code,recorded_at\n"
        f"D,S,anna,{DAYS[7]},E,{DAYS[29]}T23:00:00Z\nD,S,anna,{DAYS[0]},I,2022-02-01T00:00:00Z\n"
    )
    (home / "late.csv").write_text(late)
    assert invoke("ingest", str(home / "late.csv")).exit_code == 0
    rows, _ = compared(home, a_file(anna="30,4"), "--by", "student")
    assert [(row["our_absent_days"], row["cause"]) for row in rows] == [("3", "recorded_later")]
    # Made at that very instant, they know it.
    at = ("--taken-at", "2022-02-01T00:00:00Z")
    rows, _ = compared(home, a_file(anna="30,4"), "--by", "student", *at)
    assert [row["cause"] for row in rows] == ["unexplained"]


def test_half_way_through_the_year_nobody_has_left_who_is_still_there(home: Path) -> None:
    text = (
        "student_id,days enrolled,absences\nanna,16,3\ncora,16,3\nemil,16,3\nfay,16,3\ngus,16,1\nhugo,6,0\n"
    )
    words = ("reconcile", str(home / "theirs.csv"), "--as-of", str(DAYS[15]), "--by", "student")
    (home / "theirs.csv").write_text(text)
    done = invoke(*words)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["student_id"], row["cause"]) for row in rows] == [
        ("bert", "leavers_left_out"), ("cora", "code_as_absent I"),
    ]  # fmt: skip


def test_counts_of_groups_are_compared_without_pk(home: Path) -> None:
    text = "school,group,value,students,chronic,rate\n,all,,7,6,85.7\nT,all,,3,1,33.3\nS,meals,free,1,1,100\n"
    rows, told = compared(home, text, "--all")
    assert [(row["school_id"], row["our_students"], row["our_chronic"], row["cause"]) for row in rows] == [
        ("", "7", "4", "unexplained"), ("T", "3", "1", ""), ("S", "2", "2", "leavers_left_out"),
    ]  # fmt: skip
    assert "1 of 3 groups agree" in told


def test_an_edsight_export_is_compared_with_the_district_of_its_code(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = (
        '"Chronic Absenteeism, 2021-22"\n"All Districts, Free/Reduced Price Meal Eligibility"\n\n'
        '"",,,"Chronically Absent",\n'
        '"District","District Code","Free/Reduced Price Meal Eligibility","Student Count","%"\n'
        '"Ours","=""0010011""","Eligible For Free Lunch",1,50.0\n'
        '"Ours","=""0010011""","Not Eligible For Lunch","*","*"\n'
        '"Other","=""0020011""","Eligible For Free Lunch",9,1.0\n'
    )
    _, told = compared(home, export, status=2)
    assert "ROLLCALL_EDSIGHT_FILE" in told
    (home / "edsight.toml").write_text('[districts]\nD = "0010011"\n')
    monkeypatch.setenv("ROLLCALL_EDSIGHT_FILE", str(home / "edsight.toml"))
    rows, _ = compared(home, export, "--all")
    names = ("value", "their_chronic", "our_chronic", "our_rate_percent")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("free", "1", "2", "100.0"), ("paid", "", "2", "40.00"),
    ]  # fmt: skip
    assert rows[1]["cause"] == ""


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        ("", (), "no readable header"),
        ("name,age\nx,4\n", (), "header is of none"),
        ("student_id,absences,absences\nx,1,2\n", (), "several columns could be absent_days"),
        ("student_id,absent_days\nanna,x\n", (), "no row can be compared"),
        ("student_id,absent_days\nanna,1\n", ("--column", "days=x"), "--column takes"),
        ("student_id,absent_days\nanna,1\n", ("--column", "absent_days=Gone"), "0 columns"),
        ("student_id,absent_days\nanna,1\n", ("--district", "X"), "ingest its records"),
        ("student_id,absent_days\nanna,1\n", ("--school-year", "2021-22"), "not both"),
        ("student_id,absent_days\nanna,1\n", ("--scope", "school"), "school in every row"),
        ("students,chronic\n9,1\n", ("--by", "student"), "not of students"),
    ],
)
def test_what_cannot_be_compared_is_told(home: Path, text: str, words: tuple[str, ...], says: str) -> None:
    _, told = compared(home, text, *words, status=2)
    assert says in told and "Traceback" not in told


def test_a_bad_row_is_told_with_its_line_and_its_neighbours_go_on(home: Path) -> None:
    text = a_file() + "ida,ten,1\nanna,30,3\n,30,3\nkim,3,4\n"
    rows, told = compared(home, text, "--by", "student", status=3)
    assert rows == []
    for line, says in ((10, "number of days"), (11, "keep one"), (12, "blank"), (13, "more than")):
        assert any(f"line {line}: " in each and says in each for each in told.splitlines())
    assert "4 rows of the file were left out" in told
    assert not any(name in told for name in ("ida", "anna", "kim"))


def test_other_names_tabs_attended_days_and_json_lines(home: Path) -> None:
    text = "Pupil\tSchool\tMembership\tDays Present\tChronic?\nanna\tS\t30\t26\tY\n"
    (home / "theirs.csv").write_text(text)
    words = ["reconcile", str(home / "theirs.csv"), "--as-of", str(LAST), "--column", "student_id=Pupil"]
    done = invoke(*words, "--by", "student", "--format", "jsonl", "--column", "chronic=Chronic?")
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {row["student_id"] for row in rows} == {"anna", "bert", "cora", "dora"}
    assert next(row for row in rows if row["student_id"] == "anna")["their_absent_days"] == "4"


def test_the_states_ids_are_told_in_ours(home: Path) -> None:
    text = "SASID,Days Enrolled,Days Absent\n0000000007,30,5\nbert,10,2\n"
    (home / "sasids.csv").write_text("sasid,student_id,name\n0000000007,anna,x\n0000000008,cora,x\n,dora,x\n")
    rows, told = compared(home, text, "--by", "student", "--all", "--sasid", str(home / "sasids.csv"))
    assert "anna" in {row["student_id"] for row in rows} and "0000000007" not in told
    assert next(row for row in rows if row["student_id"] == "anna")["their_absent_days"] == "5"
    both = "SASID,Days Absent\n0000000007,5\nanna,5\n"
    _, told = compared(home, both, "--sasid", str(home / "sasids.csv"), status=2)
    assert "keep one" in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("student_id\nanna\n", "columns student_id and sasid"),
        ("student_id,sasid\nanna,7\n", "line 2 of the file of --sasid: a SASID is 10 digits"),
        (
            "student_id,sasid\nanna,0000000007\nbert,0000000007\n",
            "line 3 of the file of --sasid: another",
        ),
        ("student_id,sasid\nanna,0000000007,x\n", "line 2 of the file of --sasid: the row has 3 cells"),
        ("", "no readable header"),
    ],
)
def test_a_file_of_sasids_that_cannot_be_used_is_told(home: Path, text: str, says: str) -> None:
    (home / "sasids.csv").write_text(text)
    _, told = compared(home, a_file(), "--sasid", str(home / "sasids.csv"), status=2)
    assert says in told and "anna" not in told
    _, told = compared(home, a_file(), "--sasid", str(home / "nothing.csv"), status=2)
    assert "cannot be read" in told


def test_days_at_one_school_are_told_by_students_at_two(home: Path) -> None:
    move = (
        "district_id,school_id,student_id,grade,entry_date,recorded_at\n"
        f"D,T,anna,5,{DAYS[20]},2021-08-02T00:00:00Z\n"
    )
    (home / "move.csv").write_text(move)
    assert invoke("ingest", str(home / "move.csv")).exit_code == 0
    text = "student_id,school_id,enrolled_days,absent_days\nanna,S,20,3\nanna,T,10,0\nfay,T,30,3\n"
    rows, told = compared(home, text, "--by", "student", "--all")
    both = [row for row in rows if row["their_absent_days"]]
    assert [(row["student_id"], row["school_id"], row["difference"]) for row in both] == [
        ("anna", "S", ""), ("anna", "T", ""), ("fay", "T", ""),
    ]  # fmt: skip
    assert "3 of 9 students agree" in told


def test_it_works_as_a_table_for_a_person(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    (home / "theirs.csv").write_text(a_file(bert=None))
    done = invoke("reconcile", str(home / "theirs.csv"), "--as-of", str(LAST), "--format", "table")
    assert done.exit_code == 0
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    assert ["S", "meals", "free", "1, 2", "1, 2", "100.00, 100.00", "leavers_left_out"] in lines


def test_a_cell_is_no_formula(home: Path) -> None:
    rows, _ = compared(home, a_file() + "=1+1,3,1\n", "--by", "student")
    assert [row["student_id"] for row in rows] == ["'=1+1"]
