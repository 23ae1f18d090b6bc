"""Messages of records: what was packed is read again, and no bytes raise anything but WholeMessage."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.columns import COLUMNS, COMMON, Kind
from models.ledger.chain import Stored
from models.validate import fault_of
from streams.event_log import Headers, Message
from streams.judging import judge
from streams.records_message import WholeMessage, pack, parts, unpack

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(
    lambda text: text == text.strip(" \t")
)
GOOD = {
    "district_id": "D",
    "school_id": "A",
    "student_id": "s1",
    "date": "2021-09-01",
    "code": "U",
    "recorded_at": "2021-09-01T08:00:00Z",
}


@st.composite
def records(draw: st.DrawFn) -> tuple[Kind, list[Stored]]:
    """Records of one kind, district and file; any texts in their columns."""
    kind = draw(st.sampled_from(list(Kind)))
    names = [column.name for column in (*COLUMNS[kind], *COMMON) if column.name != "district_id"]
    file = draw(TEXTS)
    rows = draw(st.lists(st.dictionaries(st.sampled_from(names), TEXTS), min_size=1, max_size=5))
    lines = draw(st.lists(st.integers(1, 10**9), min_size=len(rows), max_size=len(rows)))
    return kind, [
        Stored({"district_id": "D", **row}, file, line) for row, line in zip(rows, lines, strict=True)
    ]


@given(records())
def test_a_message_reads_back(made: tuple[Kind, list[Stored]]) -> None:
    kind, rows = made
    message = pack(kind, rows)
    assert message.key == b"D" and message.value is not None
    batch = unpack(message.value, message.headers)
    assert (batch.kind, batch.file, batch.lines) == (kind, rows[0].file, [held.line for held in rows])
    assert batch.rows == [held.given for held in rows]
    read = parts(batch)
    assert [(part.given, part.line, part.fault) for part in read] == [
        (held.given, held.line, None) for held in rows
    ]


def read(value: bytes | None, headers: Headers) -> None:
    """Read and judge a message; the first may raise WholeMessage, the second nothing at all."""
    try:
        batch = unpack(value, headers)
        found = parts(batch)
    except WholeMessage as refusal:
        assert refusal.fault.message
    else:
        assert all(isinstance(cell, str) and cell for part in found for cell in part.given.values())
    judged = judge(Message("attendance.records.v1", 0, 7, 0, b"D", value, headers), lambda key: 0)
    for rows in judged.valid.values():
        assert judged.kind is not None
        assert all(fault_of(judged.kind, held.given) is None for held in rows)


@given(records(), st.data())
def test_truncated_bytes_are_refused_as_a_whole(made: tuple[Kind, list[Stored]], data: st.DataObject) -> None:
    message = pack(*made)
    assert message.value is not None
    cut = message.value[: data.draw(st.integers(0, len(message.value) - 1))]
    read(cut, message.headers)
    judged = judge(Message("attendance.records.v1", 0, 7, 0, b"D", cut, message.headers), lambda key: 0)
    assert judged.wholly_refused and len(judged.refused) == 1


names = st.sampled_from(("schema", "kind", "file", "lines", "other"))
header_values = st.sampled_from((b"1", b"2", b"-1", b"attendance", b"[1,2]", b"[true]", b"{}", b"\xff")) | (
    st.binary(max_size=6)
)
some_headers = st.dictionaries(names, header_values, max_size=5).map(lambda held: tuple(held.items()))


@given(st.none() | st.binary(max_size=40), some_headers)
def test_random_bytes_raise_nothing_else(value: bytes | None, headers: Headers) -> None:
    read(value, headers)


cells = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
columns = st.sampled_from((*GOOD, "op", "event_id", "absent_fraction", "permission", "unheard_of"))
objects = st.dictionaries(columns, cells | st.sampled_from(("0.5", "upsert", " U ", "")), max_size=4).map(
    lambda odd: {**GOOD, **odd}
)


@settings(max_examples=200)
@given(st.lists(objects | cells, max_size=4) | objects, st.sampled_from(((), (("kind", b"attendance"),))))
def test_of_any_json_each_record_is_valid_or_refused(value: Any, headers: Headers) -> None:
    text = json.dumps(value).encode()  # half surrogate pairs, NaN and infinities among them
    read(text, headers)
    judged = judge(Message("attendance.records.v1", 0, 7, 0, b"D", text, headers), lambda key: 0)
    count = len(value) if isinstance(value, list) else 1
    valid = sum(map(len, judged.valid.values()))
    assert valid + len(judged.refused) == count or (valid == 0 and len(judged.refused) == 1)


def test_a_good_record_among_odd_ones_is_valid() -> None:
    text = json.dumps([GOOD, {**GOOD, "absent_fraction": True}, 7, {**GOOD, "absent_fraction": 0.5}]).encode()
    judged = judge(
        Message("attendance.records.v1", 0, 7, 0, b"D", text, (("kind", b"attendance"),)), lambda key: 0
    )
    assert [held.given.get("absent_fraction") for held in judged.valid["D"]] == [None, "0.5"]
    assert [held.reason for held in judged.refused] == ["bad_value", "not_json"]
