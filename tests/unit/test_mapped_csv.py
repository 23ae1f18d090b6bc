"""CSV files of any layout through a mapping file, on examples worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.intake.events import Event, Notice, Record
from infra.intake.read import plan
from infra.mapping.load import parse_mapping
from models.columns import Kind
from models.quick_check import first_fault
from streams.refused import Refused

HEAD = """
district = "0042"
time_zone = "America/New_York"
codes_recorded_at = "2024-08-20T12:00:00-04:00"
[[codes]]
code = "A"
status = "absent"
class = "unexcused"
[[codes]]
code = "E"
written = ["Excused Absence", "E"]
status = "absent"
class = "excused"
label = "Absent, excused"
"""

ATTENDANCE = """
[[files]]
name = "att*.csv"
kind = "attendance"
[files.columns]
student_id = "ID"
school_id = { constant = "101" }
date = { column = "Date", format = "%m/%d/%Y" }
code = "Code"
absent_fraction = { column = "Minutes", of = 390 }
recorded_at = { column = "Changed", format = "%m/%d/%Y %I:%M %p" }
"""

ROWS = """ID,Date,Code,Minutes,Changed,Note
007,9/3/2024,A,195,9/3/2024 8:15 AM,x
008,12/4/2024,Excused Absence,65,12/4/2024 1:15 PM,y
"""


def read(
    tmp_path: Path, mapping: str, files: dict[str, str | bytes], district: str = "", exported_at: str = ""
) -> list[Event]:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    paths = [tmp_path / name for name in files]
    known = parse_mapping(mapping, "m.toml")
    return list(plan(paths, "csv").events(district=district, mapping=known, exported_at=exported_at))


def given(events: list[Event], kind: Kind) -> list[dict[str, str]]:
    return [dict(each.held.given) for each in events if isinstance(each, Record) and each.kind is kind]


def refused(events: list[Event]) -> list[tuple[str, int, str, str, str]]:
    return [(e.file, e.line, e.kind, e.reason, e.field) for e in events if isinstance(e, Refused)]


def messages(events: list[Event]) -> str:
    return "\n".join(event.message for event in events if isinstance(event, Refused))


def notices(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Notice))


def test_each_row_is_a_record_in_the_canonical_form(tmp_path: Path) -> None:
    events = read(tmp_path, HEAD + ATTENDANCE, {"attendance.csv": ROWS})
    shared = {"district_id": "0042", "school_id": "101"}
    assert given(events, Kind.ATTENDANCE) == [
        shared
        | {
            "student_id": "007",
            "date": "2024-09-03",
            "code": "A",
            "absent_fraction": "0.5",
            "recorded_at": "2024-09-03T08:15:00-04:00",
        },
        shared
        | {
            "student_id": "008",
            "date": "2024-12-04",
            "code": "E",
            "absent_fraction": "0.166666666",
            "recorded_at": "2024-12-04T13:15:00-05:00",
        },
    ]
    assert [each.held.line for each in events if isinstance(each, Record) and each.kind == "attendance"] == [
        2,
        3,
    ]
    assert given(events, Kind.CODE) == [
        {
            "district_id": "0042",
            "code": "A",
            "status": "absent",
            "class": "unexcused",
            "recorded_at": "2024-08-20T12:00:00-04:00",
        },
        {
            "district_id": "0042",
            "code": "E",
            "status": "absent",
            "class": "excused",
            "label": "Absent, excused",
            "recorded_at": "2024-08-20T12:00:00-04:00",
        },
    ]
    assert "not read: 1" in notices(events)
    assert not refused(events)


def test_codes_are_told_once_of_each_district_before_its_records(tmp_path: Path) -> None:
    mapping = HEAD + ATTENDANCE + 'district_id = "D"\n'
    rows = "D,ID,Date,Code,Minutes,Changed\n" + "".join(
        f"{district},7,9/3/2024,A,,9/3/2024 8:15 AM\n" for district in ("x", "y", "x")
    )
    events = read(tmp_path, mapping, {"att.csv": rows})
    told = [(each.kind.value, each.held.given["district_id"]) for each in events if isinstance(each, Record)]
    assert told == [
        ("code", "x"), ("code", "x"), ("attendance", "x"),
        ("code", "y"), ("code", "y"), ("attendance", "y"), ("attendance", "x"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason", "field"),
    [
        ("s,13/4/2024,A,,9/3/2024 8:15 AM", "bad_date", "date"),
        ("s,2024-09-03,A,,9/3/2024 8:15 AM", "bad_date", "date"),
        ("s,9/3/2024,A,,2024-09-03T08:15:00-04:00", "bad_time", "recorded_at"),
        ("s,9/3/2024,A,,", "missing_value", "recorded_at"),
        ("s,9/3/2024,A,391,9/3/2024 8:15 AM", "bad_value", "absent_fraction"),
        ("s,9/3/2024,A,-1,9/3/2024 8:15 AM", "bad_value", "absent_fraction"),
        ("s,9/3/2024,Field Trip,,9/3/2024 8:15 AM", "bad_id", "code"),
        ("s,9/3/2024,,,9/3/2024 8:15 AM", "missing_value", "code"),
        ("s x,9/3/2024,A,,9/3/2024 8:15 AM", "bad_id", "student_id"),
        ("s,9/3/2029,A,,9/3/2024 8:15 AM", "date_out_of_range", "date"),
        ("s,9/3/2024,A,,9/3/2024 8:15 AM,n,more", "not_csv", ""),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_and_the_rest_goes_on(
    tmp_path: Path, row: str, reason: str, field: str
) -> None:
    head, first, second = ROWS.splitlines()
    events = read(tmp_path, HEAD + ATTENDANCE, {"att.csv": "\n".join((head, first, row, second))})
    assert refused(events) == [("att.csv", 3, "attendance", reason, field)]
    assert len(given(events, Kind.ATTENDANCE)) == 2
    (event,) = [each for each in events if isinstance(each, Refused)]
    assert event.record == row
    assert first_fault(Kind.ATTENDANCE, event.given) is not None, "a retry must not let it in"


def test_a_refused_cell_keeps_the_identity_that_a_newer_record_ends(tmp_path: Path) -> None:
    rows = "ID,Date,Code,Minutes,Changed\ns,9/3/2024,A,500,9/3/2024 8:15 AM\n"
    events = read(tmp_path, HEAD + ATTENDANCE, {"att.csv": rows})
    (event,) = [each for each in events if isinstance(each, Refused)]
    assert event.given == {
        "district_id": "0042",
        "school_id": "101",
        "student_id": "s",
        "date": "2024-09-03",
        "recorded_at": "2024-09-03T08:15:00-04:00",
    }


@pytest.mark.parametrize(
    ("mapping", "files", "reason", "field", "told"),
    [
        (HEAD + ATTENDANCE, {"other.csv": ROWS}, "unknown_kind", "", "no files entry of the mapping fits"),
        (
            HEAD + ATTENDANCE, {"att.csv": ROWS.replace("Date", "Day")}, "missing_column", "date",
            'has no column "Date"',
        ),
        (HEAD + ATTENDANCE, {"att.csv": ROWS.replace("Note", "Date")}, "not_csv", "", "stands twice"),
        (HEAD + ATTENDANCE, {"att.csv": ""}, "not_csv", "", "no readable header"),
        (HEAD + ATTENDANCE, {"att.csv": ROWS.encode() + b"\xe9"}, "not_utf8", "", 'such as "cp1252"'),
        (
            (HEAD + ATTENDANCE).replace('district = "0042"', ""), {"att.csv": ROWS}, "missing_column",
            "district_id", "give --district",
        ),
        (
            HEAD + ATTENDANCE.split("recorded_at")[0], {"att.csv": ROWS}, "missing_column", "recorded_at",
            "--exported-at",
        ),
        (
            HEAD + ATTENDANCE + '[[files.skip]]\ncolumn = "State"\nis = "X"', {"att.csv": ROWS},
            "missing_column", "", 'no column "State"',
        ),
        (
            HEAD + ATTENDANCE.replace('name = "att*.csv"', 'exported_from_name = "a_%Y%m%d.csv"'),
            {"att.csv": ROWS}, "missing_column", "recorded_at", "exported_from_name",
        ),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_its_mapping_is_refused_with_the_remedy(
    tmp_path: Path, mapping: str, files: dict[str, str | bytes], reason: str, field: str, told: str
) -> None:
    events = read(tmp_path, mapping, files)
    ((_, line, _, found, at),) = refused(events)
    assert (line, found, at) == (1, reason, field)
    assert told in messages(events)
    assert not [each for each in events if isinstance(each, Record)]


def test_the_time_of_an_export_is_the_calls_then_the_names_then_the_mappings(tmp_path: Path) -> None:
    short = HEAD + ATTENDANCE.split("recorded_at")[0]
    rows = ROWS.replace(",Changed", ",X")
    mapping = short.replace("[[codes]]", 'exported_at = "2024-10-01T06:00:00Z"\n[[codes]]', 1)
    named = mapping.replace('name = "att*.csv"', 'exported_from_name = "att_%Y%m%d.csv"')

    def time(mapping: str, option: str) -> str:
        events = read(tmp_path, mapping, {"att_20241102.csv": rows}, exported_at=option)
        return given(events, Kind.ATTENDANCE)[0]["recorded_at"]

    assert time(mapping, "") == "2024-10-01T06:00:00Z"
    assert time(named, "") == "2024-11-02T00:00:00-04:00"
    assert time(named, "2024-12-01T00:00:00Z") == "2024-12-01T00:00:00Z"


def test_a_row_without_its_time_may_take_that_of_the_export(tmp_path: Path) -> None:
    mapping = HEAD + ATTENDANCE.replace('%p" }', '%p", default = "exported_at" }')
    rows = "ID,Date,Code,Minutes,Changed\ns,9/3/2024,A,,\n"
    events = read(tmp_path, mapping, {"att.csv": rows}, exported_at="2024-09-04T00:00:00Z")
    assert given(events, Kind.ATTENDANCE)[0]["recorded_at"] == "2024-09-04T00:00:00Z"


def test_one_file_gives_the_records_of_each_entry_that_fits_it(tmp_path: Path) -> None:
    mapping = (
        HEAD.replace("time_zone", 'yes = ["Y"]\nno = ["N"]\nnulls = ["NULL"]\ntime_zone')
        + """
