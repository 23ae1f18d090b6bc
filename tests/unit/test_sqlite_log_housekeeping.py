"""What goes and what stays: retention, compaction, and space given back, so that a year fits on the disk."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.sqlite_log import compaction, removal
from infra.sqlite_log.compaction import TOMBSTONE_GRACE_MS
from infra.sqlite_log.connection import connect, number
from infra.sqlite_log.housekeeper import Housekeeper
from infra.sqlite_log.housekeeping import Removed
from infra.sqlite_log.log import SqliteLog
from infra.sqlite_log.stored import Entry
from streams.event_log import LogUnavailable

DAY = 86_400_000
NOW = 1_000 * DAY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite3"


@pytest.fixture
def log(path: Path) -> Iterator[SqliteLog]:
    opened = SqliteLog(path, synchronous="NORMAL")
    yield opened
    opened.close()


def fill(log: SqliteLog, topic: str, days_ago: list[float], partition: int = 0) -> None:
    """A message for each age."""
    log.append_entries([Entry(topic, partition, int(NOW - age * DAY), b"key", b"value") for age in days_ago])


def offsets(log: SqliteLog, topic: str, partition: int = 0) -> list[int]:
    return [message.offset for message in log.read(topic, partition, 0)]


def encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode()


def put(log: SqliteLog, *pairs: tuple[str | None, str | None], at: int = NOW, partition: int = 0) -> None:
    log.append_entries([Entry("state", partition, at, encoded(key), encoded(value)) for key, value in pairs])


def compact(path: Path, before_ms: int = 0) -> int:
    connection = connect(path, "NORMAL")
    try:
        return sum(compaction.compact(connection, "state", before_ms))
    finally:
        connection.close()


# Retention


def test_what_nobody_has_read_stays_however_old_it_is(log: SqliteLog) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    fill(log, "events", [900, 800])
    assert log.housekeeping(NOW) == Removed()
    assert offsets(log, "events") == [0, 1]


def test_what_is_old_and_read_goes(log: SqliteLog) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    fill(log, "events", [30, 20, 10.5, 10, 5])
    log.commit("worker", {("events", 0): 5})
    assert log.housekeeping(NOW).expired == 3
    assert offsets(log, "events") == [3, 4]
    assert (log.beginning("events", 0), log.end("events", 0)) == (3, 5)


def test_what_is_old_and_not_read_yet_stays(log: SqliteLog) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    fill(log, "events", [30, 20, 15])
    log.commit("worker", {("events", 0): 1})
    assert log.housekeeping(NOW).expired == 1
    assert offsets(log, "events") == [1, 2]


def test_the_slowest_group_counts(log: SqliteLog) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    fill(log, "events", [30, 20, 15])
    log.commit("worker", {("events", 0): 3})
    log.commit("sink", {("events", 0): 2})
    assert log.housekeeping(NOW).expired == 2
    log.commit("sink", {("events", 0): 3})
    assert log.housekeeping(NOW).expired == 1
    assert offsets(log, "events") == []
    assert (log.beginning("events", 0), log.end("events", 0)) == (3, 3)


def test_a_group_that_has_committed_on_one_partition_holds_the_others(log: SqliteLog) -> None:
    log.create("events", 2, retention_ms=10 * DAY)
    fill(log, "events", [30, 20], 0)
    fill(log, "events", [30, 20], 1)
    log.commit("worker", {("events", 0): 2, ("events", 1): 2})
    log.commit("sink", {("events", 1): 1})
    log.housekeeping(NOW)
    assert offsets(log, "events", 0) == [0, 1]
    assert offsets(log, "events", 1) == [1]


def test_a_group_of_another_topic_holds_nothing(log: SqliteLog) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    log.create("other", 1, retention_ms=10 * DAY)
    fill(log, "events", [30])
    fill(log, "other", [30])
    log.commit("worker", {("events", 0): 1})
    log.commit("sink", {("other", 0): 0})
    log.housekeeping(NOW)
    assert offsets(log, "events") == []
    assert offsets(log, "other") == [0]


def test_an_old_message_behind_a_young_one_stays_so_that_there_is_no_gap(log: SqliteLog) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    fill(log, "events", [30, 1, 30])
    log.commit("worker", {("events", 0): 3})
    log.housekeeping(NOW)
    assert offsets(log, "events") == [1, 2]


def test_without_a_retention_everything_stays(log: SqliteLog) -> None:
    log.create("events", 1)
    fill(log, "events", [900])
    log.commit("worker", {("events", 0): 1})
    assert log.housekeeping(NOW) == Removed()


# Compaction


def test_the_newest_message_of_each_key_stays(log: SqliteLog, path: Path) -> None:
    log.create("state", 2, compact=True)
    put(log, ("a", "1"), ("b", "1"), ("a", "2"), ("c", "1"), ("b", "2"), ("a", "3"))
    put(log, ("a", "other partition"), partition=1)
    assert compact(path) == 3
    assert [(message.offset, message.key, message.value) for message in log.read("state", 0, 0)] == [
        (3, b"c", b"1"),
        (4, b"b", b"2"),
        (5, b"a", b"3"),
    ]
    assert offsets(log, "state", 1) == [0]
    assert log.beginning("state", 0) == 3
    assert compact(path) == 0


def test_offsets_go_on_after_a_compaction(log: SqliteLog, path: Path) -> None:
    log.create("state", 1, compact=True)
    put(log, ("a", "1"), ("a", "2"))
    compact(path)
    put(log, ("a", "3"))
    assert offsets(log, "state") == [1, 2]


def test_a_message_without_a_key_stays(log: SqliteLog, path: Path) -> None:
    log.create("state", 1, compact=True)
    put(log, (None, "1"), (None, None), (None, "2"), ("a", "1"))
    assert compact(path, NOW + DAY) == 0
    assert compact(path, NOW + DAY) == 0


def test_a_tombstone_goes_after_the_grace_and_after_what_it_ends(log: SqliteLog, path: Path) -> None:
    log.create("state", 1, compact=True)
    put(log, ("a", "1"), ("b", "1"), ("a", None), ("b", "2"))
    # Old enough at once; but whoever has read the older value must find the tombstone.
    assert compact(path, NOW + 1) == 2
    assert offsets(log, "state") == [2, 3]
    assert compact(path, NOW) == 0
    assert compact(path, NOW + 1) == 1
    assert offsets(log, "state") == [3]


def test_the_last_message_stays_even_as_a_tombstone(log: SqliteLog, path: Path) -> None:
    log.create("state", 1, compact=True)
    put(log, ("a", "1"), ("a", None))
    for _ in range(3):
        compact(path, NOW + 1)
    assert offsets(log, "state") == [1]
    assert (log.beginning("state", 0), log.end("state", 0)) == (1, 2)


def test_a_partition_is_cleaned_once_it_has_doubled(log: SqliteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "SMALLEST_GROWTH", 4)
    log.create("state", 1, compact=True)
    log.create("events", 1)
    put(log, *[(f"{n}", "1") for n in range(9)])
    fill(log, "events", [1] * 9)
    assert log.housekeeping(NOW).compacted == 0
    put(log, *[(f"{n}", "2") for n in range(8)])
    assert log.housekeeping(NOW).compacted == 0
    put(log, ("8", "2"))
    assert log.housekeeping(NOW).compacted == 9
    assert offsets(log, "state") == list(range(9, 18))
    assert len(offsets(log, "events")) == 9


def test_housekeeping_leaves_a_tombstone_its_grace(log: SqliteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "SMALLEST_GROWTH", 1)
    log.create("state", 1, compact=True)
    put(log, ("a", None), ("b", "1"))
    log.housekeeping(NOW)
    put(log, ("b", "2"), ("b", "3"))
    log.housekeeping(NOW + TOMBSTONE_GRACE_MS)
    assert offsets(log, "state") == [0, 3]
    put(log, ("b", "4"), ("b", "5"))
    log.housekeeping(NOW + TOMBSTONE_GRACE_MS + 1)
    assert offsets(log, "state") == [5]


_operations = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("abcd"), st.sampled_from([None, "1", "2"])),
        # Compact, and be killed after so many steps.
        st.integers(0, 6),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(_operations)
def test_no_kill_in_the_midst_of_a_compaction_changes_what_a_table_holds(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[str, str | None] | int]
) -> None:
    path = tmp_path_factory.mktemp("log") / "log.sqlite3"
    log = SqliteLog(path, synchronous="NORMAL")
    connection = connect(path, "NORMAL")
    log.create("state", 1, compact=True)
    expected: dict[bytes | None, bytes | None] = {}

    def held() -> dict[bytes | None, bytes | None]:
        table = {}
        for message in log.read("state", 0, 0):
            table[message.key] = message.value
        return {key: value for key, value in table.items() if value is not None}

    for operation in operations:
        if isinstance(operation, int):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(removal, "MOST_ROWS", 1)
                steps = compaction.compact(connection, "state", NOW + 1)
                for _ in zip(range(operation), steps, strict=False):
                    assert held() == expected
        else:
            put(log, operation)
            key, value = operation
            expected.pop(key.encode(), None)
            if value is not None:
                expected[key.encode()] = value.encode()
        assert held() == expected
    connection.close()
    log.close()


# Space


def test_no_step_holds_the_file_for_long(log: SqliteLog, path: Path) -> None:
    log.create("state", 1, compact=True)
    for _ in range(30):
        put(log, *[("a", "x" * 300_000)] * 2)
    put(log, *[("b", "small")] * 1200)
    connection = connect(path, "NORMAL")
    steps = list(compaction.compact(connection, "state", 0))
    connection.close()
    # Of the large ones 4 MB at a time.
    assert [step for step in steps if step] == [500, 500, 199 + 13, 13, 13, 13, 7]


def test_space_is_given_back_to_the_disk(log: SqliteLog, path: Path) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    for _ in range(100):
        log.append_entries([Entry("events", 0, NOW - 30 * DAY, b"key", b"x" * 50_000)] * 4)
    fill(log, "events", [1])
    checkpoint(path)
    before = path.stat().st_size
    log.commit("worker", {("events", 0): 400})
    removed = log.housekeeping(NOW)
    assert removed.expired == 400
    assert removed.pages * 4096 > before / 2
    checkpoint(path)
    assert path.stat().st_size < before / 10
    assert offsets(log, "events") == [400]


def test_a_few_free_pages_stay_for_what_comes_next(log: SqliteLog) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    fill(log, "events", [30] * 2000)
    log.commit("worker", {("events", 0): 2000})
    removed = log.housekeeping(NOW)
    assert (removed.expired, removed.pages) == (2000, 0)


def test_a_year_does_not_grow_for_ever(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "SMALLEST_GROWTH", 20)
    log = SqliteLog(path, synchronous="NORMAL")
    connection = connect(path, "NORMAL")
    log.create("events", 1, retention_ms=28 * DAY)
    log.create("state", 1, compact=True)
    pages = []
    for week in range(52):
        now = NOW + week * 7 * DAY
        log.append_entries([Entry("events", 0, now, b"key", b"x" * 20_000)] * 30)
        put(log, *[(f"{n}", "y" * 20_000) for n in range(10)], at=now)
        log.commit("worker", {("events", 0): log.end("events", 0)})
        log.housekeeping(now)
        pages.append(number(connection, "page_count"))
    assert max(pages[8:]) <= max(pages[:8])
    assert log.end("events", 0) == 52 * 30
    connection.close()
    log.close()


def checkpoint(path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    connection.close()


# The thread


def test_the_housekeeper_keeps_house_again_and_again(log: SqliteLog, path: Path) -> None:
    log.create("events", 1, retention_ms=10 * DAY)
    rounds: list[Removed | LogUnavailable] = []
    twice = threading.Event()

    def told(outcome: Removed | LogUnavailable) -> None:
        rounds.append(outcome)
        if len(rounds) == 1:
            fill(log, "events", [30] * 3)
            log.commit("worker", {("events", 0): 3})
        elif sum(one.expired for one in rounds if isinstance(one, Removed)) == 3:
            twice.set()

    keeper = Housekeeper(path, every_seconds=0.01, told=told, now_ms=lambda: NOW)
    keeper.start()
    assert twice.wait(30)
    keeper.stop()
    assert offsets(log, "events") == []


def test_the_housekeeper_stops_at_once_while_it_waits_and_before_it_began(path: Path) -> None:
    never_started = Housekeeper(path)
    never_started.stop()
    keeper = Housekeeper(path, every_seconds=3600, told=lambda outcome: pytest.fail("it had no round yet"))
    keeper.start()
    keeper.stop()
    assert not path.exists()


def test_the_housekeeper_tells_what_it_cannot_do_and_tries_again(tmp_path: Path) -> None:
    path = tmp_path / "later" / "log.sqlite3"
    failed, done = threading.Event(), threading.Event()

    def told(outcome: Removed | LogUnavailable) -> None:
        (failed if isinstance(outcome, LogUnavailable) else done).set()

    keeper = Housekeeper(path, every_seconds=0.01, told=told)
    keeper.start()
    assert failed.wait(30)
    path.parent.mkdir()
    assert done.wait(30)
    keeper.stop()


def test_publishers_write_while_the_housekeeper_works(log: SqliteLog, path: Path) -> None:
    log.create("state", 1, compact=True)
    log.create("events", 1)
    for _ in range(20):
        put(log, *[("a", "x" * 100_000)] * 30)
    began, ended = threading.Event(), threading.Event()

    class Watched(Housekeeper):
        def _round(self) -> Removed:
            began.set()
            return super()._round()

    keeper = Watched(path, synchronous="NORMAL", every_seconds=0.001, told=lambda outcome: ended.set())
    keeper.start()
    assert began.wait(30)
    written = 0
    while not ended.is_set():
        fill(log, "events", [1])
        written += 1
        # Two threads that never pause would fight for Python's lock instead of the file's.
        time.sleep(0.001)
    keeper.stop()
    assert written > 1
    assert len(offsets(log, "events")) == min(written, 500)
    assert offsets(log, "state") == [599]
