"""A store that was lost says so at the start, and after a refill it is as if it had never been away."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from infra.clickhouse.following import follow
from infra.clickhouse.refill import NotNow, refill
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.clickhouse.unavailable import StoreUnavailable
from infra.metrics import Metrics
from infra.sqlite_log.log import SqliteLog
from infra.verify.checks import of_groups, of_state, of_store
from infra.verify.difference import Difference
from infra.verify.recount import years
from models.columns import Kind
from models.ledger.chain import Stored
from models.policy import contract
from streams.topics import ALERTS, APP_ID, DAY_MS, FACTS, RECORDS
from tests.property.proof import accepted, batches, in_some_order
from tests.reference.generate import random_files
from tests.support.chdb_store import Engine, dump, log_in
from tests.support.command import Rollcall
from tests.support.logs import log_of
from tests.support.pipeline import Pipeline, grouped
from tests.support.town import attendance, write_town


def drain(log: SqliteLog, store: Store) -> None:
    sink = Sink(log, store, Metrics("0"))
    while sink.step():
        pass


def expire(log: SqliteLog) -> None:
    """Let 31 days pass: the facts that were stored go, and nothing else does."""
    newest = log.read(FACTS.name, 0, log.end(FACTS.name, 0) - 1)[0].timestamp_ms
    log.housekeeping(newest + 31 * DAY_MS)
    assert log.beginning(FACTS.name, 0) == log.end(FACTS.name, 0)
    assert log.beginning(ALERTS.name, 0) == 0


def compared(store: Store, pipeline: Pipeline) -> list[Difference]:
    found = [
        each
        for district, year in years(store.client)
        for each in of_store(store.client, district, year, contract(district, year))
    ]
    for engine in pipeline.processor.engines:
        found += of_groups(store.client, engine)
        for year in engine.ledger.known:
            found += of_state(store.client, engine, year)
    return found


def counted(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All tables but what was known when, and without versions: of a refill the last message's."""
    tables = {name: rows for name, rows in dump(store.client).items() if name != "fact_history"}
    tables["student_day_facts"] = [row[:8] for row in tables["student_day_facts"] if row[7] == "1"]
    # The version, which stands before the unreported days.
    tables["standings"] = [(*row[:18], *row[19:]) for row in tables["standings"] if row[7] != "0"]
    return tables  # type: ignore[return-value]  # rows of text are rows of objects


def stored_in_halves(pipeline: Pipeline, seed: int, old: Store, whole: Store) -> None:
    """A random history: its first half is stored in both, and the second one in `whole` only."""
    messages = history(seed)
    for number, (_, kind, records) in enumerate(messages):
        if number == len(messages) // 2:
            drain(pipeline.log, old)
        pipeline.take(kind, records)
    # It begins at the beginning, because this store has nothing yet.
    drain(pipeline.log, whole)


def history(seed: int) -> list[tuple[str, Kind, list[Stored]]]:
    rng = Random(seed)
    told = accepted(random_files(rng))
    return list(batches(rng, in_some_order(rng, told + grouped(rng, told))))


@pytest.mark.parametrize("seed", range(30, 36))
@pytest.mark.parametrize("lost", ["an empty store", "an old backup"])
def test_after_a_refill_nothing_is_missing_and_nothing_too_much(
    engine: Engine, tmp_path: Path, seed: int, lost: str
) -> None:
    with (
        log_in(tmp_path) as log,
        engine.store() as old,
        engine.store() as whole,
        engine.store() as empty,
    ):
        pipeline = Pipeline(log)
        stored_in_halves(pipeline, seed, old, whole)
        expire(log)
        store = old if lost == "an old backup" else empty
        with pytest.raises(StoreUnavailable, match=r"lacks [0-9]+ messages .* `rollcall refill`"):
            follow(log, store)
        done = refill(log, store, contract)
        assert done.facts > 0 and done.districts > 0
        follow(log, store)
        drain(log, store)
        assert compared(store, pipeline) == []
        assert counted(store) == counted(whole)
        # A second time nothing changes.
        refill(log, store, contract)
        drain(log, store)
        assert counted(store) == counted(whole)


def test_while_the_log_has_everything_no_refill_is_needed(engine: Engine, tmp_path: Path) -> None:
    with log_in(tmp_path) as log, engine.store() as old, engine.store() as whole, engine.store() as empty:
        pipeline = Pipeline(log)
        stored_in_halves(pipeline, 3, old, whole)
        for store in (empty, old):
            follow(log, store)
            drain(log, store)
            assert dump(store.client) == dump(whole.client)
        assert refill(log, empty, contract).facts == 0


def test_messages_that_wait_for_the_worker_win_over_the_refill(engine: Engine, tmp_path: Path) -> None:
    """What comes after the state was read has a later version, whatever is stored first."""
    messages = history(8)
    with log_in(tmp_path) as log, engine.store() as whole, engine.store() as empty:
        pipeline = Pipeline(log)
        for _, kind, records in messages[: len(messages) // 2]:
            pipeline.take(kind, records)
        drain(log, whole)
        expire(log)
        refill(log, empty, contract)
        for _, kind, records in messages[len(messages) // 2 :]:
            pipeline.take(kind, records)
        drain(log, empty)
        assert compared(empty, pipeline) == []


def test_a_worker_of_which_nothing_is_known_is_waited_for(engine: Engine, tmp_path: Path) -> None:
    with log_in(tmp_path) as log, engine.store() as old, engine.store() as whole:
        stored_in_halves(Pipeline(log), 4, old, whole)
        expire(log)
        log.commit(APP_ID, {(RECORDS.name, 0): 0})
        with pytest.raises(NotNow, match="let the worker catch up"):
            refill(log, whole, contract)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rollcall = Rollcall(tmp_path / "home")
    rollcall.home.mkdir()
    town = write_town(tmp_path / "town")
    (town / "attendance.csv").write_text(attendance("mia,2021-09-01,U", "mia,2021-09-02,E"))
    rollcall.run("ingest", town)
    rollcall.catch_up()
    # The log has all of it yet: the store is filled again without a word from anybody.
    shutil.rmtree(rollcall.home / "chdb")
    rollcall.catch_up()
    rollcall.run("verify")
    with log_of(rollcall, monkeypatch) as log:
        assert isinstance(log, SqliteLog)
        expire(log)
    shutil.rmtree(rollcall.home / "chdb")
    told = rollcall.run("run", "--until-caught-up", status=1)
    assert "the analytics store lacks" in told.stderr and "`rollcall refill`" in told.stderr
    assert "mia" not in told.stderr
    done = rollcall.run("refill")
    assert "facts of 1 districts are published again" in done.stderr
    rollcall.catch_up()
    rollcall.run("verify")
