"""Records of the reference: files, faults, versions, meanings, each example worked by hand; and that order,
duplicates and format change nothing."""

from __future__ import annotations

from random import Random

import pytest

from tests.reference.generate import random_files
from tests.reference.reading import Refusal
from tests.reference.reference import evaluate
from tests.reference.shuffle import shuffled
from tests.reference.town import Town, day

COUNTS = ("enrolled_days", "absent_days", "excused_days", "unexcused_days")


def refusals(name: str, content: str) -> list[tuple[int, str, str, str]]:
    """Give what is refused of a file: line, kind, reason, field."""
    found = evaluate({name: content.encode()}).refused
    return [(each.line, each.kind, each.reason, each.field) for each in found]


# --- files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"\xff\xfe", ("", "not_utf8", "")),
        ("a.csv", b"", ("", "not_csv", "")),
        ("a.csv", b"name,age\n", ("", "unknown_kind", "")),
        ("a.csv", b"name,name\n", ("", "unknown_kind", "")),  # before not_csv in the order of faults
        (
            "a.csv",
            b"District_id,student_id,date\nD,s,2021-09-01\n",
            ("attendance", "missing_column", "district_id"),
        ),
        ("a.csv", b"student_id,date,district_id\n", ("attendance", "missing_column", "school_id")),
        ("a.csv", b"district_id,student_id,recorded_at,recorded_at\n", ("", "not_csv", "")),
        ("a.jsonl", b'{"name": "x"}\n', ("", "unknown_kind", "")),
    ],
)
def test_files_refused_as_a_whole(name: str, content: bytes, expected: tuple[str, str, str]) -> None:
    assert evaluate({name: content}).refused == [Refusal(name, 1, *expected)]


def test_csv_rows_are_counted_by_the_line_they_begin_on() -> None:
    content = (
        "\ufeffdistrict_id,school_id,recorded_at,name\r\n"
        'D,A,2021-08-01T08:00:00Z,"two\r\nlines"\r\n'
        "\r\n"
        "D,A B,2021-08-01T08:00:00Z\r\n"
        "D,A,2021-08-01T08:00:00Z,x,y\r\n"
        ' D\t, A ,2021-08-02 08:00:00z," ""q"" "\r\n'
        'D,C,2021-08-01T08:00:00Z,"x" y\r\n'
        "D,C,2021-08-01T08:00:00Z,never read\r\n"
    )
    assert refusals("s.csv", content) == [
        (5, "school", "bad_id", "school_id"),
        (6, "school", "not_csv", ""),
        (8, "school", "not_csv", ""),
    ]
    live = evaluate({"s.csv": content.encode()}).live["school"]
    assert {identity: record.cell("name") for identity, record in live.items()} == {("D", "A", ""): '"q"'}


def test_json_lines_are_text_as_it_stands() -> None:
    content = (
        '{"district_id": 42, "student_id": "0042", "school_year": "2020-21", "enrolled_days": 180.0,'
        ' "absent_days": null, "recorded_at": "2021-08-01T08:00:00Z"}\n'
        "\n"
        '{"district_id": 42, "student_id": "0042", "school_year": "2020-21", "enrolled_days": 180,'
        ' "absent_days": "18", "recorded_at": "2021-08-01T08:00:00Z", "x": [1]}\n'
        "[1]\n"
        '{"district_id": NaN}\n'
    )
    assert refusals("p.jsonl", content) == [
        (1, "prior_year", "missing_value", "absent_days"),
        (4, "prior_year", "not_json", ""),
        (5, "prior_year", "not_json", ""),
    ]
    assert list(evaluate({"p.jsonl": content.encode()}).live["prior_year"]) == [("42", "0042", "2020-21")]


