"""What an Ed-Fi API answers into canonical records, on examples worked by hand."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from infra.files.source import PathUnusable
from infra.intake.events import Event, Notice, Record
from infra.intake.read import plan
from models.columns import Kind
from streams.refused import Refused
from tests.support.sis_files import (
    DAYS,
    SUMMER,
    Files,
    api_date,
    api_event,
    api_stay,
    edfi_json,
    listed,
    write,
)

EVENTS = "studentSchoolAttendanceEvents.json"
LATE = "2021-09-09T08:00:00Z"


def read(tmp_path: Path, files: Files, district: str = "") -> list[Event]:
    return list(plan([write(tmp_path / "in", files)], "edfi_json").events(district=district))


def given(events: list[Event], kind: Kind) -> list[dict[str, str]]:
    return [dict(each.held.given) for each in events if isinstance(each, Record) and each.kind is kind]


def refusals(events: list[Event]) -> list[tuple[str, int, str, str, str]]:
    return [(e.file, e.line, e.kind, e.reason, e.field) for e in events if isinstance(e, Refused)]


def notices(events: list[Event]) -> str:
    return "\n".join(event.text for event in events if isinstance(event, Notice))


def test_an_event_is_recorded_when_the_api_says_it_was_modified(tmp_path: Path) -> None:
    events = read(tmp_path, edfi_json())
    assert not refusals(events)
    assert given(events, Kind.ATTENDANCE)[1] == {
        "district_id": "0042",
        "school_id": "11",
        "student_id": "0007",
        "date": "2021-09-02",
        "code": "Unexcused-Absence",
        "recorded_at": "2021-09-02T14:00:00Z",
        "record_id": "Unexcused-Absence",
        "absent_fraction": "1.0",
    }
    assert [(row["code"], row["status"], row.get("class")) for row in given(events, Kind.CODE)] == [
        ("Excused-Absence", "absent", "excused"),
        ("Unexcused-Absence", "absent", "unexcused"),
        ("Tardy", "in_attendance", None),
    ]
    assert given(events, Kind.ENROLLMENT)[0] == {
        "district_id": "0042",
        "school_id": "11",
        "student_id": "0007",
        "grade": "4",
        "entry_date": "2021-09-01",
        "recorded_at": SUMMER,
    }
    assert {row["recorded_at"] for row in given(events, Kind.CALENDAR)} == {SUMMER}
    assert not any("track" in row for row in given(events, Kind.CALENDAR))


def test_lines_and_pages_are_read_like_lists(tmp_path: Path) -> None:
    files = edfi_json()
    objects = json.loads(files.pop(EVENTS))
    files["events-1.jsonl"] = "\n".join(json.dumps(each) for each in objects[:3]).encode()
    files["events-2.json"] = json.dumps(objects[3:4], indent=2).encode()
    files["events-3.json"] = json.dumps(objects[4], indent=2).encode()
    paged = read(tmp_path, files)
    whole = list(plan([write(tmp_path / "whole", edfi_json())], "edfi_json").events())
    for kind in (Kind.ATTENDANCE, Kind.SUBMISSION, Kind.CODE):
        assert given(paged, kind) == given(whole, kind)
    assert not refusals(paged)


def test_what_the_files_do_not_say_is_derived_and_said(tmp_path: Path) -> None:
    files = {"e.json": listed([api_event("0007", "2021-09-02", "Excused Absence")])}
    files["c.json"] = listed([api_date(day, "Instructional day") for day in DAYS])
    events = read(tmp_path, files, district="D")
    assert [(row["entry_date"], row["exit_date"]) for row in given(events, Kind.ENROLLMENT)] == [
        (DAYS[0], DAYS[-1])
    ]
    assert given(events, Kind.ATTENDANCE)[0]["recorded_at"] == "2021-09-02T00:00:00Z"
    said = notices(events)
    assert "no enrollments for 1 students" in said and "objects without _lastModifiedDate: 6" in said


def test_no_enrollment_is_derived_where_associations_are_given_even_none(tmp_path: Path) -> None:
    files = edfi_json()
    files["studentSchoolAssociations.json"] = b"[ ]\n"
    events = read(tmp_path, files)
    assert not given(events, Kind.ENROLLMENT) and not refusals(events)
    assert "no enrollment in this call: 2" in notices(events)
    assert "taken as studentSchoolAssociations by its name" in notices(events)


def test_several_calendars_of_a_school_are_tracks(tmp_path: Path) -> None:
    files = edfi_json()
    files["more.json"] = listed([api_date("2021-09-01", "Teacher only day", code="K G", modified=LATE)])
    files["stays.json"] = listed(
        [api_stay("0009", "2021-09-01", "Kindergarten", SUMMER, calendarReference={"calendarCode": "K G"})]
    )
    events = read(tmp_path, files)
    tracks = {(row["track"], row["date"], row["kind"]) for row in given(events, Kind.CALENDAR)}
    assert {("K-G", "2021-09-01", "teacher_only"), ("M", "2021-09-01", "instructional")} <= tracks
    stays = {row["student_id"]: row.get("track") for row in given(events, Kind.ENROLLMENT)}
    assert stays == {"0007": None, "0008": None, "0009": "K-G"}
    assert "several calendars: 1" in notices(events)


def deleted(keys: dict[str, Any] | None, version: int = 7) -> dict[str, Any]:
    return {"id": "a" * 32, "changeVersion": version, "keyValues": keys}


def event_keys(student: str, day: str, category: str) -> dict[str, Any]:
    return {
        "studentUniqueId": student, "schoolId": 11, "sessionName": "Fall", "eventDate": day,
        "attendanceEventCategoryDescriptor": f"uri://x#{category}",
    }  # fmt: skip


def test_deletes_are_as_of_the_latest_time_of_the_call_and_leave_what_is_there_again(tmp_path: Path) -> None:
    files = edfi_json()
    files["deletes.json"] = listed(
        [
            deleted(event_keys("0008", "2021-09-03", "Unexcused Absence")),
            deleted(event_keys("0007", "2021-09-01", "Excused Absence")),
            deleted({"studentUniqueId": "0010", "schoolId": 11, "entryDate": "2021-09-01"}, 8),
            deleted({"calendarCode": "M", "schoolId": 11, "schoolYear": 2022, "date": "2021-10-11"}),
            deleted({"studentUniqueId": "0011"}),
            deleted({**event_keys("0008", "2021-09-03", "Tardy"), "sectionIdentifier": "s"}),
            deleted(None),
            deleted({"gradeTypeDescriptor": "x"}),
        ]
    )
    events = read(tmp_path, files)
    at = {"recorded_at": "2021-09-08T14:00:00Z", "op": "delete", "event_id": f"~deleted-{7:020}"}
    school = {"district_id": "0042", "school_id": "11"}
    assert [row for kind in Kind for row in given(events, kind) if row.get("op")] == [
        {**school, "student_id": "0008", "date": "2021-09-03", "record_id": "Unexcused-Absence", **at},
        {**school, "student_id": "0010", "entry_date": "2021-09-01", **at, "event_id": f"~deleted-{8:020}"},
        {**school, "date": "2021-10-11", **at},
        {**school, "date": "2021-10-11", "track": "M", **at},
        {"district_id": "0042", "student_id": "0011", **at},
    ]
    assert refusals(events) == [
        ("deletes.json", 8, "", "missing_value", "keyValues"),
        ("deletes.json", 9, "", "unknown_kind", "keyValues"),
    ]
    said = notices(events)
    assert (
        "deletes of what is there again: 1" in said and "deletes of events of sections (classes): 1" in said
    )
    assert "deletes: 5; they have no time" in said


def test_deletes_alone_cannot_be_dated(tmp_path: Path) -> None:
    files = {"deletes.json": listed([deleted(event_keys("0008", "2021-09-03", "Tardy"))])}
    events = read(tmp_path, files)
    assert refusals(events) == [("deletes.json", 2, "", "missing_value", "_lastModifiedDate")]


def test_odd_values_are_refused_where_they_stand_and_neighbours_go_on(tmp_path: Path) -> None:
    good = api_event("s", "2021-09-01", "Tardy")
    odd: list[Any] = [
        {**good, "eventDate": True},
        {**good, "studentReference": []},
        {**good, "schoolReference": None},
        {**good, "attendanceEventCategoryDescriptor": {"codeValue": "Tardy"}},
        {**api_event("s", "2021-09-01", "Excused Absence"), "eventDuration": "half"},
        {**good, "_lastModifiedDate": "yesterday"},
        {**good, "eventDate": "9/1/2021"},
        {**good, "eventDate": "1999-09-01"},
        17,
        good,
    ]
    events = read(tmp_path, {EVENTS: listed(odd)})
    assert refusals(events) == [
        (EVENTS, 2, "", "bad_value", "eventDate"),
        (EVENTS, 3, "", "bad_value", "studentReference.studentUniqueId"),
        (EVENTS, 4, "attendance", "missing_value", "schoolReference.schoolId"),
        (EVENTS, 5, "", "bad_value", "attendanceEventCategoryDescriptor"),
        (EVENTS, 6, "attendance", "bad_value", "eventDuration"),
        (EVENTS, 7, "attendance", "bad_time", "_lastModifiedDate"),
        (EVENTS, 8, "attendance", "bad_date", "eventDate"),
        (EVENTS, 9, "attendance", "date_out_of_range", "eventDate"),
        (EVENTS, 10, "", "not_json", ""),
    ]
    assert len(given(events, Kind.ATTENDANCE)) == 1


def test_a_category_of_the_district_s_own_has_no_meaning_and_waits(tmp_path: Path) -> None:
    events = read(tmp_path, {EVENTS: listed([api_event("s", "2021-09-01", "Mental Health Wellness")])})
    assert [row["code"] for row in given(events, Kind.ATTENDANCE)] == ["Mental-Health-Wellness"]
    assert not given(events, Kind.CODE)
    assert "not in the list of Ed-Fi: 1" in notices(events)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", ("x.json", 1, "", "unknown_kind", "")),
        (b" \n", ("x.json", 1, "", "unknown_kind", "")),
        (b"[]", ("x.json", 1, "", "unknown_kind", "")),
        (b'[{"a": 1}]', ("x.json", 1, "", "unknown_kind", "")),
        (b"\xff[]", ("x.json", 1, "", "not_utf8", "")),
        (b"\n[nonsense", ("x.json", 2, "", "not_json", "")),
        (b"<xml/>", ("x.json", 1, "", "not_json", "")),
    ],
)
def test_a_file_that_is_none_is_refused_and_the_others_are_read(
    tmp_path: Path, content: bytes, refusal: tuple[str, int, str, str, str]
) -> None:
    events = read(tmp_path, {**edfi_json(), "x.json": content})
    assert refusals(events) == [refusal]
    assert len(given(events, Kind.ATTENDANCE)) == 5


def test_a_broken_object_is_refused_alone_where_its_end_can_be_told(tmp_path: Path) -> None:
    good = json.dumps(api_event("s", "2021-09-01", "Tardy"))
    other = json.dumps(api_event("t", "2021-09-01", "Tardy"))
    text = f'[\n{good},\n{{"eventDate": tru, "a": [1, "]"]}},\n\n{other},\n{{"eventDate": "2021,\n{good}]'
    events = read(tmp_path, {EVENTS: text.encode()})
    assert refusals(events) == [(EVENTS, 3, "", "not_json", ""), (EVENTS, 6, "", "not_json", "")]
    assert [(e.held.line, e.held.given["student_id"]) for e in events
            if isinstance(e, Record) and e.kind is Kind.ATTENDANCE] == [(2, "s"), (5, "t")]  # fmt: skip


def test_files_are_read_more_than_once_so_a_pipe_is_not_taken(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(PathUnusable, match="no plain file"):
        list(plan([tmp_path / "pipe.json"], "edfi_json").events())
