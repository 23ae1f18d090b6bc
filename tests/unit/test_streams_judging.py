"""What a message of records is taken for: valid records, refusals, records of another partition."""

from __future__ import annotations

import json

import pytest

from models.columns import Kind
from models.ledger.chain import Stored
from streams.event_log import Headers, Message
from streams.judging import judge
from streams.records_message import pack

SUBMISSION = {
    "district_id": "D",
    "school_id": "A",
    "date": "2021-09-01",
    "state": "submitted",
    "recorded_at": "2021-09-01T15:00:00Z",
}
TOPIC = "attendance.records.v1"


def message(value: bytes | None, headers: Headers = (), offset: int = 7) -> Message:
    """A message on partition 0."""
    return Message(TOPIC, 0, offset, 0, b"D", value, headers)


def everything_here(key: bytes) -> int:
    """Every key belongs to partition 0."""
    return 0


def as_json(*records: object) -> bytes:
    """A list of records."""
    return json.dumps(list(records)).encode()


def reasons(value: bytes | None, headers: Headers = ()) -> list[str]:
    """Why what is refused."""
    return [held.reason for held in judge(message(value, headers), everything_here).refused]


def test_a_packed_message_comes_back_with_its_places() -> None:
    records = [
        Stored({**SUBMISSION, "school_id": school}, "s.csv", line) for line, school in ((2, "A"), (3, "B"))
    ]
    _, value, headers = pack(Kind.SUBMISSION, records)
    judged = judge(message(value, headers), everything_here)
    assert judged.valid == {"D": records}
    assert judged.kind is Kind.SUBMISSION
    assert not judged.refused and not judged.wholly_refused


def test_a_foreign_producer_may_send_one_object_without_headers_and_with_numbers() -> None:
    value = b'{"district_id": 17, "student_id": "s", "school_year": "2020-21", "enrolled_days": 180,'
    value += b' "absent_days": 0017, "recorded_at": "2021-07-01T00:00:00Z"}'.replace(b"0017", b"17")
    judged = judge(message(value), everything_here)
    (held,) = judged.valid["17"]
    assert judged.kind is Kind.PRIOR_YEAR
    assert (held.given["district_id"], held.given["absent_days"]) == ("17", "17")
    assert (held.file, held.line) == (f"{TOPIC}/0", 7)


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        (b"", (), "not_json"),
        (None, (), "not_json"),
        (b"\xff\xfe[]", (), "not_json"),
        (as_json(SUBMISSION)[:-9], (), "not_json"),
        (as_json(SUBMISSION), (("schema", b"2"),), "newer_schema"),
        (as_json(SUBMISSION), (("schema", b"two"),), "newer_schema"),
        (as_json({"colour": "red"}), (), "unknown_kind"),
        (as_json(), (), "unknown_kind"),
        (b"[" * 100_000, (), "not_json"),
        (b"17", (), "unknown_kind"),
    ],
)
def test_a_whole_message_is_refused_with_its_bytes(
    value: bytes | None, headers: Headers, reason: str
) -> None:
    judged = judge(message(value, headers), everything_here)
    (refused,) = judged.refused
    assert refused.reason == reason
    assert (refused.file, refused.line) == (f"{TOPIC}/0", 7)
    assert (refused.origin, refused.headers) == (value or b"", headers)
    assert judged.wholly_refused


@pytest.mark.parametrize(
    ("record", "reason", "field"),
    [
        ({**SUBMISSION, "school_id": "a b"}, "bad_id", "school_id"),
        ({**SUBMISSION, "date": "2321-09-01"}, "date_out_of_range", "date"),
        ({**SUBMISSION, "recorded_at": "yesterday"}, "bad_time", "recorded_at"),
        ({**SUBMISSION, "state": True}, "bad_value", "state"),
        ({name: cell for name, cell in SUBMISSION.items() if name != "state"}, "missing_value", "state"),
        ("a text", "not_json", ""),
        (["a", "list"], "not_json", ""),
    ],
)
def test_a_bad_record_leaves_its_neighbours_alone(record: object, reason: str, field: str) -> None:
    good = {**SUBMISSION, "school_id": "B"}
    headers: Headers = (("kind", b"submission"),)
    judged = judge(message(as_json(record, good), headers), everything_here)
    assert [held.given["school_id"] for held in judged.valid["D"]] == ["B"]
    (refused,) = judged.refused
    assert (refused.reason, refused.field, refused.kind) == (reason, field, "submission")
    assert json.loads(refused.record) == record
    assert not judged.wholly_refused


def test_spaces_around_a_cell_are_dropped_and_unknown_names_ignored() -> None:
    value = as_json({**SUBMISSION, "school_id": " A\t", "colour": "red"})
    judged = judge(message(value), everything_here)
    assert judged.valid["D"][0].given == SUBMISSION


def test_records_of_another_partition_are_sent_on_and_not_used() -> None:
    other = {**SUBMISSION, "district_id": "E"}
    judged = judge(message(as_json(SUBMISSION, other)), lambda key: 0 if key == b"D" else 3)
    assert list(judged.valid) == ["D"]
    (forward,) = judged.forwards
    assert forward.key == b"E"
    assert judged.forwarded == 1
    again = judge(Message(TOPIC, 3, 9, 0, *forward), lambda key: 3)
    assert again.valid["E"][0].given == other