@pytest.mark.parametrize(
    ("kind", "cells", "reason", "field"),
    [
        ("attendance", {"code": "", "student_id": "a b"}, "missing_value", "code"),
        ("attendance", {"student_id": "é", "record_id": "a b", "recorded_at": "x"}, "bad_id", "student_id"),
        ("attendance", {"recorded_at": "2021-09-01T08:00:60Z", "date": "x"}, "bad_time", "recorded_at"),
        ("attendance", {"recorded_at": "2021-09-01T08:00Z"}, "bad_time", "recorded_at"),
        ("attendance", {"date": "2021-02-29", "absent_fraction": "2"}, "bad_date", "date"),
        ("attendance", {"date": "2000-06-30", "absent_fraction": "2"}, "date_out_of_range", "date"),
        ("attendance", {"absent_fraction": "1.0001", "permission": "x"}, "bad_value", "absent_fraction"),
        ("attendance", {"op": "Delete", "permission": "x"}, "bad_value", "permission"),
        ("attendance", {"op": "Delete"}, "bad_value", "op"),
        ("attendance", {"event_id": "x" * 65, "op": "Delete"}, "bad_id", "event_id"),
        ("enrollment", {"grade": "13"}, "bad_value", "grade"),
        ("enrollment", {"grade": "010"}, "bad_value", "grade"),
        ("enrollment", {"exit_date": "20211001"}, "bad_date", "exit_date"),
        ("calendar", {"kind": "snow"}, "bad_value", "kind"),
        ("calendar", {"minutes": "390.5"}, "bad_value", "minutes"),
        ("submission", {"state": "open"}, "bad_value", "state"),
        ("school", {"effective_from": "1999-00-01"}, "bad_date", "effective_from"),
        ("code", {"class": ""}, "missing_value", "class"),
        ("code", {"class": "sick"}, "bad_value", "class"),
        ("prior_year", {"school_year": "2020-2021"}, "bad_value", "school_year"),
        ("prior_year", {"school_year": "2020-22"}, "bad_value", "school_year"),
        ("prior_year", {"absent_days": "181"}, "bad_value", "absent_days"),
        ("student", {"meals": "no"}, "bad_value", "meals"),
        ("student", {"language": "x" * 65536}, "too_large", ""),
    ],
)
def test_faults_in_their_order(kind: str, cells: dict[str, str], reason: str, field: str) -> None:
    town = Town(0)
    good = {
        "attendance": {"school_id": "A", "student_id": "s1", "date": day(1), "code": "E"},
        "enrollment": {"school_id": "A", "student_id": "s2", "grade": "5", "entry_date": day(1)},
        "calendar": {"school_id": "A", "date": day(1), "kind": "weather"},
        "submission": {"school_id": "A", "date": day(1), "state": "submitted"},
        "school": {"school_id": "A"},
        "code": {"code": "Q", "status": "absent", "class": "excused"},
        "prior_year": {
            "student_id": "s1", "school_year": "2020-21", "enrolled_days": "180", "absent_days": "180",
        },
        "student": {"student_id": "s1"},
    }[kind]  # fmt: skip
    assert town.add(kind, **good).result().refused == []
    town.rows[kind][-1].update(cells)
    refused = town.result().refused
    assert [(each.kind, each.reason, each.field) for each in refused] == [(kind, reason, field)]


def test_dates_reach_two_calendar_years_past_the_written_date() -> None:
    for written, last, over in (
        ("2021-09-01T23:30:00-11:00", "2023-09-01", "2023-09-02"),  # the instant lies on 09-02
        ("2020-02-29T08:00:00Z", "2022-02-28", "2022-03-01"),
    ):
        town = Town(0)
        for on in ("2000-07-01", last, over):
            town.mark("E", on, recorded_at=written)
        assert [each.reason for each in town.result().refused] == ["date_out_of_range"]
        kept = sorted(record.cell("date") for record in town.result().live["attendance"].values())
        assert kept == ["2000-07-01", last]


def test_of_a_delete_only_identity_and_time_are_looked_at() -> None:
    town = (
        Town(3)
        .mark("E", 1)
        .mark("", 1, op="delete", permission="nonsense", recorded_at=f"{day(2)}T08:00:00Z")
    )
    assert town.result().refused == []
    assert town.standing(day(3), *COUNTS) == ["3 0 0 0"]
    town.mark("", 1, op="delete", student_id="")
    assert [(each.reason, each.field) for each in town.result().refused] == [("missing_value", "student_id")]


# --- versions --------------------------------------------------------------------------------------------


def test_the_later_instant_is_live_whatever_the_offset() -> None:
    # 08:00 at -05:00 is 13:00 UTC, after 12:59:59.999 UTC
    town = Town(1).mark("E", 1, recorded_at=f"{day(1)}T08:00:00-05:00")
    town.mark("U", 1, recorded_at=f"{day(1)} 12:59:59.9999999z")
    assert town.standing(day(1), *COUNTS) == ["1 1 1 0"]
    town.mark("U", 1, recorded_at=f"{day(1)}t13:00:00.0000001Z")
    assert town.standing(day(1), *COUNTS) == ["1 1 0 1"]


def test_at_one_instant_the_greater_event_id_is_live() -> None:
    # not given, it is the SHA-256 of the text: of U at A 9850b0f5..., of E 05b0789e...
    town = Town(1).mark("U", 1).mark("E", 1)
    assert town.standing(day(1), *COUNTS) == ["1 1 0 1"]
    town.mark("E", 1, event_id="99")  # "99" > "985..."
    assert town.standing(day(1), *COUNTS) == ["1 1 1 0"]
    # of one event_id the greater text: "code":"U" comes after "code":"E"
    town.mark("U", 1, event_id="99")
    assert town.standing(day(1), *COUNTS) == ["1 1 0 1"]
    # a delete's text has `op` in it; its event_id is greater still
    town.mark("U", 1, event_id="a", op="delete")
    assert town.standing(day(1), *COUNTS) == ["1 0 0 0"]


