"""`rollcall map`: a mapping proposed from files, which guesses no code's meaning and shows no student."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from infra.cli.app import app
from infra.files.rows import FileRefused
from infra.mapping.load import MappingInvalid, parse_mapping
from infra.mapping.proposal.dates import Guess, date_format, header_format, time_format
from infra.mapping.proposal.look import look
from infra.mapping.proposal.propose import of_interest, propose
from models.columns import Kind
from tests.unit.test_mapped_csv import given, read, refused

NOW = datetime(2024, 8, 20, 12, tzinfo=UTC)
EXPORTED = "2024-10-01T06:00:00-04:00"

ATTENDANCE = """Student_Number,SchoolID,Att_Date,Att_Code,Att_Comment,Last_Modified
900001,101,09/03/2024,A,Canary Lee called,09/03/2024 08:15 AM
900002,101,09/24/2024,E,,09/24/2024 09:15 AM
900001,101,09/25/2024,T,,
"""
ROSTER = """SIS roster of Springfield;;;;;;
StudentID;School;Grade Level;Entry Date;Last Name;DOB;EL
900001;101;KF;8/28/2024;Canary;2/3/2019;Y
900002;101;Kindergarten;8/28/2024;Zugunruhe;12/13/2018;N
"""
CALENDAR = """School ID,Calendar Date,Day Type
101,2024-09-03,Instructional day
101,2024-09-24,Instructional day
101,2024-09-25,Weather day
"""
FILES: dict[str, str | bytes] = {
    "attendance_2024-10-01.csv": ATTENDANCE,
    "roster.csv": ROSTER,
    "calendar.csv": CALENDAR,
}
PRIVATE = ("canary", "zugunruhe", "90000", "called", "2/3/2019", "09/03")


def proposed(tmp_path: Path, files: dict[str, str | bytes], district: str = "0042") -> str:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    told = propose([look(tmp_path / name, of_interest) for name in files], district, NOW)
    tomllib.loads(told)
    return told


def test_the_proposal_for_whole_files_reads_them_as_it_is(tmp_path: Path) -> None:
    told = proposed(tmp_path, FILES)
    assert "It reads files as it is" in told
    events = read(tmp_path, told, FILES, exported_at=EXPORTED)
    assert not refused(events)
    assert [(each["date"], each["code"], each["recorded_at"]) for each in given(events, Kind.ATTENDANCE)] == [
        ("2024-09-03", "A", "2024-09-03T08:15:00-04:00"),
        ("2024-09-24", "E", "2024-09-24T09:15:00-04:00"),
        ("2024-09-25", "T", EXPORTED),
    ]
    assert [each["grade"] for each in given(events, Kind.ENROLLMENT)] == ["K", "K"]
    assert [each["birthdate"] for each in given(events, Kind.STUDENT)] == ["2019-02-03", "2018-12-13"]
    assert [each["english_learner"] for each in given(events, Kind.STUDENT)] == ["yes", "no"]
    kinds = [each["kind"] for each in given(events, Kind.CALENDAR)]
    assert kinds == ["instructional", "instructional", "weather"]


def test_no_meaning_of_a_code_is_guessed(tmp_path: Path) -> None:
    told = proposed(tmp_path, FILES)
    assert parse_mapping(told, "m").codes == ()
    for code in "AET":
        assert f'# code = "{code}"' in told
    assert "its 1 rows are set aside until then" in told


def test_the_categories_of_ed_fi_have_the_meaning_of_their_standard(tmp_path: Path) -> None:
    rows = """StudentUniqueId,SchoolId,EventDate,AttendanceEventCategory
