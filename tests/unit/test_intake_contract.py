"""Contract section 1 on files, sentence by sentence: what is read, and what is refused with which reason."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from pathlib import Path

import pytest

from infra.intake.events import Event, Notice, Record
from infra.intake.read import read_paths
from models.columns import COLUMNS, Kind
from models.validate import fault_of
from streams.refused import Refused

HEADER = "district_id,school_id,student_id,date,code,recorded_at"
ROW = "135,0042,S1,2021-09-01,A,2021-09-01T08:00:00-04:00"
GIVEN = dict(zip(HEADER.split(","), ROW.split(","), strict=True))
SCHOOL = "district_id,school_id,recorded_at,name"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, content: str | bytes, name: str = "a.csv") -> list[Event]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_paths([path]))


def records(events: list[Event]) -> list[tuple[Kind, int, dict[str, str]]]:
    return [(e.kind, e.held.line, dict(e.held.given)) for e in events if isinstance(e, Record)]


def refused(events: list[Event]) -> list[tuple[int, str, str, str]]:
    return [(e.line, e.kind, e.reason, e.field) for e in events if isinstance(e, Refused)]


def notices(events: list[Event]) -> list[str]:
    return [e.text for e in events if isinstance(e, Notice)]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_header_tells_the_kind_in_any_order_of_columns(folder: Path, kind: Kind) -> None:
    names = [column.name for column in COLUMNS[kind]][::-1]
    values = {**GIVEN, "grade": "5", "entry_date": "2021-09-01", "kind": "holiday", "state": "submitted"}
    values |= {"status": "in_attendance", "school_year": "2020-21", "enrolled_days": "9", "absent_days": "1"}
    events = read(folder, ",".join(names) + "\n" + ",".join(values.get(name, "") for name in names))
    assert [found[:2] for found in records(events)] == [(kind, 2)] and len(events) == 1


def test_ids_are_strings_and_a_bom_is_no_part_of_the_header(folder: Path) -> None:
    events = read(folder, f"\ufeff{HEADER}\n{ROW}\n")
    assert records(events) == [(Kind.ATTENDANCE, 2, GIVEN)]
    assert records(events)[0][2]["school_id"] == "0042"


def test_a_bom_does_not_hide_that_a_file_is_json(folder: Path) -> None:
    assert records(read(folder, "\ufeff\n " + json.dumps(GIVEN), "a")) == [(Kind.ATTENDANCE, 2, GIVEN)]


def test_json_lines_have_the_same_names_and_keep_numbers_as_they_stand(folder: Path) -> None:
    lines = [json.dumps(GIVEN), "", json.dumps(GIVEN)[:-1] + ', "absent_fraction": 0.50, "permission": null}']
    assert records(read(folder, "\n".join(lines), "a.jsonl")) == [
        (Kind.ATTENDANCE, 1, GIVEN),
        (Kind.ATTENDANCE, 3, GIVEN | {"absent_fraction": "0.50"}),
    ]


def test_unknown_columns_are_ignored_with_one_warning_a_file(folder: Path) -> None:
    events = read(folder, f"{HEADER},Code,room,\n{ROW},x,y,z\n{ROW},x,y\n")
    assert [given for _, _, given in records(events)] == [GIVEN, GIVEN]
    assert notices(events) == ["columns that are not known were ignored: Code, room"]
    lines = [json.dumps(GIVEN | {name: {"a": [1]}}) for name in ("room", "room", "desk")]
    events = read(folder, "\n".join(lines), "b.jsonl")
    assert [given for _, _, given in records(events)] == [GIVEN] * 3
    assert notices(events) == ["columns that are not known were ignored: room, desk"]


def test_a_short_row_ends_in_blanks_and_blank_lines_are_skipped(folder: Path) -> None:
    events = read(folder, f"{HEADER},absent_fraction,permission\n\n{ROW},0.5\n \t\n{ROW}\n")
    assert records(events) == [
        (Kind.ATTENDANCE, 3, GIVEN | {"absent_fraction": "0.5"}),
        (Kind.ATTENDANCE, 5, GIVEN),
    ]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"", (1, "", "not_csv", "")),
        ("a", b"", (1, "", "not_csv", "")),
        ("a.csv", b"\xef\xbb\xbf\n \n", (1, "", "not_csv", "")),
        ("a.csv", b'"district_id"x,school_id\n', (1, "", "not_csv", "")),
        ("a.jsonl", b"", (1, "", "unknown_kind", "")),
        ("a.jsonl", b"not json\n", (1, "", "unknown_kind", "")),
        ("a.jsonl", b"[]\n", (1, "", "unknown_kind", "")),
        ("a.csv", b"name,when\n1,2\n", (1, "", "unknown_kind", "")),
        ("a.csv", b",,\n1,2\n", (1, "", "unknown_kind", "")),
        ("a.csv", b"Student_ID,Date\n1,2\n", (1, "", "unknown_kind", "")),
        ("a.csv", b"student_id,date,date\n1,2\n", (1, "attendance", "missing_column", "district_id")),
        ("a.csv", HEADER.encode() + b",x,x\n", (1, "", "not_csv", "")),
        ("a.csv", HEADER.encode() + b"\n\xff\n", (1, "", "not_utf8", "")),
        ("a.csv", f"{HEADER}\n{ROW}\n".encode("utf-16"), (1, "", "not_utf8", "")),
        ("a.csv", HEADER.encode() + b"\nM\xfcller\n", (1, "", "not_utf8", "")),
        ("a.csv", HEADER.encode() + b"\n\xe2\x82", (1, "", "not_utf8", "")),
        ("a.csv", b"\xef\xbb", (1, "", "not_utf8", "")),
    ],
)  # fmt: skip
def test_a_whole_file_is_refused(
    folder: Path, name: str, content: bytes, expected: tuple[int, str, str, str]
) -> None:
    events = read(folder, content, name)
    assert refused(events) == [expected] and len(events) == 1


def test_a_bad_byte_late_in_a_big_file_refuses_it_before_anything_is_given(folder: Path) -> None:
    content = f"{HEADER}\n{ROW}\n".encode() + f"{ROW}\n".encode() * 30_000
    events = read(folder, content + b"\xe2\x28\xa1")
    assert [type(event) for event in events] == [Refused]
    assert f"at byte {len(content)};" in events[0].message  # type: ignore[union-attr]  # a Refused


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"student_id": "S 1"}, ("bad_id", "student_id")),
        ({"student_id": "S\x071"}, ("bad_id", "student_id")),
        ({"student_id": "S\x001"}, ("bad_id", "student_id")),
        ({"student_id": "\u00a0S1"}, ("bad_id", "student_id")),
        ({"code": ""}, ("missing_value", "code")),
        ({"recorded_at": "2021-09-01T08:00:00"}, ("bad_time", "recorded_at")),
        ({"date": "09/01/2021"}, ("bad_date", "date")),
        ({"date": "1721-09-01"}, ("date_out_of_range", "date")),
        ({"date": "2321-09-01"}, ("date_out_of_range", "date")),
        ({"absent_fraction": "half"}, ("bad_value", "absent_fraction")),
        ({"op": "remove"}, ("bad_value", "op")),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_row_is_refused_and_its_neighbours_go_on(
    folder: Path, changes: dict[str, str], expected: tuple[str, str], name: str
) -> None:
    names = [*GIVEN, "absent_fraction", "op"]
    rows = [GIVEN, GIVEN | changes, GIVEN]
    if name == "a.csv":
        lines = [",".join(names), *(",".join(row.get(column, "") for column in names) for row in rows)]
    else:
        lines = ["", *map(json.dumps, rows)]
    events = read(folder, "\n".join(lines), name)
    assert refused(events) == [(3, "attendance", *expected)]
    assert [line for _, line, _ in records(events)] == [2, 4]


def test_a_refusal_carries_the_record_as_it_came_and_where_it_stood(folder: Path) -> None:
    content = f'{HEADER},permission\r\n135,"00""42" , S\n 1,2021-09-01\r\n{ROW},"perhaps,\r\nnot"\r\n'
    content = content.replace(", S\n 1", ',"S\n 1"').replace('"00""42" ', '"00""42"')
    events = [event for event in read(folder, content) if isinstance(event, Refused)]
    assert [(event.line, event.record) for event in events] == [
        (2, '135,"00""42","S\n 1",2021-09-01'),
        (4, f'{ROW},"perhaps,\r\nnot"'),
    ]
    assert events[1].given == GIVEN | {"permission": "perhaps,\r\nnot"}
    assert {event.path for event in events} == {str(folder / "a.csv")}
    assert {event.digest for event in events} == {hashlib.sha256(content.encode()).hexdigest()}
    assert {event.file for event in events} == {"a.csv"}


def test_a_json_line_is_kept_as_it_came(folder: Path) -> None:
    line = '\t{"student_id": "S 1",  "x":1} '
    events = read(folder, json.dumps(GIVEN) + "\n" + line + "\r\n", "a.jsonl")
    assert [event.record for event in events if isinstance(event, Refused)] == [line]


def test_after_a_broken_quote_the_rest_is_one_refusal_and_rows_before_it_stand(folder: Path) -> None:
    events = read(folder, f'{HEADER}\n{ROW}\n135,"x"y\n{ROW}\n{ROW}\n')
    assert [line for _, line, _ in records(events)] == [2]
    assert refused(events) == [(3, "attendance", "not_csv", "")]


def test_too_many_cells_are_refused_even_blank_ones_and_a_row_of_commas_misses_its_values(
    folder: Path,
) -> None:
    events = read(folder, f"{HEADER}\n{ROW},\n,,,\n{ROW}\n")
    assert refused(events) == [
        (2, "attendance", "not_csv", ""),
        (3, "attendance", "missing_value", "district_id"),
    ]
    assert [line for _, line, _ in records(events)] == [4]


@pytest.mark.parametrize(
    "line", ['{"a": NaN}', "{", "[1]", '"x"', '{"a": "\\ud800"}', '{"a":' * 5000 + "1" + "}" * 5000]
)
def test_a_line_that_is_not_json_is_refused(folder: Path, line: str) -> None:
    good = json.dumps(GIVEN)
    events = read(folder, f"{good}\n{line}\n{good}\n", "a.jsonl")
    assert refused(events) == [(2, "attendance", "not_json", "")]
    assert [number for _, number, _ in records(events)] == [1, 3]


@pytest.mark.parametrize("value", [True, False, [], ["A"], {"a": 1}])
def test_a_value_that_is_no_text_is_a_bad_value_of_a_known_column(folder: Path, value: object) -> None:
    first = json.dumps(GIVEN)
    events = read(folder, first + "\n" + json.dumps(GIVEN | {"code": value}), "a.jsonl")
    assert refused(events) == [(2, "attendance", "bad_value", "code")]
    assert [event.given for event in events if isinstance(event, Refused)] == [{}]


def test_later_lines_are_of_the_kind_of_the_first(folder: Path) -> None:
    school = {"district_id": "135", "school_id": "1", "recorded_at": GIVEN["recorded_at"]}
    events = read(folder, json.dumps(GIVEN) + "\n" + json.dumps(school), "a.jsonl")
    assert refused(events) == [(2, "attendance", "missing_value", "student_id")]


def test_a_delete_needs_its_identity_and_time_alone(folder: Path) -> None:
    events = read(folder, f"{HEADER},op\n135,0042,S1,2021-09-01,,2021-09-01T08:00:00Z,delete\n")
    assert [given.get("op") for _, _, given in records(events)] == ["delete"]


def test_a_text_over_64_kib_is_too_large_and_its_refusal_stays_small(folder: Path) -> None:
    rows = ["x" * 65_000, "é" * 40_000, "y" * 3_000_000, "x"]
    events = read(folder, SCHOOL + "\n" + "".join(f"1,2,2021-09-01T08:00:00Z,{name}\n" for name in rows))
    assert refused(events) == [(3, "school", "too_large", ""), (4, "school", "too_large", "")]
    assert [len(event.record.encode()) <= 65_542 for event in events if isinstance(event, Refused)] == [
        True
    ] * 2
    assert [bool(event.given) for event in events if isinstance(event, Refused)] == [True, False]
    assert [line for _, line, _ in records(events)] == [2, 5]


def test_a_refusal_can_not_be_taken_for_a_valid_record(folder: Path) -> None:
    """Judging `given` once more, as a retry does, never lets in what was refused."""
    lines = [json.dumps(GIVEN | {"permission": True}), json.dumps(GIVEN | {"student_id": False}), "{"]
    events = read(folder, json.dumps(GIVEN) + "\n" + "\n".join(lines), "a.jsonl")
    events += read(folder, f'{HEADER}\n{ROW},\n{ROW},1,2\n135,"x"y\n')
    kept = [event.given for event in events if isinstance(event, Refused)]
    assert len(kept) == 6 and all(fault_of(Kind.ATTENDANCE, given) for given in kept)


def test_a_file_is_read_as_it_goes(folder: Path) -> None:
    path = folder / "a.csv"
    path.write_text(f"{HEADER},room\n" + f"{ROW},{'x' * 1000}\n" * 20_000)
    tracemalloc.start()
    count = sum(1 for _ in read_paths([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_001 and path.stat().st_size > 20_000_000
    assert peak < 10_000_000
