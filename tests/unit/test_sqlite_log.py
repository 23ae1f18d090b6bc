"""The event log in one SQLite file, as its port describes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.sqlite_log import log as log_module
from infra.sqlite_log.connection import connect, number
from infra.sqlite_log.headers import packed, unpacked
from infra.sqlite_log.log import SqliteLog
from infra.sqlite_log.partition import partition_of
from infra.sqlite_log.stored import Entry
from streams.event_log import EventLog, LogUnavailable, Message, Outgoing

NOW = 1_600_000_000_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite3"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(path, now_ms=lambda: NOW)
    opened.create("events", 3)
    yield opened
    opened.close()


def entry(value: bytes | None, partition: int = 0, topic: str = "events") -> Entry:
    return Entry(topic, partition, NOW, b"key", value)


def everything(log: EventLog, topic: str) -> list[Message]:
    return [message for n in range(log.partitions(topic)) for message in log.read(topic, n, 0)]


def test_a_message_comes_back_as_it_was_sent(log: SqliteLog) -> None:
    headers = (("kind", b"attendance"), ("kind", b"\x00\xff"), ("é", b""))
    log.append("events", [Outgoing(b"key", b"\x00value", headers)])
    partition = partition_of(b"key", 3)
    assert everything(log, "events") == [Message("events", partition, 0, NOW, b"key", b"\x00value", headers)]


def test_nothing_an_empty_value_and_a_large_one_are_told_apart(log: SqliteLog) -> None:
    large = bytes(range(256)) * 20_000
    log.append_entries([entry(None), entry(b""), entry(large), Entry("events", 0, NOW, None, b"no key")])
    read = log.read("events", 0, 0)
    assert [message.value for message in read] == [None, b"", large, b"no key"]
    assert [message.key for message in read] == [b"key", b"key", b"key", None]
    assert [message.headers for message in read] == [(), (), (), ()]


def test_each_partition_counts_its_own_offsets_and_keeps_the_order(log: SqliteLog) -> None:
    log.create("other", 1)
    offsets = log.append_entries(
        [entry(b"a"), entry(b"b", 1), entry(b"c"), entry(b"d", 0, "other"), entry(b"e", 1)]
    )
    assert offsets == [0, 0, 1, 0, 1]
    assert [message.value for message in log.read("events", 0, 0)] == [b"a", b"c"]
    assert [message.value for message in log.read("events", 1, 0)] == [b"b", b"e"]
    assert log.read("events", 2, 0) == []
    assert [message.value for message in log.read("other", 0, 0)] == [b"d"]
    assert [log.end("events", n) for n in range(3)] == [2, 2, 0]


def test_a_key_goes_where_kafka_would_put_it(log: SqliteLog) -> None:
    # From the tests of Apache Kafka's own client (UtilsTest.testMurmur2): the hash is a published one.
    assert [partition_of(key, 2**31) for key in (b"21", b"foobar", b"abc")] == [
        -973932308 & 0x7FFFFFFF,
        -790332482 & 0x7FFFFFFF,
        479470107,
    ]
    keys = [b"%d" % n for n in range(30)]
    log.append("events", [Outgoing(key, b"") for key in keys])
    for message in everything(log, "events"):
        assert message.key is not None
        assert message.partition == partition_of(message.key, 3)


def test_reading_stops_at_the_limit_and_goes_on_from_an_offset(log: SqliteLog) -> None:
    log.append_entries([entry(b"%d" % n) for n in range(10)])
    assert [message.offset for message in log.read("events", 0, 0, 3)] == [0, 1, 2]
    assert [message.offset for message in log.read("events", 0, 8, 3)] == [8, 9]
    assert log.read("events", 0, 10) == []
    assert log.read("events", 0, 2**50) == []
    assert log.read("events", 0, -5, 1)[0].offset == 0


def test_reading_stops_where_the_messages_become_too_many_bytes(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "READ_BYTES", 25)
    log.append_entries([entry(b"0123456789") for _ in range(9)])
    assert [message.offset for message in log.read("events", 0, 0)] == [0, 1, 2]
    assert [message.offset for message in log.read("events", 0, 8)] == [8]


def test_a_topic_stays_as_it_was_made_first(log: SqliteLog) -> None:
    log.create("events", 9)
    assert log.partitions("events") == 3
    assert log.partitions("unknown") == 0
    with pytest.raises(ValueError, match="at least one partition"):
        log.create("none", 0)


@pytest.mark.parametrize(
    "use",
    [
        lambda log: log.append("nowhere", [Outgoing(b"", b"")]),
        lambda log: log.append_entries([entry(b"", 3)]),
        lambda log: log.read("nowhere", 0, 0),
        lambda log: log.end("events", 3),
        lambda log: log.commit("group", {("nowhere", 0): 1}),
    ],
)
def test_a_topic_that_is_not_there_is_said(log: SqliteLog, path: Path, use: Any) -> None:
    with pytest.raises(LogUnavailable, match=r"has no topic (nowhere|events, partition 3)") as raised:
        use(log)
    assert str(path) in str(raised.value)


def test_a_topic_made_by_somebody_else_is_seen(log: SqliteLog, path: Path) -> None:
    assert log.partitions("later") == 0
    other = SqliteLog(path)
    other.create("later", 2)
    other.close()
    assert log.partitions("later") == 2


def test_an_append_that_fails_leaves_nothing_and_no_gap(log: SqliteLog) -> None:
    log.append_entries([entry(b"first")])
    wrong: Any = object()
    with pytest.raises((LogUnavailable, TypeError)):
        log.append_entries([entry(b"good"), entry(wrong)])
    assert log.end("events", 0) == 1
    assert log.append_entries([entry(b"second")]) == [1]
    assert log.append_entries([]) == []


def test_a_group_finds_what_it_committed_after_a_restart(log: SqliteLog, path: Path) -> None:
    assert log.committed("worker", "events", 0) is None
    log.commit("worker", {("events", 0): 5, ("events", 1): 7})
    log.commit("worker", {("events", 0): 6})
    log.commit("sink", {("events", 0): 1})
    again = SqliteLog(path)
    assert [again.committed("worker", "events", n) for n in range(3)] == [6, 7, None]
    assert again.committed("sink", "events", 0) == 1
    again.close()


def test_a_commit_is_whole_or_not_at_all(log: SqliteLog) -> None:
    with pytest.raises(LogUnavailable):
        log.commit("worker", {("events", 0): 5, ("events", 9): 5})
    assert log.committed("worker", "events", 0) is None


def test_everything_is_there_after_a_restart(log: SqliteLog, path: Path) -> None:
    log.append_entries([entry(b"%d" % n, n % 3) for n in range(30)])
    before = everything(log, "events")
    log.close()
    again = SqliteLog(path)
    assert everything(again, "events") == before
    assert again.append_entries([entry(b"next")]) == [10]
    again.close()


def test_the_data_version_changes_with_a_commit_of_somebody_else(log: SqliteLog, path: Path) -> None:
    other = SqliteLog(path)
    before = log.data_version()
    log.append_entries([entry(b"own")])
    assert log.data_version() == before
    other.append_entries([entry(b"other")])
    assert log.data_version() != before
    other.close()


@pytest.mark.parametrize(("synchronous", "level"), [("FULL", 2), ("NORMAL", 1)])
def test_a_commit_waits_for_the_disk_as_asked(path: Path, synchronous: Any, level: int) -> None:
    connection = connect(path, synchronous)
    assert number(connection, "synchronous") == level
    assert number(connection, "fullfsync") == 1
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    # Without it no space could ever be given back to the disk.
    assert number(connection, "auto_vacuum") == 2
    connection.close()


def test_another_way_of_waiting_is_refused(path: Path) -> None:
    off: Any = "OFF"
    with pytest.raises(ValueError, match="FULL or NORMAL"):
        SqliteLog(path, synchronous=off)
    assert not path.exists()


def test_reading_holds_up_no_checkpoint(log: SqliteLog, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_module, "READ_BYTES", 1)
    log.append_entries([entry(b"%d" % n) for n in range(9)])
    log.read("events", 0, 0)
    other = sqlite3.connect(path)
    assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    other.close()


_headers = st.lists(st.tuples(st.text(), st.binary())).map(tuple)


@settings(deadline=None)
@given(_headers)
def test_any_headers_come_back(headers: tuple[tuple[str, bytes], ...]) -> None:
    assert unpacked(packed(headers)) == headers


@settings(deadline=None)
@given(_headers.filter(bool), st.data())
def test_headers_that_are_cut_off_are_noticed(
    headers: tuple[tuple[str, bytes], ...], data: st.DataObject
) -> None:
    blob = packed(headers)
    assert blob is not None
    cut = data.draw(st.integers(1, len(blob) - 1))
    try:
        assert unpacked(blob[:cut]) == headers[: len(unpacked(blob[:cut]))]
    except ValueError as error:
        assert "headers end inside" in str(error)