[[files]]
header = ["Grade", "Entered"]
kind = "enrollment"
date_format = "%m/%d/%Y"
[files.columns]
student_id = { column = "ID", pad = 4 }
school_id = { column = "School", values = { "North High" = "101", "South High" = "102" } }
grade = { column = "Grade", values = { "KF" = "K" }, others = "keep" }
entry_date = "Entered"
exit_date = "Left"
[[files.skip]]
column = "Status"
is = ["Pre-registered", ""]

[[files]]
header = "Birthday"
kind = "student"
[files.columns]
student_id = { column = "ID", pad = 4 }
last_name = "Last"
birthdate = { column = "Birthday", format = "%m/%d/%Y" }
english_learner = "EL"
meals = { column = "Lunch", values = { "F" = "free", "P" = "paid" } }
"""
    )
    rows = """School,ID,Grade,Entered,Left,Status,Last,Birthday,EL,Lunch
North High,42,KF,8/28/2024,NULL,Active,Lee,5/6/2019,Y,F
South High,43,07,8/28/2024,1/10/2025,Active,Ng,5/6/2012,N,NULL
East High,44,07,8/28/2024,,Active,Ox,5/6/2012,,P
North High,45,08,8/28/2024,,Pre-registered,Pa,5/6/2011,maybe,P
"""
    events = read(tmp_path, mapping, {"roster.csv": rows}, exported_at="2024-09-01T00:00:00Z")
    assert [
        (each["student_id"], each["school_id"], each["grade"], each.get("exit_date"))
        for each in given(events, Kind.ENROLLMENT)
    ] == [("0042", "101", "K", None), ("0043", "102", "07", "2025-01-10")]
    assert [
        (each["student_id"], each["birthdate"], each.get("english_learner"), each.get("meals"))
        for each in given(events, Kind.STUDENT)
    ] == [
        ("0042", "2019-05-06", "yes", "free"),
        ("0043", "2012-05-06", "no", None),
        ("0044", "2012-05-06", None, "paid"),
    ]
    assert refused(events) == [
        ("roster.csv", 4, "enrollment", "bad_value", "school_id"),
        ("roster.csv", 5, "student", "bad_value", "english_learner"),
    ]
    assert 'by the column "Status": 1' in notices(events)


def test_encoding_delimiter_escape_and_lines_above_the_header(tmp_path: Path) -> None:
    mapping = (
        HEAD
        + """