def test_an_older_upsert_that_arrives_after_a_delete_stays_dead() -> None:
    town = Town(1).mark("", 1, op="delete", recorded_at=f"{day(2)}T08:00:00Z").mark("E", 1)
    assert town.standing(day(1), *COUNTS) == ["1 0 0 0"]


def test_record_ids_tell_records_of_a_day_apart() -> None:
    town = Town(1).mark("E", 1, absent_fraction="0.3").mark("U", 1, record_id="r", absent_fraction="0.3")
    assert town.standing(day(1), *COUNTS) == ["1 1 1 0"]


# --- meanings --------------------------------------------------------------------------------------------


def test_a_code_means_what_is_in_force_on_the_records_date() -> None:
    town = (
        Town(4)
        .mark("E", 1, 2, 3, 4)
        .add("code", code="E", status="absent", class_="unexcused", effective_from=day(3))
    )
    assert town.standing(day(4), *COUNTS) == ["4 4 2 2"]
    town.add("code", code="E", op="delete", recorded_at="2021-12-01T00:00:00Z")
    assert town.standing(day(4), *COUNTS) == ["4 2 0 2"]
    assert len(town.result().set_aside) == 2


def test_an_older_version_stays_live_until_its_successors_code_is_mapped() -> None:
    town = Town(2).mark("E", 1).mark("X", 1, recorded_at=f"{day(2)}T08:00:00Z")
    town.mark("Y", 1, recorded_at=f"{day(3)}T08:00:00Z")
    assert town.standing(day(2), *COUNTS) == ["2 1 1 0"]
    # line 4 is Y; X is superseded
    assert town.result().set_aside == [Refusal("attendance.csv", 4, "attendance", "unmapped_code", "code")]
    town.add("code", code="X", status="in_attendance")
    assert town.standing(day(2), *COUNTS) == ["2 0 0 0"]
    assert len(town.result().set_aside) == 1
    town.add("code", code="Y", status="absent", class_="unexcused", effective_from=day(1))
    assert town.standing(day(2), *COUNTS) == ["2 1 0 1"]
    assert town.result().set_aside == []


def test_a_delete_ends_the_search_for_an_older_version() -> None:
    town = Town(2).mark("E", 1).mark("", 1, op="delete", recorded_at=f"{day(1)}T09:00:00Z")
    town.mark("X", 1, recorded_at=f"{day(1)}T10:00:00Z")
    assert town.standing(day(2), *COUNTS) == ["2 0 0 0"]
    assert len(town.result().set_aside) == 1
    # what a delete or a mapped record has superseded would not be live, and is not set aside
    assert town.mark("", 1, op="delete", recorded_at=f"{day(1)}T11:00:00Z").result().set_aside == []


# --- any order, any number of times ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(200))
def test_order_duplicates_and_format_change_nothing(seed: int) -> None:
    rng = Random(seed)
    files = random_files(rng)
    told, again = evaluate(files), evaluate(shuffled(files, rng))
    days = sorted({row["opened_on"] for row in told.alerts()}) or ["2021-10-01"]
    as_of = rng.choice(days)
    assert again.alerts() == told.alerts()
    assert again.alerts(as_of) == told.alerts(as_of)
    assert again.standings(as_of) == told.standings(as_of)
    assert len(again.set_aside) == len(told.set_aside)
    assert {(each.kind, each.reason, each.field) for each in again.refused} == {
        (each.kind, each.reason, each.field) for each in told.refused
    }
    # whatever is opened by a date is told by the standings of it
    counted = {
        (row["student_id"], row["enrolled_days"], row["absent_days"], row["district_id"])
        for row in told.standings(as_of)
        if row["scope"] == "district"
    }
    for row in told.alerts(as_of):
        if row["opened_on"] == as_of and row["rule"] == "level_2":
            assert (
                row["student_id"],
                row["enrolled_days"],
                row["absent_days"],
                row["district_id"],
            ) in counted


def test_every_rule_fires_in_the_random_histories() -> None:
    rules = {
        (row["rule"], row["scope"])
        for seed in range(60)
        for row in evaluate(random_files(Random(seed))).alerts()
    }
    rate = {"tier_2", "tier_3", "month_pace", "prior_year_tier_2", "prior_year_tier_3"}
    level = {"level_2_next", "level_2"}
    unexcused = {"truancy_month", "truancy_year", "habitual_truant"}
    dated = {"rolling", "consecutive"}
    mhw = {"mhw_day", "mhw_not_k12", "mhw_consecutive", "mhw_over_limit", "mhw_permission_missing"}
    district = rate | level | unexcused | dated | mhw
    assert rules == {(rule, "district") for rule in district} | {("tier_2", "school"), ("tier_3", "school")}
