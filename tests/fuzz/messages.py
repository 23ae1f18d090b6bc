"""Messages: records as anybody may publish them, and what only Rollcall writes."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random
from typing import Any

import orjson

from alerts import changes
from alerts.changes import Published
from alerts.fold import Alert
from infra.clickhouse.published_rows import PUBLISHED_COLUMNS, add_published
from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS, add_events, add_facts, empty
from models import published
from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.groups import LETTER, decode, encode_rows, group_key, rows_of
from models.refusal import Reason
from models.validate import fault_of
from streams import facts_message, published_message, refused
from streams.alerts_message import AlertEvent
from streams.alerts_message import pack as pack_events
from streams.event_log import Headers, Message
from streams.facts_message import Facts
from streams.judging import Judged, judge
from streams.records_message import WholeMessage, parts, unpack
from streams.refused import Refused
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import GOOD_RECORDS
from tests.fuzz.target import Input, Target, need, need_no_canary

_NEIGHBOURS = [
    {
        "district_id": "D", "school_id": "1", "student_id": student, "date": "2021-09-01", "code": "A",
        "recorded_at": "2021-09-01T08:00:00Z",
    }
    for student in ("before", "after")
]  # fmt: skip
_BEFORE, _AFTER = (json.dumps(each).encode() for each in _NEIGHBOURS)
_RECORDS = [(kind, json.dumps(record).encode()) for kind, record in GOOD_RECORDS]
_HEADERS = {
    "schema": (b"1", b"1", b"0", b"2", b"", b"x", b"-1", b"1_0", b"9" * 5000, "\u0661".encode()),
    "kind": (*[kind.value.encode() for kind in Kind], b"", b"other", b"\xff"),
    "file": (b"a.csv", b"", b"\xff\xfe", b"a\0b", b"f" * 70_000),
    "lines": (
        b"[7]", b"[5,6,7]", b"[18446744073709551615,0,0]", b"[-9223372036854775808,9223372036854775807,0]",
        b"[true]",
        b"[1e400]", b"[99999999999999999999999]", b"{}", b"[", b"null", b"", b"[-1,-2,-3]",
        b"[9007199254740993,1,2]",
    ),
}  # fmt: skip


def _records(rng: Random) -> Input:
    kind, content = rng.choice(_RECORDS)
    made = {"value": mutated(rng, content, [each for _, each in _RECORDS])}
    given = {"schema": b"1", "kind": rng.choice((b"attendance", kind.value.encode())), "lines": b"[5,6,7]"}
    for name, choices in _HEADERS.items():
        if rng.random() < 0.2:
            given[name] = rng.choice(choices)
            if rng.random() < 0.3:
                given[name] = mutated(rng, given[name], choices)
        if name in given and rng.random() < 0.9:
            made[name] = given[name]
    return made


def check_records(files: Input) -> None:
    """By itself, in a list, and between two good neighbours."""
    headers = tuple((name, files[name]) for name in _HEADERS if name in files)
    value = files["value"]
    _judged(value, headers)
    between = b"[" + _BEFORE + b"," + value + b"," + _AFTER + b"]"
    judged = _judged(between, headers)
    # Those who read the kind off the first record, or are told it, have to take the neighbours.
    if judged.kind is not Kind.ATTENDANCE or _items(between) is None:
        return
    whole = judged.refused and judged.refused[0].origin
    if whole:
        return
    kept = {json.dumps(dict(held.given)) for rows in judged.valid.values() for held in rows}
    for neighbour in _NEIGHBOURS:
        need(json.dumps(neighbour) in kept, "a good neighbour in the same message is lost")


def _judged(value: bytes, headers: Headers) -> Judged:
    message = Message("records", 0, 41, 0, b"D", value, headers)
    judged = judge(message, lambda key: 0 if key == b"D" else 1)
    items = _items(value)
    came = sum(len(rows) for rows in judged.valid.values()) + judged.forwarded + len(judged.refused)
    if judged.refused and judged.refused[0].origin:
        need(came == 1, "a message that is refused as a whole gives records, too")
        need(judged.refused[0].origin == value, "a refusal does not keep the message as it came")
        told = Reason(judged.refused[0].reason)
        need(
            items is None or told is not Reason.NOT_JSON,
            "a message of JSON is refused as a whole, with all of its records",
        )
    elif value:
        need(items is not None and came == items, f"of {items} records {came} are accounted for")
    for rows in judged.valid.values():
        assert judged.kind is not None
        for held in rows:
            need(fault_of(judged.kind, held.given) is None, "a record with a fault is taken")
        stored = sorted(map(repr, rows_of(encode_rows(rows))))
        need(stored == sorted(map(repr, rows)), "the state gives other records")
        group_key(judged.kind, rows[0].given)
    for forward in judged.forwards:
        again = judge(Message("records", 1, 1, 0, forward.key, forward.value, forward.headers), lambda key: 1)
        need(not again.refused, "a record is taken here, and refused in the partition it is sent to")
    for each in judged.refused:
        need(each.reason in set(Reason) and each.message, "a refusal without reason or message")
        need_no_canary(f"{each.message} {each.field}", "the message of a refusal")
        packed = refused.pack(each)
        assert packed.value is not None
        need(refused.unpack(packed.value) == each, "a refusal is listed as another one")
    _read_twice(value, headers)
    return judged


def _read_twice(value: bytes, headers: Headers) -> None:
    with suppress(WholeMessage):
        parts(unpack(value, headers))


def _items(value: bytes) -> int | None:
    """How many items a message has; None where it is no JSON in UTF-8 (of Python, which takes NaN, too)."""
    try:
        read = json.loads(value.decode(), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return len(read) if isinstance(read, list) else 1


def _facts() -> bytes:
    facts = Facts("D", 2021, 7)
    facts.add("1", "QzS1", "4", 62, "", 1)
    facts.add("1", "QzS2", "K", 63, "unexcused", 1, ("DLA", True))
    facts.add("1", "QzS3", "PK", 64, "unreported", 0)
    value = facts_message.pack(facts).value
    assert value is not None
    return value


_ALERT = Alert._make(
    ["a" * 32, "district", "", "1", "tier_2", 2021, "2021-10-01", "", 20, 2, ("2021-09-01", "2021-10-01")]
)


def _events() -> bytes:
    alert = _ALERT
    event = AlertEvent(
        f"{alert.alert_id}-0", alert.alert_id, 0, "opened", "D", "district", "", "1", "QzS1", "2021-22",
        "tier_2",
        "2021-10-01", "", 20, 2, ["2021-09-01", "2021-10-01"], "standing", "contract", "2021-10-01", 7, 1,
    )  # fmt: skip
    value = pack_events(
        [event, event._replace(sequence=1, change="recovered", recovered_on="2021-11-01")]
    ).value
    assert value is not None
    return value


def _check_rows(add: Callable[[Any, bytes], None], names: tuple[str, ...]) -> Callable[[Input], None]:
    """The sink's readers: three errors, and then nothing is added; else columns of one length."""

    def check(files: Input) -> None:
        columns = empty(names)
        try:
            add(columns, files["value"])
        except (ValueError, KeyError, TypeError):
            need(not any(columns), "a message that is refused has left rows")
            return
        lengths = {len(column) for column in columns}
        need(len(lengths) == 1, "columns of different lengths")
        for name, column in zip(names, columns, strict=True):
            if "date" in name or name in ("opened_on", "recovered_on", "data_through"):
                days = [day for held in column for day in (held if isinstance(held, list) else [held])]
                need(
                    all(day is None or "2000-01-01" <= day <= "2149-06-06" for day in days),
                    "a date out of range",
                )

    return check