7,1,2024-09-03,uri://ed-fi.org/AttendanceEventCategoryDescriptor#Unexcused Absence
7,1,2024-09-04,Tardy
7,1,2024-09-05,WELL
"""
    told = proposed(tmp_path, {"a.csv": rows})
    mapping = parse_mapping(told, "m")
    assert [(each.code, each.status, each.class_) for each in mapping.codes] == [
        ("Tardy", "in_attendance", None),
        ("Unexcused-Absence", "absent", "unexcused"),
    ]
    assert mapping.codes_recorded_at == "2024-08-20T12:00:00+00:00"
    assert '# code = "WELL"' in told
    events = read(tmp_path, told, {"a.csv": rows}, exported_at=EXPORTED)
    assert [each["code"] for each in given(events, Kind.ATTENDANCE)] == ["Unexcused-Absence", "Tardy", "WELL"]


def test_no_student_is_in_it(tmp_path: Path) -> None:
    told = proposed(tmp_path, FILES).lower()
    for word in PRIVATE:
        assert word not in told.replace("attendance_2024-10-01", "")


def test_words_that_are_no_codes_are_not_shown(tmp_path: Path) -> None:
    rows = ATTENDANCE.replace(",A,", ",Canary,").replace(",T,", ",900002,") + "1,101,09/26/2024,LEE,,\n"
    rows = rows.replace("Att_Comment", "Last Name").replace("Canary Lee called", "Lee")
    told = proposed(tmp_path, {"a.csv": rows})
    assert "other words that stand for a code (3, in 3 rows)" in told
    for word in ("Canary", "LEE", "900002"):
        assert word not in told


@pytest.mark.parametrize(
    "content",
    [
        "900001,101,09/03/2024,A\n900002,101,09/04/2024,E\n",
        "Canary Lee,Ng,Zugunruhe\nA,,T\n,E,\n",
        "Date,Canary Lee,Zugunruhe\n9/3/2024,A,\n9/4/2024,,E\n",
    ],
    ids=["no header", "a column a student", "a column a student, with dates"],
)
def test_of_a_file_that_is_not_understood_nothing_is_shown(tmp_path: Path, content: str) -> None:
    told = proposed(tmp_path, {"x.csv": content})
    assert "FILL IN. Its header has no names" in told
    assert "It reads no files" in told
    for word in (*PRIVATE, "ng,", "lee", "9/3"):
        assert word not in told.lower()
    with pytest.raises(MappingInvalid):
        parse_mapping(told, "m")


def test_what_is_missing_has_to_be_filled_in(tmp_path: Path) -> None:
    told = proposed(tmp_path, {"a.csv": "ID,Date,Code\n7,9/13/2024,A\n"}, district="")
    assert "It reads no files until each FILL IN" in told
    assert '# school_id = "..."  # FILL IN' in told
    assert '# district = "..."  # FILL IN, or give --district' in told
    mended = told.replace('# school_id = "..."', 'school_id = { constant = "101" }')
    assert parse_mapping(mended, "m").files[0].kind is Kind.ATTENDANCE


def test_minutes_are_not_made_a_part_of_a_day(tmp_path: Path) -> None:
    told = proposed(tmp_path, {"a.csv": "ID,School,Date,Code,Minutes Absent\n7,1,9/13/2024,A,30\n"})
    assert '# absent_fraction = { column = "Minutes Absent", of = 0 }' in told
    assert "absent_fraction" not in parse_mapping(told, "m").files[0].columns


def test_a_sheet_is_recognised_by_its_days(tmp_path: Path) -> None:
    rows = "Student ID,School ID,Gr,9/3/24,9/4/24,9/25/24\n900001,101,7,A,,T\n"
    told = proposed(tmp_path, {"s.csv": rows})
    mapping = parse_mapping(told, "m")
    assert mapping.files[0].days is not None
    assert mapping.files[0].days.date_format == "%m/%d/%y"
    assert not mapping.files[0].days.calendar
    assert '# grade = "Gr"' in told
    mended = re.sub(r'^# (calendar = true|enrollment = true|grade = "Gr").*', r"\1", told, flags=re.MULTILINE)
    events = read(tmp_path, mended, {"s.csv": rows}, exported_at=EXPORTED)
    assert not refused(events)
    assert len(given(events, Kind.ATTENDANCE)) == 2
    assert len(given(events, Kind.ENROLLMENT)) == 1


def test_a_sheet_without_years_asks_for_the_school_year(tmp_path: Path) -> None:
    told = proposed(tmp_path, {"s.csv": "Student ID,School ID,9/3,9/14\n900001,101,A,\n"})
    assert '# school_year = "2024-25"  # FILL IN' in told
    assert "It reads no files" in told
    mended = told.replace('# school_year = "2024-25"', 'school_year = "2024-25"')
    assert parse_mapping(mended, "m").files[0].days is not None


@pytest.mark.parametrize(
    ("values", "guess"),
    [
        (["9/3/2024", "9/13/2024"], Guess("%m/%d/%Y")),
        (["9/3/2024", "9/4/2024"], Guess("%m/%d/%Y", 0, "%d/%m/%Y", 0)),
        (["9/3/2024", "9/4/2024", "13/4/2024"], Guess("%d/%m/%Y", 0, "%m/%d/%Y", 1)),
        (["13/9/2024", "14/9/2024", "9/4/2024"], Guess("%d/%m/%Y")),
        (["9/9/2024"], Guess("%m/%d/%Y")),
        (["2024-09-03"], Guess("iso")),
        (["20240903"], Guess("%Y%m%d")),
        (["8/22/16 00:00"], Guess("%m/%d/%y %H:%M")),
        (["Sep 3, 2024"], Guess("%b %d, %Y")),
        ([*(f"9/{day}/2024" for day in range(1, 31)), "Total"], Guess("%m/%d/%Y", 1)),
        (["soon"], None),
        ([], None),
    ],
)
def test_a_format_is_told_by_all_values(values: list[str], guess: Guess | None) -> None:
    assert date_format(Counter(values)) == guess


def test_a_format_of_times_and_of_headers_is_told() -> None:
    assert time_format(Counter(["9/13/2024 8:15 AM"])) == Guess("%m/%d/%Y %I:%M %p")
    assert time_format(Counter([EXPORTED])) == Guess("iso")
    assert time_format(Counter(["9/13/2024"])) == Guess("%m/%d/%Y")
    sheet = header_format(["ID", "2024-09-03", "2024-09-04"])
    assert sheet is not None
    assert (sheet.guess, sheet.without_year) == (Guess("iso"), False)
    assert header_format(["ID", "2024-09-03"]) is None


def test_what_a_date_could_also_be_is_said(tmp_path: Path) -> None:
    told = proposed(tmp_path, {"a.csv": "ID,School,Date,Code\n7,1,3/4/2024,A\n"})
    assert 'format = "%m/%d/%Y" }  # CHECK: no value tells it from %d/%m/%Y: is 03/04 in March' in told


def test_encoding_delimiter_and_nulls_are_found(tmp_path: Path) -> None:
    rows = "ID\tSchool\tDate\tCode\n7\tNULL\t9/13/2024\tA\n".encode("utf-16")
    told = proposed(
        tmp_path, {"a.txt": rows, "b.csv": "ID|School|Date|Code\n7|Nu\u00f1ez|9/13/2024|A\n".encode("cp1252")}
    )
    first, second = parse_mapping(told, "m").files
    assert (first.encoding, first.delimiter) == ("utf-16", "\t")
    assert (second.encoding, second.delimiter) == ("cp1252", "|")
    assert parse_mapping(told, "m").nulls == ("NULL",)


def test_the_day_in_a_files_name_may_be_that_of_the_export(tmp_path: Path) -> None:
    told = proposed(tmp_path, {"att_20241001.csv": "ID,School,Date,Code\n7,1,9/13/2024,A\n"})
    layout = parse_mapping(told, "m").files[0]
    assert (layout.name, layout.exported_from_name) == ("att_*.csv", "att_%Y%m%d.csv")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04x", "save it as CSV"),
        (b"", "no readable header"),
        (b"a\nb\n", "one column only"),
        (b"a,b\n\x81", "neither UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(FileRefused, match=told):
        look(tmp_path / "x.csv", of_interest)


NAMES = st.text("qxzjkvw", min_size=5, max_size=9).map(str.capitalize)
CELLS = st.one_of(NAMES, st.sampled_from(("A", "T", "9/13/2024", "Y", "7", "", "Absent")))
HEADS = (
    "Student ID",
    "Last Name",
    "First Name",
    "School",
    "Date",
    "Code",
    "Grade",
    "EL",
    "DOB",
    "Entry Date",
)


@settings(max_examples=80, deadline=None)
@for_all(st.lists(st.sampled_from(HEADS), min_size=2, unique=True), st.data())
def test_whatever_stands_where_no_name_is_shown(
    tmp_path_factory: pytest.TempPathFactory, heads: list[str], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.tuples(*[CELLS for _ in heads]), min_size=1, max_size=5))
    content = "\n".join((",".join(heads), *(",".join(row) for row in rows)))
    told = proposed(tmp_path_factory.mktemp("m"), {"f.csv": content})
    for cell in {cell for row in rows for cell in row if re.fullmatch("[A-Z][qxzjkvw]{4,}", cell)}:
        assert cell not in told
    try:
        parse_mapping(told, "m")
        assert "It reads files as it is" in told
    except MappingInvalid:
        assert "It reads no files" in told


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["map", *map(str, words)])


def test_the_command_prints_the_proposal_or_writes_it(tmp_path: Path) -> None:
    file, out = tmp_path / "calendar.csv", tmp_path / "m.toml"
    file.write_text(CALENDAR)
    done = run(file, "--district", "0042")
    assert done.exit_code == 0
    assert parse_mapping(done.stdout, "m").district == "0042"
    assert run(file, "--out", out).exit_code == 0
    assert parse_mapping(out.read_text(), "m").files[0].kind is Kind.CALENDAR
    again = run(file, "--out", out)
    assert again.exit_code == 2
    assert "is there already" in again.stderr


def test_what_the_command_cannot_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("")
    for path, told in (
        (tmp_path / "none.csv", "cannot be read"),
        (tmp_path, "cannot be read"),
        (tmp_path / "x.csv", "header"),
    ):
        done = run(path)
        assert done.exit_code == 2
        assert told in done.stderr
