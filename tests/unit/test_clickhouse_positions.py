"""Where the sink goes on reading: where it stopped, or where the log now begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.clickhouse.positions import Positions
from infra.sqlite_log.log import SqliteLog
from streams.event_log import Outgoing
from streams.topics import DAY_MS, FACTS
from tests.support.chdb_store import log_in

PLACE = (FACTS.name, 0)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with log_in(tmp_path) as log:
        log.append(FACTS.name, [Outgoing(b"D1", b"{}")] * 4)
        yield log


def positions(log: SqliteLog) -> Positions:
    return Positions(log, "group", [FACTS.name])


def test_a_new_group_begins_at_the_beginning(log: SqliteLog) -> None:
    held = positions(log)
    assert held.load() == {PLACE: 0}
    assert held.lag() == 4


def test_it_goes_on_where_it_committed(log: SqliteLog) -> None:
    held = positions(log)
    held.load()
    assert held.commit({PLACE: 3})
    assert not held.commit({PLACE: 3})
    assert (held.load(), held.lag()) == ({PLACE: 3}, 1)
    assert positions(log).load() == {PLACE: 3}


def test_topics_that_are_not_there_yet_are_found_later(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "other.sqlite3", synchronous="NORMAL")
    held = positions(log)
    assert held.load() == {} and held.lag() == 0
    log.create(FACTS.name, 2)
    assert held.load() == {(FACTS.name, 0): 0, (FACTS.name, 1): 0}
    log.close()


def test_messages_that_expired_unstored_are_told_and_passed_over(
    log: SqliteLog, capsys: pytest.CaptureFixture[str]
) -> None:
    # SQLite keeps what a group has yet to read, and Kafka does not: so the group is set back afterwards.
    log.commit("group", {PLACE: 4})
    log.housekeeping(log.read(*PLACE, 3)[0].timestamp_ms + 31 * DAY_MS)
    log.commit("group", {PLACE: 1})
    assert log.beginning(*PLACE) == 4
    again = positions(log)
    assert again.load() == {PLACE: 4}
    assert "messages_expired_before_they_were_stored" in capsys.readouterr().out
    # Nothing will come to be committed with, and the group is to count as caught up.
    assert again.commit(dict(again.load()))
    assert log.committed("group", *PLACE) == 4


def test_a_store_that_has_less_than_the_log_was_told_is_believed(log: SqliteLog) -> None:
    log.commit("group", {PLACE: 3})
    held = Positions(log, "group", [FACTS.name], lambda: {PLACE: 1})
    assert held.load() == {PLACE: 1} and held.lacking() == 0
    empty = Positions(log, "group", [FACTS.name], dict)
    assert empty.load() == {PLACE: 0} and empty.lacking() == 0
    assert held.take_back() == 2 and log.committed("group", *PLACE) == 1
    assert empty.take_back() == 1 and log.committed("group", *PLACE) == 0


def test_a_store_that_has_more_is_told_to_the_log_again(log: SqliteLog) -> None:
    log.commit("group", {PLACE: 3})
    held = Positions(log, "group", [FACTS.name], lambda: {PLACE: 4})
    assert held.load() == {PLACE: 3} and held.take_back() == 0
    assert log.committed("group", *PLACE) == 3


def test_a_store_knows_how_far_it_is_where_the_broker_has_forgotten(log: SqliteLog) -> None:
    held = Positions(log, "group", [FACTS.name], lambda: {PLACE: 3})
    assert held.load() == {PLACE: 3} and held.lacking() == 0


def test_what_the_log_has_removed_and_the_store_lacks_is_counted(log: SqliteLog) -> None:
    log.commit("group", {PLACE: 4})
    log.housekeeping(log.read(*PLACE, 3)[0].timestamp_ms + 31 * DAY_MS)
    assert Positions(log, "group", [FACTS.name], lambda: {PLACE: 1}).lacking() == 3
    assert Positions(log, "group", [FACTS.name], lambda: {PLACE: 4}).lacking() == 0
    assert Positions(log, "group", [FACTS.name], dict).lacking() == 4
    # A store of before it was written down is believed to have what the log was told.
    assert Positions(log, "group", [FACTS.name]).lacking() == 0
