"""A mapping file: what it takes, and how each fault of it is told with its entry, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.mapping.load import MappingInvalid, load_mapping, parse_mapping
from models.columns import Kind

GOOD = """
district = "0042"
time_zone = "America/New_York"
codes_recorded_at = 2024-08-20T12:00:00-04:00

[[codes]]
code = "A"
written = ["A", "Absent"]
status = "absent"
class = "unexcused"
effective_from = 2024-08-01

[[files]]
name = "attendance*.csv"
kind = "attendance"
[files.columns]
student_id = "Student Number"
school_id = { constant = "101" }
date = { column = "Day", format = "%m/%d/%Y" }
code = "Code"
recorded_at = { column = "Changed", format = "%m/%d/%Y %H:%M" }
"""


def fault(content: str) -> str:
    with pytest.raises(MappingInvalid) as caught:
        parse_mapping(content, "m.toml")
    return str(caught.value)


def test_a_good_file_is_taken_with_toml_times_too(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(GOOD)
    mapping = load_mapping(file)
    assert mapping.files[0].kind is Kind.ATTENDANCE
    assert mapping.ids_of_codes == {"A": "A", "Absent": "A"}
    assert mapping.codes[0].record("D", mapping.codes_recorded_at) == {
        "district_id": "D",
        "code": "A",
        "status": "absent",
        "class": "unexcused",
        "recorded_at": "2024-08-20T12:00:00-04:00",
        "effective_from": "2024-08-01",
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("district =", "distrct =", "distrct is no key there; is district meant?"),
        ("class =", "clas =", "codes entry 1, clas is no key there; is class meant?"),
        ('class = "unexcused"', "", "codes entry 1: a code that means absent needs a class; excused"),
        ('"absent"', '"away"', "codes entry 1, status: Input should be 'absent' or 'in_attendance'"),
        ('code = "A"', 'code = "A B"', "codes entry 1: code takes 1 to 64 characters"),
        ('status = "absent"', 'status = "absent"\nabsent_fraction = 0.5', "takes a part of the day"),
        ("codes_recorded_at =", "# ", "codes_recorded_at is missing: say when the meanings"),
        ("T12:00:00-04:00", "", "codes_recorded_at: takes a text in quotes"),
        ("-04:00", "", "codes_recorded_at: takes a time with its offset in quotes"),
        ("America/New_York", "Springfield", 'time_zone: is no time zone that is known here; write'),
        ('kind = "attendance"', 'kind = "absence"', "files entry 1, kind: takes one of attendance,"),
        ('student_id = "Student Number"', "", "files entry 1: columns: student_id is missing; name"),
        ("student_id =", "pupil =", "files entry 1: columns: attendance has no pupil; it has district_id"),
        ("format = \"%m/%d/%Y\" }", 'format = "%d" }', "columns.date.format: takes a year (%Y is 2021"),
        ("format = \"%m/%d/%Y\" }", 'format = "%Y-%d" }', "columns.date.format: is no format that reads"),
        ("format = \"%m/%d/%Y\" }", 'formt = "x" }', "columns.date.formt is no key there; is format meant?"),
        ('{ constant = "101" }', "7", "columns.school_id: takes a column's name in quotes, or a table"),
        ('{ constant = "101" }', "{ }", "columns.school_id: takes either column"),
        ('{ constant = "101" }', '{ column = "S", of = 4 }', "of does not go with school_id"),
        ('"101" }', '"101", pad = 4 }', "columns.school_id: a constant takes no other key"),
        ('code = "Code"', 'code = { column = "C", default = "exported_at" }', "only recorded_at takes"),
        ('time_zone = "America/New_York"', "", "columns.recorded_at has no time zone; give"),
        ('name = "attendance*.csv"', 'exported_at = "now"', "exported_at: takes a time with its offset"),
        ('name = "attendance*.csv"', 'encoding = "utf8"', "encoding: Input should be 'utf-8', 'cp1252'"),
        ('name = "attendance*.csv"', 'delimiter = ", "', "delimiter: String should have at most 1 character"),
        ('name = "attendance*.csv"', 'skip = [{ column = "x" }]', "skip entry 1: takes either is or is_not"),
        ('district = "0042"', "district = 42", "district: takes a text in quotes"),
        ("[[files]]", "[files]", "files: takes a list"),
        ("[[files]]", "[[files", "is not TOML"),
    ],
)  # fmt: skip
def test_each_fault_names_its_place_and_its_remedy(before: str, after: str, told: str) -> None:
    assert before in GOOD
    assert told in fault(GOOD.replace(before, after, 1))


def test_every_fault_is_told_at_once() -> None:
    told = fault(GOOD.replace('"0042"', "42").replace('"absent"', '"away"'))
    assert "district: " in told
    assert "codes entry 1, status: " in told


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match="it has to be there, in UTF-8"):
        load_mapping(tmp_path / "none.toml")


def test_one_way_to_write_two_codes_is_told() -> None:
    second = '[[codes]]\ncode = "B"\nwritten = "Absent"\nstatus = "in_attendance"\n[[files]]'
    assert "stands for two codes" in fault(GOOD.replace("[[files]]", second))
    again = '[[codes]]\ncode = "A"\nstatus = "in_attendance"\neffective_from = "2024-08-01"\n[[files]]'
    assert "stands twice with one effective_from" in fault(GOOD.replace("[[files]]", again))


def test_a_mapping_of_no_file_is_told() -> None:
    assert "give a [[files]] entry" in fault('district = "0042"')


DAYS = """
[[files]]
kind = "attendance"
[files.columns]
student_id = "ID"
school_id = "School"
[files.days]
date_format = "%m/%d"
school_year = "2024-25"
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('school_year = "2024-25"', "", "files entry 1, days: date_format takes a year"),
        ('"2024-25"', '"2024-26"', "school_year takes a school year in quotes"),
        ('"%m/%d"', '"%m/%d/%Y"', "date_format takes no year, since school_year says it"),
        ('school_year = "2024-25"', 'school_year = "2024-25"\nenrollment = true', "enrollment needs grade"),
        ('school_year = "2024-25"', 'school_year = "2024-25"\ngrade = "G"', "go with enrollment = true"),
        ('school_id = "School"', 'school_id = "School"\ncode = "C"', "code comes from the sheet's days"),
        ('kind = "attendance"', 'kind = "student"', "days is for attendance"),
    ],
)
def test_the_faults_of_a_sheet_are_told(before: str, after: str, told: str) -> None:
    parse_mapping(DAYS, "m.toml")
    assert told in fault(DAYS.replace(before, after, 1))
