"""Aspen X2 into canonical records, on examples worked by hand and on the published export."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.intake.read import plan
from models.columns import Kind
from tests.support.events import events_of, given, notices, refusals
from tests.support.sis_files import aspen, table

DATA = Path(__file__).parents[3] / "shared/data/aspen_x2"
EXPORT = "state_id,local_id,absence,tardy,dismissed,reason,excused,comment,event_date,school_local_id"


def exported(*rows: str) -> dict[str, bytes]:
    """The published export, as MySQL writes it."""
    return {"attendance_export.txt": table(EXPORT, *rows, end="\r\n")}


def test_a_row_is_a_record_with_the_code_that_aspen_shows(tmp_path: Path) -> None:
    events = events_of(tmp_path / "in", aspen(), "aspen", "D")
    assert not refusals(events)
    rows = given(events, Kind.ATTENDANCE)
    assert rows[0] == {
        "district_id": "D", "school_id": "HEA", "student_id": "0007", "date": "2021-09-01", "code": "A",
        "recorded_at": "2021-09-01T15:00:00.000-05:00", "absent_fraction": "1.0000", "event_id": "1-absent",
    }  # fmt: skip
    assert [(row["code"], row["recorded_at"][:10], row.get("absent_fraction")) for row in rows[1:]] == [
        ("A-E:ILL", "2021-09-02", None),
        ("T", "2021-09-03", None),
        ("A", "2021-09-03", "0.5000"),
        ("D.absent", "2021-09-07", "0.7500"),
        ("T-E", "2021-09-08", None),
    ]
    assert [(row["code"], row["status"], row.get("class")) for row in given(events, Kind.CODE)] == [
        ("A", "absent", "unknown"),
        ("A-E:ILL", "absent", "excused"),
        ("T", "in_attendance", None),
        ("D.absent", "absent", "unknown"),
        ("T-E", "in_attendance", None),
    ]
    assert {row["recorded_at"] for row in given(events, Kind.CODE)} == {"1970-01-01T00:00:00Z"}
    assert "rows without ATT_LAST_MODIFIED: 5" in notices(events)


def test_students_and_their_enrollments(tmp_path: Path) -> None:
    events = events_of(tmp_path / "in", aspen(), "aspen", "D")
    assert given(events, Kind.STUDENT)[1] == {
        "district_id": "D", "student_id": "0008", "recorded_at": "2000-07-01T00:00:00Z", "first_name": "Bo",
        "last_name": "Day", "birthdate": "2009-07-15", "counselor": "COX, J", "gender": "M",
        "race_ethnicity": "Hispanic/Latino of any race", "meals": "paid",
    }  # fmt: skip
    assert [
        (row["student_id"], row["grade"], row["entry_date"]) for row in given(events, Kind.ENROLLMENT)
    ] == [
        ("0007", "07", "2021-07-01"),
        ("0008", "07", "2021-09-02"),
    ]
    said = notices(events)
    assert "not before the school year of the attendance (2021-07-01)" in said
    assert "students that are not Active: 1" in said
    assert "Ann" not in said and "0007" not in said


def test_the_published_export_makes_its_code_of_the_indicators(tmp_path: Path) -> None:
    files = exported(
        '"1","0007","1","0","0",\\N,"0","a ""b""","2021-09-01","HEA"',
        '"1","0007","1","1","0","MHW","Y","x","9/2/2021","HEA"',
        '"1","0007","0","0","1","","0","","2021-09-03","HEA"',
        '"1","0007","0","0","0","","0","","2021-09-07","HEA"',
    )
    events = events_of(tmp_path / "in", files, "aspen")
    assert [(row["code"], row["date"], row["recorded_at"]) for row in given(events, Kind.ATTENDANCE)] == [
        ("A", "2021-09-01", "2021-09-01T00:00:00Z"),
        ("AT-E:MHW", "2021-09-02", "2021-09-02T00:00:00Z"),
        ("D", "2021-09-03", "2021-09-03T00:00:00Z"),
        ("none", "2021-09-07", "2021-09-07T00:00:00Z"),
    ]
    assert "aspen is taken; give --district" in notices(events)


