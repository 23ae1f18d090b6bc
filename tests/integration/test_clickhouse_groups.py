"""The counts of a school's day by student group follow facts and groups, whatever is corrected and when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.clickhouse.derived import work_out_if_needed
from infra.clickhouse.migrate import Allowed, migrate
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.sqlite_log.log import SqliteLog
from streams import facts_message
from streams.event_log import Outgoing
from streams.facts_message import Facts
from streams.topics import CHANGELOG, DEAD_LETTERS, FACTS
from tests.integration.test_trends_recount import Killed, killed_at
from tests.support.chdb_store import Engine, dump, log_in
from tests.support.made_students import values


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with log_in(tmp_path) as log:
        yield log


def days(version: int, *given: tuple[str, str, int, str, int]) -> Outgoing:
    """Facts of district D, 2024-25: (school, student, day, class, counted), in grade 5."""
    facts = Facts("D", 2024, version)
    for school, student, day, class_, counted in given:
        facts.add(school, student, "5", day, class_, counted)
    return facts_message.pack(facts)


def state(**groups: dict[str, str] | None) -> list[Outgoing]:
    """The state's values after these student records of district D alone, by id; None: deleted."""
    return values("D", groups)


def drain(log: SqliteLog, store: Store) -> None:
    sink = Sink(log, store, Metrics("0"))
    while sink.step():
        pass


def cells(store: Store, dimension: str) -> list[tuple[str, str, int, int]]:
    """School, value, counted and absent, over all days."""
    return store.client.query(
        "SELECT school_id, value, sum(counted), sum(absent) FROM day_counts FINAL"
        " WHERE dimension = {dimension:String} AND counted > 0 GROUP BY 1, 2 ORDER BY 1, 2",
        parameters={"dimension": dimension},
    ).result_rows


def test_facts_and_groups_in_any_order(log: SqliteLog, store: Store) -> None:
    log.append(FACTS.name, [days(1, ("A", "s1", 70, "excused", 1), ("A", "s2", 70, "", 1))])
    drain(log, store)
    assert cells(store, "all") == [("A", "", 2, 1)]
    assert cells(store, "meals") == [("A", "", 2, 1)]
    log.append(CHANGELOG, state(s1={"meals": "free", "gender": "F"}, s2={"meals": "paid"}))
    drain(log, store)
    assert cells(store, "meals") == [("A", "free", 1, 1), ("A", "paid", 1, 0)]
    assert cells(store, "high_needs") == [("A", "", 1, 0), ("A", "yes", 1, 1)]
    assert cells(store, "gender") == [("A", "", 1, 0), ("A", "F", 1, 1)]
    log.append(FACTS.name, [days(2, ("A", "s1", 71, "mhw", 1))])
    drain(log, store)
    assert cells(store, "meals") == [("A", "free", 2, 2), ("A", "paid", 1, 0)]
    log.append(CHANGELOG, state(s1={"meals": "paid", "english_learner": "no", "disability": "no"}))
    drain(log, store)
    assert cells(store, "meals") == [("A", "paid", 3, 2)]
    assert cells(store, "high_needs") == [("A", "", 1, 0), ("A", "no", 2, 2)]
    log.append(CHANGELOG, state(s1=None))
    drain(log, store)
    assert cells(store, "meals") == [("A", "", 2, 2), ("A", "paid", 1, 0)]


def test_a_cell_that_nobody_is_in_any_more_is_gone(log: SqliteLog, store: Store) -> None:
    log.append(CHANGELOG, state(s1={"homeless": "yes"}))
    log.append(FACTS.name, [days(1, ("A", "s1", 70, "unknown", 1))])
    drain(log, store)
    log.append(FACTS.name, [days(2, ("A", "s1", 70, "", 0), ("B", "s1", 70, "", 1))])
    drain(log, store)
    assert cells(store, "homeless") == [("B", "yes", 1, 0)]
    zeros = store.client.query("SELECT count() FROM day_counts FINAL WHERE counted = 0 AND absent = 0")
    assert zeros.result_rows == [(8,)]


def test_a_bucket_that_is_taken_away_takes_its_groups_along(log: SqliteLog, store: Store) -> None:
    (value,) = state(s1={"homeless": "yes"})
    log.append(CHANGELOG, [value])
    log.append(FACTS.name, [days(1, ("A", "s1", 70, "", 1))])
    drain(log, store)
    log.append(CHANGELOG, [Outgoing(value.key, None)])
    drain(log, store)
    assert cells(store, "homeless") == [("A", "", 1, 0)]


def test_killed_before_each_write_of_a_change_of_groups(engine: Engine, tmp_path: Path) -> None:
    writes = 0
    while True:
        writes += 1
        folder = tmp_path / str(writes)
        folder.mkdir()
        with log_in(folder) as log, engine.store() as store:
            log.append(FACTS.name, [days(1, ("A", "s1", 70, "excused", 1), ("B", "s2", 71, "", 1))])
            log.append(CHANGELOG, state(s1={"meals": "free"}, s2={"meals": "paid"}))
            drain(log, store)
            log.append(CHANGELOG, state(s1={"meals": "reduced"}, s2={"meals": "free"}))
            killed_at(store, writes)
            try:
                drain(log, store)
                break
            except Killed:
                killed_at(store, 0)
            drain(log, store)
            assert cells(store, "meals") == [("A", "reduced", 1, 1), ("B", "free", 1, 0)], writes
    assert writes > 4


def test_no_name_is_stored_and_what_is_damaged_is_passed_over(
    log: SqliteLog, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    (good,) = state(s1={"gender": "X"})
    log.append(CHANGELOG, [good, Outgoing(good.key, b"damaged"), Outgoing(b"D\x1fA\x1fs1", b"[]")])
    log.append(CHANGELOG, state(s2={"gender": "F"}))
    drain(log, store)
    assert [row[:2] + row[7:8] for row in dump(store.client)["students"]] == [
        ("D", "s1", "X"),
        ("D", "s2", "F"),
    ]
    assert "CANARY" not in str(dump(store.client))
    assert "message_unreadable" in capsys.readouterr().out
    # A retry would publish it again, over what the worker has written.
    assert log.end(DEAD_LETTERS.name, 0) == 0


def test_a_store_of_an_earlier_version_is_worked_out_once(log: SqliteLog, store: Store) -> None:
    log.append(CHANGELOG, state(s1={"homeless": "yes"}))
    log.append(FACTS.name, [days(1, ("A", "s1", 70, "excused", 1), ("A", "s2", 71, "", 1))])
    drain(log, store)
    before = dump(store.client)
    store.client.command("TRUNCATE TABLE day_counts")
    store.client.command("TRUNCATE TABLE standings")
    assert work_out_if_needed(store) == 1
    assert dump(store.client) == before
    store.client.command("TRUNCATE TABLE day_counts")
    assert work_out_if_needed(store) == 0
    assert cells(store, "all") == []


def test_what_is_derived_is_worked_out_again_after_a_migration_was_taken_back(
    log: SqliteLog, store: Store
) -> None:
    log.append(FACTS.name, [days(1, ("A", "s1", 70, "excused", 1), ("A", "s2", 71, "", 1))])
    drain(log, store)
    assert work_out_if_needed(store) == 1
    before = dump(store.client)
    migrate(store.client, store.client.database, 20, allowed=Allowed(loss=True))
    migrate(store.client, store.client.database)
    assert dump(store.client) != before
    assert work_out_if_needed(store) == 1
    assert dump(store.client) == before
