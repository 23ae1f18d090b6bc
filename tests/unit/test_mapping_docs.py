"""The section on mapping files says every key, and its example is a mapping that reads files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.mapping.code import Code
from infra.mapping.columns import From, Strict
from infra.mapping.days import Days
from infra.mapping.load import parse_mapping
from infra.mapping.mapping import Layout, Mapping
from infra.mapping.proposal.entry import CHECK, FILL_IN
from models.columns import Kind
from tests.contract.test_docs import RECORDS, rows, section
from tests.unit.test_mapped_csv import given, notices, read, refused


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("Keys of a mapping", Mapping),
        ("Keys of a code", Code),
        ("Keys of a file", Layout),
        ("Keys of a column", From),
        ("A sheet with a column a day", Days),
    ],
)
def test_every_key_is_documented(heading: str, table: type[Strict]) -> None:
    known = {field.alias or name for name, field in table.model_fields.items()}
    assert set(rows(section(RECORDS, heading))) == known


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", section(RECORDS, "Mapping files"), re.DOTALL)
    assert found
    return found[1]


def test_the_example_reads_files(tmp_path: Path) -> None:
    attendance = """Student Number,School,Absence Date,Code,Minutes Missed,Last Changed,Status
42,North High,9/3/2024,Excused Absence,195,9/3/2024 8:15 AM,
43,South High,9/3/2024,T,20,9/3/2024 9:00 AM,Active
44,South High,9/3/2024,A,390,9/3/2024 9:00 AM,Deleted
"""
    homeroom = "Name,ID,Gr,9/3,9/4\nLee,7,4,A,.\nNg,8,KG,,E\n"
    files: dict[str, str | bytes] = {"attendance_1.csv": attendance, "homeroom_2024-09-04.csv": homeroom}
    events = read(tmp_path, example(), files)
    assert not refused(events)
    assert [
        (each["school_id"], each["student_id"], each["date"], each["code"], each.get("absent_fraction"))
        for each in given(events, Kind.ATTENDANCE)
    ] == [
        ("101", "000042", "2024-09-03", "E", "0.5"),
        ("102", "000043", "2024-09-03", "T", "0.051282051"),
        ("103", "7", "2024-09-03", "A", None),
        ("103", "8", "2024-09-04", "E", None),
    ]
    assert len(given(events, Kind.CODE)) == 3
    assert len(given(events, Kind.CALENDAR)) == 2
    assert [each["grade"] for each in given(events, Kind.ENROLLMENT)] == ["4", "KG"]
    assert 'by the column "Status": 1' in notices(events)


def test_the_formats_that_are_named_are_those_that_work() -> None:
    text = section(RECORDS, "Formats of dates and times")
    assert set(re.findall(r"`(%[A-Za-z])`", text)) == {f"%{letter}" for letter in "YymdbBHIpMSz"}
    head = 'kind = "attendance"\n[files.columns]\nstudent_id = "I"\nschool_id = "S"\ncode = "C"\n'
    parse_mapping(f'[[files]]\n{head}date = {{ column = "D", format = "%m/%d/%y %H:%M" }}', "m.toml")


def test_the_marks_of_a_proposal_are_documented() -> None:
    assert list(rows(section(RECORDS, "A proposal"))) == [FILL_IN, CHECK]
