"""Messages of facts and alerts become rows, or one refusal that says why; nothing in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS, add_events, add_facts, empty, parts
from infra.clickhouse.unreadable import refusal
from streams import alerts_message, facts_message
from streams.event_log import Message
from streams.facts_message import Facts
from tests.support.made_alerts import event


def facts(**changes: Any) -> bytes:
    """The bytes of a message of two facts, with some of its members changed."""
    held = Facts("D1", 2024, 9)
    held.add("S1", "0042", "5", 0, "excused", 1)
    held.add("S2", "0043", "PK", 364, "", 0)
    value = facts_message.pack(held).value
    assert value is not None
    return orjson.dumps({**orjson.loads(value), **changes})


def alerts(**changes: Any) -> bytes:
    """The bytes of a message of one event, with some of its members changed."""
    value = alerts_message.pack([event("a" * 32, 0, "opened")]).value
    assert value is not None
    held = orjson.loads(value)
    held["events"][0] |= changes
    return orjson.dumps(held)


def rows(columns: tuple[list[Any], ...]) -> list[tuple[Any, ...]]:
    return list(zip(*columns, strict=True))


def test_facts_become_rows_with_dates() -> None:
    columns = empty(FACT_COLUMNS)
    add_facts(columns, facts())
    add_facts(columns, facts(version=10))
    assert rows(columns)[:2] == [
        ("D1", 2024, "2024-07-01", "S1", "0042", "5", "excused", 1, 9, "", 0),
        ("D1", 2024, "2025-06-30", "S2", "0043", "PK", "", 0, 9, "", 0),
    ]
    assert [row[8] for row in rows(columns)] == [9, 9, 10, 10]


def test_facts_have_the_codes_that_are_told_of_them() -> None:
    columns = empty(FACT_COLUMNS)
    add_facts(columns, facts(codes={"NP": [0], "DLP": [1]}, counted=[1, 1], remote=[1]))
    assert [row[-2:] for row in rows(columns)] == [("NP", 0), ("DLP", 1)]
    add_facts(columns, facts(codes={"DLA": [0]}, remote=[0]))
    assert [row[-2:] for row in rows(columns)][2:] == [("DLA", 1), ("", 0)]


def test_an_unreported_day_is_a_row_that_does_not_count() -> None:
    columns = empty(FACT_COLUMNS)
    add_facts(columns, facts(classes=["excused", "unreported"]))
    assert [(row[6], row[7]) for row in rows(columns)] == [("excused", 1), ("unreported", 0)]


def test_an_event_of_an_older_version_has_no_unreported_days() -> None:
    held = orjson.loads(alerts(unreported_days=3))
    columns = empty(EVENT_COLUMNS)
    add_events(columns, orjson.dumps(held))
    del held["events"][0]["unreported_days"]
    add_events(columns, orjson.dumps(held))
    assert [row[-1] for row in rows(columns)] == [3, 0]


def test_events_become_rows_with_blank_dates_as_nothing() -> None:
    columns = empty(EVENT_COLUMNS)
    add_events(columns, alerts(recovered_on="", data_through="2024-10-02"))
    row = dict(zip(EVENT_COLUMNS, rows(columns)[0], strict=True))
    assert (row["school_year"], row["opened_on"], row["recovered_on"]) == (2024, "2024-10-01", None)
    assert row["dates"] == ["2024-09-12", "2024-10-01"] and row["data_through"] == "2024-10-02"


def test_a_message_without_facts_is_no_fault() -> None:
    columns = empty(FACT_COLUMNS)
    add_facts(columns, facts_message.pack(Facts("D1", 2024, 9)).value or b"")
    assert rows(columns) == []


def test_rows_come_in_parts_in_their_order() -> None:
    held = [list(part[0]) for part in parts(([1, 2, 3, 4, 5],), 2)]
    assert held == [[1, 2], [3, 4], [5]]


NOT_FACTS = {
    "truncated": facts()[:-9],
    "nothing": b"",
    "a_list": b"[1]",
    "not_utf8": b'{"schema":1,"district":"\xff"}',
    "no_version": orjson.dumps({k: v for k, v in orjson.loads(facts()).items() if k != "version"}),
    "shorter_column": facts(days=[1]),
    "day_before_the_year": facts(days=[0, -1]),
    "day_after_the_year": facts(days=[0, 365]),
    "day_as_text": facts(days=[0, "1"]),
    "student_as_number": facts(students=["0042", 43]),
    "student_blank": facts(students=["0042", ""]),
    "school_blank": facts(schools=["S1", ""]),
    "text_for_a_column": facts(grades="K1"),
    "class_unknown": facts(classes=["ill", ""]),
    "unreported_and_counted": facts(classes=["unreported", ""]),
    "absent_and_not_counted": facts(classes=["excused", "unexcused"]),
    "counted_2": facts(counted=[1, 2]),
    "counted_true": facts(counted=[1, True]),
    "version_negative": facts(version=-1),
    "version_large": facts().replace(b'"version":9', b'"version":18446744073709551616'),
    "district_blank": facts(district=""),
    "codes_as_column": facts(codes=["NP", ""]),
    "code_blank": facts(codes={"": [0]}),
    "code_of_no_fact": facts(codes={"NP": [2]}),
    "code_before_the_first": facts(codes={"NP": [-1]}),
    "code_at_true": facts(codes={"NP": [False]}),
    "codes_place_is_no_list": facts(codes={"NP": 0}),
    "two_codes_of_a_day": facts(codes={"NP": [0], "A": [0]}),
    "code_twice": facts(codes={"NP": [0, 0]}),
    "code_of_a_day_that_does_not_count": facts(codes={"NP": [1]}),
    "code_of_an_attended_day": facts(codes={"NP": [1]}, counted=[1, 1]),
    "remote_without_a_code": facts(remote=[0]),
    "remote_twice": facts(codes={"DLA": [0]}, remote=[0, 0]),
    "remote_of_no_fact": facts(codes={"DLA": [0]}, remote=[9]),
    "remote_is_no_list": facts(codes={"DLA": [0]}, remote={"0": 1}),
    "codes_without_facts": facts(
        **{name: [] for name in ("schools", "students", "grades", "days", "classes", "counted")},
        codes={"NP": [0]},
    ),
}
NOT_ALERTS = {
    "truncated": alerts()[:-3],
    "member_missing": orjson.dumps({"schema": 1, "events": [{"alert_id": "a"}]}),
    "member_unknown": alerts(surprise=1),
    "date_wrong": alerts(opened_on="2024-13-01"),
    "date_blank": alerts(opened_on=""),
    "date_in_list_wrong": alerts(dates=["yesterday"]),
    "days_as_text": alerts(enrolled_days="20"),
    "days_too_many": alerts(absent_days=2**16),
    "unreported_negative": alerts(unreported_days=-1),
    "year_wrong": alerts(school_year="2024-26"),
    "rule_not_text": alerts(rule=None),
}


@pytest.mark.parametrize("value", NOT_FACTS.values(), ids=NOT_FACTS)
def test_what_is_no_message_of_facts_is_refused_whole(value: bytes) -> None:
    assert reason("attendance.facts.v1", add_facts, FACT_COLUMNS, value) == "not_json"


@pytest.mark.parametrize("value", NOT_ALERTS.values(), ids=NOT_ALERTS)
def test_what_is_no_message_of_alerts_is_refused_whole(value: bytes) -> None:
    assert reason("alerts.v1", add_events, EVENT_COLUMNS, value) == "not_json"


def test_a_newer_schema_is_told_as_such() -> None:
    newer = orjson.dumps({"schema": 2, "whatever": []})
    assert reason("attendance.facts.v1", add_facts, FACT_COLUMNS, newer) == "newer_schema"
    assert reason("alerts.v1", add_events, EVENT_COLUMNS, newer) == "newer_schema"
    assert reason("alerts.v1", add_events, EVENT_COLUMNS, orjson.dumps({"schema": 0})) == "not_json"


@pytest.mark.parametrize("year", [1999, 2148, 9997])
def test_a_date_that_clickhouse_cannot_hold_does_not_stop_the_sink(year: int) -> None:
    assert reason("attendance.facts.v1", add_facts, FACT_COLUMNS, facts(year=year)) == "date_out_of_range"
    label = f"{year}-{(year + 1) % 100:02d}"
    assert reason("alerts.v1", add_events, EVENT_COLUMNS, alerts(school_year=label)) == "date_out_of_range"
    late = alerts(opened_on=f"{year + 2}-01-01" if year > 2000 else "1999-01-01")
    assert reason("alerts.v1", add_events, EVENT_COLUMNS, late) == "date_out_of_range"


def reason(
    topic: str,
    add: Callable[[tuple[list[Any], ...], bytes], None],
    names: tuple[str, ...],
    value: bytes,
) -> str:
    """The reason of the refusal; nothing may have been added."""
    columns = empty(names)
    message = Message(topic, 3, 17, 0, b"D1", value, (("schema", b"1"),))
    with pytest.raises((ValueError, KeyError, TypeError)) as caught:
        add(columns, value)
    assert not any(columns)
    held = refusal(message, caught.value)
    assert (held.file, held.line, held.kind, held.origin) == (f"{topic}/3", 17, "", value)
    assert held.headers == message.headers and held.message
    return held.reason
