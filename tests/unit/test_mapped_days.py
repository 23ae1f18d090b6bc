"""A wide sheet, a row a student and a column a day, through a mapping file."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.intake.events import Record
from models.columns import Kind
from models.quick_check import first_fault
from streams.refused import Refused
from tests.unit.test_mapped_csv import HEAD, given, messages, notices, read, refused

SHEET = """
[[files]]
name = "sheet*.csv"
kind = "attendance"
[files.columns]
student_id = "ID"
school_id = "School"
[files.days]
date_format = "%m/%d/%y"
ignore = ["."]
"""
DERIVED = """
calendar = true
enrollment = true
grade = { column = "Gr", values = { "KF" = "K" }, others = "keep" }
"""

ROWS = """Name,ID,School,Gr,9/3/24,9/4/24,9/5/24
x,s1,101,7,A,,T
y,s2,101,KF,.,E,
z,s3,102,8,,,
"""
EXPORTED = "2024-09-04T15:00:00-04:00"


def marks(tmp_path: Path, mapping: str, rows: str) -> list[tuple[str, str, str, str]]:
    events = read(tmp_path, mapping, {"sheet.csv": rows}, exported_at=EXPORTED)
    assert not refused(events)
    return [
        (each["student_id"], each["date"], each.get("code", ""), each.get("op", ""))
        for each in given(events, Kind.ATTENDANCE)
    ]


def test_each_mark_is_a_record_and_a_blank_cell_says_nothing(tmp_path: Path) -> None:
    assert marks(tmp_path, HEAD + SHEET, ROWS) == [
        ("s1", "2024-09-03", "A", ""),
        ("s1", "2024-09-05", "T", ""),
        ("s2", "2024-09-04", "E", ""),
    ]


def test_a_blank_cell_may_take_a_mark_away_up_to_the_day_of_the_export(tmp_path: Path) -> None:
    mapping = HEAD + SHEET + 'blank = "delete"\n'
    taken = [row for row in marks(tmp_path, mapping, ROWS) if row[3] == "delete"]
    assert taken == [
        ("s1", "2024-09-04", "", "delete"),
        ("s3", "2024-09-03", "", "delete"),
        ("s3", "2024-09-04", "", "delete"),
    ]


def test_days_and_stays_are_derived_where_the_mapping_says_so(tmp_path: Path) -> None:
    events = read(tmp_path, HEAD + SHEET + DERIVED, {"sheet.csv": ROWS}, exported_at=EXPORTED)
    assert not refused(events)
    assert [(each["school_id"], each["date"], each["kind"]) for each in given(events, Kind.CALENDAR)] == [
        (school, f"2024-09-0{day}", "instructional") for school in ("101", "102") for day in (3, 4, 5)
    ]
    stays = given(events, Kind.ENROLLMENT)
    assert [(each["student_id"], each["school_id"], each["grade"]) for each in stays] == [
        ("s1", "101", "7"),
        ("s2", "101", "K"),
        ("s3", "102", "8"),
    ]
    assert {(each["entry_date"], each["exit_date"]) for each in stays} == {("2024-09-03", "2024-09-05")}
    for text in (
        "3 days from 2024-09-03 to 2024-09-05, with 3 students",
        "a school day of the 2 schools",
        "3 students are taken as enrolled from 2024-09-03 to 2024-09-05",
        "cells whose mark the mapping ignores: 1",
        "blank cells say nothing",
    ):
        assert text in notices(events)


def test_nothing_is_derived_without_a_word_of_it(tmp_path: Path) -> None:
    events = read(tmp_path, HEAD + SHEET, {"sheet.csv": ROWS}, exported_at=EXPORTED)
    assert {each.kind for each in events if isinstance(each, Record)} == {Kind.CODE, Kind.ATTENDANCE}


def test_what_is_derived_loses_to_what_is_known_and_a_longer_sheet_wins(tmp_path: Path) -> None:
    longer = ROWS.replace("9/5/24", "9/6/24")

    def stay(rows: str) -> dict[str, str]:
        events = read(tmp_path, HEAD + SHEET + DERIVED, {"sheet.csv": rows}, exported_at=EXPORTED)
        assert {each["recorded_at"] for each in given(events, Kind.CALENDAR)} == {"2023-07-01T00:00:00Z"}
        return given(events, Kind.ENROLLMENT)[0]

    first, second = stay(ROWS), stay(longer)
    assert first["entry_date"] == second["entry_date"]
    assert first["exit_date"] < second["exit_date"]
    assert first["recorded_at"] < second["recorded_at"] < "2024-07-01"


def test_a_date_without_a_year_lies_in_the_school_year(tmp_path: Path) -> None:
    mapping = (HEAD + SHEET).replace("%m/%d/%y", "%m/%d").replace("ignore", 'school_year = "2023-24"\nignore')
    rows = "ID,School,8/31,2/29\ns1,101,A,A\n"
    assert [row[1] for row in marks(tmp_path, mapping, rows)] == ["2023-08-31", "2024-02-29"]


@pytest.mark.parametrize(
    ("rows", "reason", "field", "told"),
    [
        ("ID,School,Mon\ns1,101,A\n", "missing_column", "date", "no column's name is a date"),
        ("ID,School,9/3/24,09/03/24\ns1,101,A,A\n", "not_csv", "", "a day stands twice"),
        ("ID,School,9/3/24,9/3/24\ns1,101,A,A\n", "not_csv", "", "a day stands twice"),
    ],
)
def test_a_sheet_without_clear_days_is_refused(
    tmp_path: Path, rows: str, reason: str, field: str, told: str
) -> None:
    events = read(tmp_path, HEAD + SHEET, {"sheet.csv": rows}, exported_at=EXPORTED)
    kind = "attendance" if reason == "missing_column" else ""
    assert refused(events) == [("sheet.csv", 1, kind, reason, field)]
    assert told in messages(events)


def test_a_bad_cell_is_refused_and_the_other_cells_of_its_row_go_on(tmp_path: Path) -> None:
    rows = ROWS.replace("x,s1,101,7,A,,T", "x,s1,101,7,no show,A,no show").replace("z,s3", "z,s 3")
    events = read(tmp_path, HEAD + SHEET, {"sheet.csv": rows}, exported_at=EXPORTED)
    assert refused(events) == [
        ("sheet.csv", 2, "attendance", "bad_id", "code"),
        ("sheet.csv", 4, "attendance", "bad_id", "student_id"),
    ]
    assert "of 2024-09-03, the first such day" in messages(events)
    assert [each["date"] for each in given(events, Kind.ATTENDANCE)] == ["2024-09-04", "2024-09-04"]
    for event in events:
        if isinstance(event, Refused):
            assert first_fault(Kind.ATTENDANCE, event.given) is not None


def test_a_grade_that_is_none_is_a_refused_enrollment_and_the_marks_go_on(tmp_path: Path) -> None:
    rows = ROWS.replace("x,s1,101,7", "x,s1,101,Ungraded")
    events = read(tmp_path, HEAD + SHEET + DERIVED, {"sheet.csv": rows}, exported_at=EXPORTED)
    assert refused(events) == [("sheet.csv", 2, "enrollment", "bad_value", "grade")]
    assert len(given(events, Kind.ATTENDANCE)) == 3


def test_a_date_out_of_range_is_refused_alone(tmp_path: Path) -> None:
    rows = "ID,School,9/3/24,9/3/28\ns1,101,A,A\n"
    events = read(tmp_path, HEAD + SHEET, {"sheet.csv": rows}, exported_at=EXPORTED)
    assert refused(events) == [("sheet.csv", 2, "attendance", "date_out_of_range", "date")]
    assert len(given(events, Kind.ATTENDANCE)) == 1


def test_a_mark_may_stand_for_a_part_of_the_day(tmp_path: Path) -> None:
    mapping = (HEAD + SHEET).replace('code = "A"', 'code = "A"\nabsent_fraction = "0.5"')
    events = read(tmp_path, mapping, {"sheet.csv": ROWS}, exported_at=EXPORTED)
    parts = {each["code"]: each.get("absent_fraction") for each in given(events, Kind.ATTENDANCE)}
    assert parts == {"A": "0.5", "T": None, "E": None}