[[files]]
kind = "student"
encoding = "cp1252"
delimiter = ";"
escape = "\\\\"
skip_lines = 2
[files.columns]
student_id = "ID"
last_name = "Last"
"""
    )
    rows = 'District 42;\nStudents "all\nID;Last\n="007";"M\\"u;\u00f1oz"\nx y;Z\n'
    events = read(tmp_path, mapping, {"s.csv": rows.encode("cp1252")}, exported_at="2024-09-01T00:00:00Z")
    assert [(each["student_id"], each["last_name"]) for each in given(events, Kind.STUDENT)] == [
        ("007", 'M"u;\u00f1oz')
    ]
    assert refused(events) == [("s.csv", 5, "student", "bad_id", "student_id")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_that_excel_saves_as_unicode_are_read(tmp_path: Path, encoding: str) -> None:
    mapping = HEAD + ATTENDANCE.replace("kind =", 'delimiter = "\\t"\nkind =')
    if encoding == "utf-16":
        mapping = mapping.replace("delimiter =", 'encoding = "utf-16"\ndelimiter =')
    events = read(tmp_path, mapping, {"att.csv": ROWS.replace(",", "\t").encode(encoding)})
    assert len(given(events, Kind.ATTENDANCE)) == 2
    assert not refused(events)


def test_a_delete_needs_its_identity_alone(tmp_path: Path) -> None:
    mapping = HEAD + ATTENDANCE + 'op = { column = "Note", values = { "tobedeleted" = "delete" } }\n'
    rows = "ID,Date,Code,Minutes,Changed,Note\ns,9/3/2024,Was Here,many,9/3/2024 8:15 AM,tobedeleted\n"
    events = read(tmp_path, mapping, {"att.csv": rows})
    assert not refused(events)
    assert given(events, Kind.ATTENDANCE)[0]["op"] == "delete"


def test_columns_joined_make_one_value(tmp_path: Path) -> None:
    mapping = HEAD + ATTENDANCE.replace('"Code"', '{ column = ["Absent", "Excused"], join = "+" }')
    rows = "ID,Date,Absent,Excused,Minutes,Changed\ns,9/3/2024,1,,,9/3/2024 8:15 AM\n"
    assert given(read(tmp_path, mapping, {"att.csv": rows}), Kind.ATTENDANCE)[0]["code"] == "1+"


def test_a_code_may_stand_for_a_part_of_the_day(tmp_path: Path) -> None:
    mapping = (HEAD + ATTENDANCE).replace('code = "A"', 'code = "A"\nabsent_fraction = ".5"')
    rows = ROWS.replace("A,195", "A,") + "009,9/3/2024,A,390,9/3/2024 8:15 AM,z\n"
    events = read(tmp_path, mapping, {"att.csv": rows})
    assert [each.get("absent_fraction") for each in given(events, Kind.ATTENDANCE)] == [
        ".5",
        "0.166666666",
        "1",
    ]
