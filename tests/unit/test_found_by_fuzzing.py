"""Inputs that fuzzing found (`make fuzz`), each as a plain example."""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from infra.intake.events import Notice, Record
from infra.intake.read import plan
from infra.mapping.load import MappingInvalid, parse_mapping
from infra.mapping.proposal.look import look
from infra.mapping.proposal.propose import of_interest, propose
from infra.policy_file import PolicyInvalid, load_policies
from models.columns import Kind
from models.ledger.groups import encode_rows, rows_of
from streams.event_log import Headers, Message
from streams.faust_app import message_of
from streams.judging import Judged, judge
from streams.records_message import pack
from streams.refused import Refused

GOOD = (
    b'{"district_id":"D","school_id":"1","student_id":"%s","date":"2021-09-01","code":"A",'
    b'"recorded_at":"2021-09-01T08:00:00Z"}'
)
LONG_NUMBER = b"9" * 5000  # Python reads no integer of over 4,300 digits
UNREADABLE = {"a long number": b"x = " + LONG_NUMBER, "a deep list": b"x = " + b"[" * 5000}


def judged(value: bytes, *headers: tuple[str, bytes]) -> Judged:
    given: Headers = (("kind", b"attendance"), *headers)
    return judge(Message("records", 0, 5, 0, b"D", value, given), lambda key: 0)


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_policy_that_python_cannot_take_in_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(content)
    with pytest.raises(PolicyInvalid, match="is not TOML that can be read: a number is too long"):
        load_policies(path)


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_mapping_that_python_cannot_take_in_is_told(content: bytes) -> None:
    with pytest.raises(MappingInvalid, match="is not TOML that can be read: a number is too long"):
        parse_mapping(content.decode(), "mapping.toml")


def test_a_number_of_any_length_costs_no_neighbour_in_its_message() -> None:
    found = judged(b"[" + GOOD % b"1" + b',{"code":' + LONG_NUMBER + b"}," + GOOD % b"2" + b"]")
    assert [held.given["student_id"] for held in found.valid["D"]] == ["1", "2"]
    assert [refused.reason for refused in found.refused] == ["missing_value"]


@pytest.mark.parametrize("lines", [b"[18446744073709551615,0]", b"[-9223372036854775808,7]", b"[-1,1]"])
def test_line_numbers_that_no_file_has_are_not_taken(lines: bytes) -> None:
    value = b"[" + GOOD % b"1" + b"," + GOOD % b"2" + b"]"
    (rows,) = judged(value, ("file", b"a.csv"), ("lines", lines)).valid.values()
    assert [held.line for held in rows] == [5, 5]
    assert list(rows_of(encode_rows(rows))) == rows


@pytest.mark.parametrize("encoding", ["none", "gbk", "utf-7", "idna", "hex"])
def test_xml_in_an_encoding_that_is_not_read_is_refused_and_the_others_are_read(
    tmp_path: Path, encoding: str
) -> None:
    school = "<School><SchoolId>11</SchoolId></School>"
    root = "InterchangeEducationOrganization"
    (tmp_path / "a.xml").write_text(f'<?xml version="1.0" encoding="{encoding}"?><{root}>{school}</{root}>')
    (tmp_path / "b.xml").write_text(f"<{root}>{school}</{root}>")
    events = list(plan([tmp_path], "edfi").events())
    (refused,) = [event for event in events if isinstance(event, Refused)]
    assert (refused.file, refused.line, refused.reason) == ("a.xml", 1, "not_csv")
    assert refused.message == ("the XML names an encoding that is not read at line 1; export the file again")
    assert any(getattr(event, "kind", "") == "school" and not isinstance(event, Refused) for event in events)


def test_a_header_without_a_value_is_a_blank_one() -> None:
    held = SimpleNamespace(
        topic="records", partition=0, offset=5, timestamp=1.5, key=b"D", value=b"[]", headers=[("kind", None)]
    )
    assert message_of(cast(Any, SimpleNamespace(message=held))).headers == (("kind", b""),)


def test_a_proposal_is_toml_whatever_stands_in_the_header(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Student\x7fID,School,Date,Code\n7,1,9/1/2021,A\n")
    told = propose([look(path, of_interest)], "", datetime(2024, 10, 1, tzinfo=UTC))
    entries = tomllib.loads(told)["files"]
    assert [entry["columns"]["student_id"] for entry in entries] == ["Student\x7fID"]


@pytest.mark.parametrize("format", ["canonical", "aspen"])
def test_a_file_whose_name_is_not_utf8_is_named_as_text(tmp_path: Path, format: str) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/Schul\xfcbersicht.csv"))
    head = b"district_id,school_id,student_id,date,code,recorded_at,other\n"
    path.write_bytes(
        head + b"D,1,7,2021-09-01,A,2021-09-01T08:00:00Z\nD,1,,2021-09-01,A,2021-09-01T08:00:00Z\n"
    )
    events = list(plan([path], format).events())
    (record,) = [event for event in events if isinstance(event, Record)]
    assert record.held.file == "Schul\\xfcbersicht.csv"
    assert dict(pack(record.kind, [record.held]).headers)["file"] == rb"Schul\xfcbersicht.csv"
    (refused,) = [event for event in events if isinstance(event, Refused)]
    assert refused.file == "Schul\\xfcbersicht.csv" and Path(refused.path).exists()
    assert {event.file.encode() for event in events if isinstance(event, Notice)} <= {
        rb"Schul\xfcbersicht.csv",
        b"aspen",
    }


def test_a_proposal_is_toml_whatever_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a\nb.csv"
    path.write_bytes(b"Student ID,School,Date,Code\n7,1,9/1/2021,A\n")
    told = propose([look(path, of_interest)], "", datetime(2024, 10, 1, tzinfo=UTC))
    assert [entry["name"] for entry in tomllib.loads(told)["files"]] == ["a\nb.csv"]


def test_a_root_that_is_no_name_of_the_standard_is_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<InterchangeStudentAt4711/>")
    (tmp_path / "b.xml").write_text("<InterchangeDescriptors/>")
    (tmp_path / "c.xml").write_text("<InterchangeStudentLee/>")
    told = [event.text for event in plan([tmp_path], "edfi").events() if isinstance(event, Notice)]
    assert told[:3] == [
        "an interchange of another name is not needed, and not read",
        "InterchangeDescriptors is not needed, and not read",
        "an interchange of another name is not needed, and not read",
    ]


@pytest.mark.parametrize(("between", "refused"), [("\ufeff", 0), ("0000-00-00\n", 1), ('"a": 1 ', 1)])
def test_what_stands_before_an_event_does_not_cost_it(tmp_path: Path, between: str, refused: int) -> None:
    event = (
        '{"schoolReference": {"schoolId": 11}, "studentReference": {"studentUniqueId": "%s"}, '
        '"eventDate": "2021-09-01", "attendanceEventCategoryDescriptor": "x#Excused Absence", '
        '"_lastModifiedDate": "2021-09-01T14:00:00Z"}'
    )
    path = tmp_path / "studentSchoolAttendanceEvents.json"
    path.write_text(f"[{event % 1},\n{between}{event % 2}]", encoding="utf-8")
    events = list(plan([path], "edfi_json").events(district="D"))
    assert [held.line for held in events if isinstance(held, Refused)] == [2] * refused
    found = [held.held.given for held in events if isinstance(held, Record) and held.kind is Kind.ATTENDANCE]
    assert [given["student_id"] for given in found] == ["1", "2"]