def _refusal() -> bytes:
    held = Refused(
        "a.csv", 3, "student", "bad_date", "birthdate", "birthdate takes a date", "QzS1,QzAnn,x",
        {"student_id": "QzS1"}, "/x/a.csv", "0" * 64, "canonical", b"origin", (("kind", b"student"),),
    )  # fmt: skip
    value = refused.pack(held).value
    assert value is not None
    return value


def _only(errors: tuple[type[Exception], ...], read: Callable[[bytes], object]) -> Callable[[Input], None]:
    """What only Rollcall writes may say of other bytes that they are not its own, in these errors."""

    def check(files: Input) -> None:
        with suppress(*errors):
            read(files["value"])

    return check


def _groups() -> list[bytes]:
    return [
        zlib.decompress(encode_rows([Stored(record, "a.csv", 7), Stored(record, "b.csv", 9)]))
        for _, record in GOOD_RECORDS
    ]


def _read_group(value: bytes) -> None:
    kind = list(LETTER)[len(value) % len(LETTER)]
    decode(kind, zlib.compress(value, 0))
    decode(kind, value)


def _published() -> list[bytes]:
    row = published.Published(2018, "district", "0010011", "Andover", "", "", "grade", "1", 7, 770)
    return [message.value or b"" for message in published_message.pack([row, row._replace(rate=None)], 9)]


def _bytes(seeds: list[bytes]) -> Callable[[Random], Input]:
    return lambda rng: {"value": mutated(rng, rng.choice(seeds), seeds)}


_OURS = (ValueError, KeyError, TypeError)
_STATE = (*_OURS, IndexError, AttributeError, OverflowError, zlib.error)
_PUBLISHED: Mapping[str, Published] = {"a" * 32: Published(_ALERT, 1, False)}

TARGETS = (
    Target("records", 15, _records, check_records),
    Target("facts", 7, _bytes([_facts()]), _check_rows(add_facts, FACT_COLUMNS)),
    Target("alert_events", 7, _bytes([_events()]), _check_rows(add_events, EVENT_COLUMNS)),
    Target("published_rates", 2, _bytes(_published()), _check_rows(add_published, PUBLISHED_COLUMNS)),
    # A letter that was refused lies in a topic of our own. Its bytes nest as deeply as somebody made them.
    Target(
        "refusals", 3, _bytes([_refusal()]), _only((*_OURS, AttributeError, RecursionError), refused.unpack)
    ),
    Target("state_groups", 4, _bytes(_groups()), _only(_STATE, _read_group)),
    Target("state_alerts", 3, _bytes([changes.pack(_PUBLISHED)]), _only(_STATE, changes.unpack)),
)
assert orjson.loads(_events())  # the seeds are what is written