def test_a_code_with_two_meanings_is_two_codes_and_nothing_unclear_is_in_attendance(tmp_path: Path) -> None:
    head = (
        "ATT_STD_OID,ATT_SKL_OID,ATT_DATE,ATT_CODE_VIEW,ATT_ABSENT_IND,ATT_PORTION_ABSENT,ATT_ABSENT_IND_02"
    )
    files = {
        "x.csv": table(
            head,
            "S,K,2021-09-01,X,1,,0",
            "S,K,2021-09-02,X,0,0.0,0",
            "S,K,2021-09-03,D,0,0.0,1",
            "S,K,2021-09-07,D,0,.25,1",
            "S,K,2021-09-08,D,0,.5001,1",
        )
    }
    events = events_of(tmp_path / "in", files, "aspen")
    codes = [row["code"] for row in given(events, Kind.ATTENDANCE)]
    assert codes == ["X.absent", "X.present", "D:PM", "D", "D.absent"]
    assert [(row["code"], row["status"]) for row in given(events, Kind.CODE)] == [
        ("X.absent", "absent"),
        ("X.present", "in_attendance"),
        ("D", "in_attendance"),
        ("D.absent", "absent"),
    ]
    said = notices(events)
    assert "nothing clear: D:PM 1" in said and "different things in this export: X;" in said
    assert "without the table STUDENT and SCHOOL the OIDs are the ids" in said


def test_of_two_rows_of_a_day_the_absence_holds(tmp_path: Path) -> None:
    row = '"1","0007","{}","1","0","","0","","2021-09-01","HEA"'
    events = events_of(tmp_path / "in", exported(row.format(0), row.format(1)), "aspen")
    ids = [found["event_id"] for found in given(events, Kind.ATTENDANCE)]
    assert ids == ["0-in_attendance", "1-absent"]
    assert "with several rows: 1" in notices(events)


def test_what_is_wrong_is_refused_by_the_names_of_the_table(tmp_path: Path) -> None:
    files = aspen()
    lines = files["STUDENT_ATTENDANCE.csv"].decode().splitlines()
    good = lines[1]
    files["STUDENT_ATTENDANCE.csv"] = table(
        lines[0],
        good,
        good.replace("STD7", "STD9"),
        good.replace("2021-09-01", "1/9/21"),
        good.replace('"1","16', '"maybe","16'),
        good.replace('"1","16', '"NULL","16'),
        good.replace("1.0000", "1.5"),
        good.replace("1630526400000", "yesterday"),
        good + ',"more"',
        good.replace('"2021-09-01"', "NULL"),
        good,
    )
    files["attendance_export.csv"] = b"local_id,absence\n"
    events = events_of(tmp_path / "in", files, "aspen")
    assert sorted(refusals(events)) == [
        ("STUDENT_ATTENDANCE.csv", 3, "attendance", "bad_value", "ATT_STD_OID"),
        ("STUDENT_ATTENDANCE.csv", 4, "attendance", "bad_date", "ATT_DATE"),
        ("STUDENT_ATTENDANCE.csv", 5, "attendance", "bad_value", "ATT_ABSENT_IND"),
        ("STUDENT_ATTENDANCE.csv", 6, "attendance", "missing_value", "ATT_ABSENT_IND"),
        ("STUDENT_ATTENDANCE.csv", 7, "attendance", "bad_value", "ATT_PORTION_ABSENT"),
        ("STUDENT_ATTENDANCE.csv", 8, "attendance", "bad_time", "ATT_LAST_MODIFIED"),
        ("STUDENT_ATTENDANCE.csv", 9, "", "not_csv", ""),
        ("STUDENT_ATTENDANCE.csv", 10, "attendance", "missing_value", "ATT_DATE"),
        ("attendance_export.csv", 1, "", "missing_column", "event_date"),
    ]
    assert len(given(events, Kind.ATTENDANCE)) == 2


@pytest.mark.skipif(not DATA.is_dir(), reason="the public sample data is not beside the repository")
def test_the_published_fixtures_are_read() -> None:
    files = [DATA / "attendance_dump.csv", DATA / "fake_students_export.csv"]
    events = list(plan(files, "aspen").events(district="D"))
    assert not refusals(events)
    assert [(row["code"], row["date"]) for row in given(events, Kind.ATTENDANCE)] == [
        ("T-E", "2005-05-03")
    ] * 2
    assert [(row["status"], row["label"]) for row in given(events, Kind.CODE)] == [("in_attendance", "T-E")]
    assert len(given(events, Kind.STUDENT)) == 5
    assert {row["last_name"] for row in given(events, Kind.STUDENT)} == {"Fake Student"}
    assert "with several rows: 1" in notices(events)
