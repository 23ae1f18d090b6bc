"""Migrations run, can be taken back, can be repeated, and can be read before they are run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.clickhouse import danger
from infra.clickhouse.client import open_client
from infra.clickhouse.migrate import Allowed, Migration, MigrationRefused, dry_run, known, migrate, plan
from infra.clickhouse.rendering import rendered
from infra.clickhouse.roles import roles
from infra.clickhouse.unavailable import StoreUnavailable
from infra.settings import load
from tests.support.chdb_store import TABLES

VIEWS = {
    "reporting_releases", "reporting_bands", "reporting_attendance", "reporting_alerts", "reporting_state",
    "reporting_pipeline",
}  # fmt: skip
# What the sink writes down for itself, and what was released.
OTHERS = {"derived", "stored_positions", "releases", "released_cells", "pipeline_minutes", *VIEWS}
NUMBERS = [migration.number for migration in known()]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    client = open_client(load(home=tmp_path_factory.mktemp("engine")))
    yield client
    client.close()


databases = count()


@pytest.fixture
def database(engine: Client) -> str:
    """The name of a database that is not there yet."""
    engine.database = "default"
    return f"migrated_{next(databases)}"


def shape(client: Client, database: str) -> dict[str, list[tuple[str, str]]]:
    """The columns and indexes, with their types, of each table but the list of migrations."""
    tables: dict[str, list[tuple[str, str]]] = {}
    rows = client.query(
        "SELECT table, name, type FROM system.columns WHERE database = {database:String}"
        " ORDER BY table, position",
        parameters={"database": database},
    ).result_rows
    rows += client.query(
        "SELECT table, name, type_full FROM system.data_skipping_indices WHERE database = {database:String}"
        " ORDER BY table, name",
        parameters={"database": database},
    ).result_rows
    for table, name, type_ in rows:
        if table != "migrations":
            tables.setdefault(table, []).append((name, type_))
    return tables


def test_all_run_forward_and_are_listed(engine: Client, database: str) -> None:
    done = migrate(engine, database)
    assert [(step.migration.number, step.applied) for step in done] == [(n, 1) for n in NUMBERS]
    assert set(shape(engine, database)) == {*TABLES, *OTHERS}
    assert plan(engine, database) == []
    assert engine.database == database
    kept = engine.query("SELECT engine FROM system.databases WHERE name = currentDatabase()").result_rows
    assert kept == [("Atomic",)]


def test_all_can_be_reversed_and_run_again(engine: Client, database: str) -> None:
    migrate(engine, database)
    before = shape(engine, database)
    undone = migrate(engine, database, 0)
    assert [(step.migration.number, step.applied) for step in undone] == [(n, 0) for n in reversed(NUMBERS)]
    assert shape(engine, database) == {}
    migrate(engine, database)
    assert shape(engine, database) == before


def test_each_can_be_reversed_alone(engine: Client, database: str) -> None:
    for number in NUMBERS:
        before = shape(engine, database)
        assert len(migrate(engine, database, number)) == 1
        after = shape(engine, database)
        assert after != before
        migrate(engine, database, number - 1)
        assert shape(engine, database) == before
        migrate(engine, database, number)
        assert shape(engine, database) == after


def test_a_second_run_does_nothing(engine: Client, database: str) -> None:
    migrate(engine, database)
    engine.command(
        "INSERT INTO student_day_facts (district_id, school_year, date) VALUES ('D1', 2024, '2024-10-01')"
    )
    assert migrate(engine, database) == []
    assert engine.query("SELECT count() FROM student_day_facts").result_rows == [(1,)]


def test_rows_are_not_taken_away_unasked(engine: Client, database: str) -> None:
    migrate(engine, database)
    engine.command("INSERT INTO standings (district_id, school_year) VALUES ('D1', 2024)")
    with pytest.raises(MigrationRefused, match=r"patterns, backward, would take away 1 row"):
        migrate(engine, database, 0)
    # Nothing at all was done, though later migrations would have been taken back first.
    assert plan(engine, database) == []
    with pytest.raises(MigrationRefused, match="--allow-loss"):
        migrate(engine, database, 0, allowed=Allowed(rewrite=True))
    assert "-- needs --allow-loss: 1 rows of standings\nDROP TABLE" in dry_run(engine, database, 0)
    migrate(engine, database, 0, allowed=Allowed(loss=True))
    assert shape(engine, database) == {}


def test_a_big_table_is_not_written_anew_unasked(
    engine: Client, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Migration(
        1, "made", ("CREATE TABLE IF NOT EXISTS big (a UInt8) ENGINE = MergeTree ORDER BY tuple()",), ()
    )
    changed = Migration(2, "changed", ("ALTER TABLE big MODIFY COLUMN IF EXISTS a UInt16",), ("SELECT 1",))
    migrate(engine, database, every=[made])
    engine.command("INSERT INTO big SELECT number % 9 FROM numbers(101)")
    monkeypatch.setattr(danger, "BIG", 100)
    with pytest.raises(
        MigrationRefused, match=r"write 101 rows of big anew.*rollcall migrate --allow-rewrite"
    ):
        migrate(engine, database, every=[made, changed])
    with pytest.raises(MigrationRefused):
        migrate(engine, database, every=[made, changed], allowed=Allowed(loss=True))
    assert "-- needs --allow-rewrite: 101 rows of big" in dry_run(engine, database, every=[made, changed])
    assert len(migrate(engine, database, every=[made, changed], allowed=Allowed(rewrite=True))) == 1
    monkeypatch.setattr(danger, "BIG", 101)
    assert len(migrate(engine, database, 1, every=[made, changed])) == 1
    assert len(migrate(engine, database, every=[made, changed])) == 1


def test_where_nothing_is_to_do_no_right_to_tables_is_needed(
    engine: Client, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(engine, database)
    sent: list[str] = []
    monkeypatch.setattr(engine, "command", sent.append)
    assert migrate(engine, database) == []
    assert sent == []


@pytest.mark.parametrize("cluster", ["", "c"])
def test_the_engine_reads_what_is_rendered_for_servers(engine: Client, cluster: str) -> None:
    """chDB has neither roles nor clusters, but reads the same SQL: so that it is written as SQL is."""
    statements = [text.strip(" \n;") for text in roles("rollcall", cluster).splitlines()]
    statements += [rendered(text, cluster) for held in known() for text in (*held.forward, *held.backward)]
    for statement in statements:
        read = engine.query("SELECT formatQuery({sql:String})", parameters={"sql": statement})
        assert read.result_rows[0][0]


def test_a_dry_run_says_everything_and_does_nothing(engine: Client, database: str) -> None:
    told = dry_run(engine, database)
    assert f"CREATE DATABASE IF NOT EXISTS {database} ENGINE = Atomic;" in told
    for migration in known():
        assert f"-- {migration.number:04d} {migration.name}, forward" in told
        assert all(statement in told for statement in migration.forward)
    names = {name for (name,) in engine.query("SELECT name FROM system.databases").result_rows}
    assert database not in names
    migrate(engine, database)
    assert dry_run(engine, database) == ""
    back = dry_run(engine, database, 9).splitlines()
    assert "-- 0010 unreported_days, backward\nDROP VIEW IF EXISTS alerts SYNC;" in "\n".join(back)
    assert "ALTER TABLE standings DROP COLUMN IF EXISTS unreported_days;" in back
    assert set(shape(engine, database)) == {*TABLES, *OTHERS}


def test_a_migration_that_broke_off_is_finished_by_the_next_run(engine: Client, database: str) -> None:
    first = "CREATE TABLE IF NOT EXISTS one (a UInt8) ENGINE = MergeTree ORDER BY a"
    second = "CREATE TABLE IF NOT EXISTS two (a UInt8) ENGINE = MergeTree ORDER BY a"
    broken = Migration(1, "both", (first, "CREATE NONSENSE"), ())
    with pytest.raises(ClickHouseError):
        migrate(engine, database, every=[broken])
    assert set(shape(engine, database)) == {"one"}
    migrate(engine, database, every=[broken._replace(forward=(first, second))])
    assert set(shape(engine, database)) == {"one", "two"}


def test_a_store_of_a_newer_version_is_left_alone(engine: Client, database: str) -> None:
    newer = Migration(len(NUMBERS) + 1, "later", ("SELECT 1",), ("SELECT 1",))
    migrate(engine, database, every=[*known(), newer])
    with pytest.raises(
        StoreUnavailable, match=rf"has migration {len(NUMBERS) + 1}.*knows {len(NUMBERS)}; start the"
    ):
        migrate(engine, database)
    assert set(shape(engine, database)) == {*TABLES, *OTHERS}


def test_the_unreported_days_come_to_a_store_that_has_rows(engine: Client, database: str) -> None:
    migrate(engine, database, 9)
    engine.command("INSERT INTO standings (district_id, school_year, student_id) VALUES ('D1', 2024, '1')")
    engine.command(
        "INSERT INTO alert_events (district_id, alert_id, condition) VALUES ('D1', 'a', 'standing')"
    )
    migrate(engine, database)
    assert engine.query("SELECT unreported_days FROM standings FINAL").result_rows == [(0,)]
    assert engine.query("SELECT condition, unreported_days FROM alerts").result_rows == [("standing", 0)]


def test_the_codes_come_to_a_store_that_has_facts(engine: Client, database: str) -> None:
    number = next(held.number for held in known() if held.name == "reasons")
    migrate(engine, database, number - 1)
    for table in ("student_day_facts", "fact_history"):
        engine.command(
            f"INSERT INTO {table} (district_id, school_year, date) VALUES ('D1', 2024, '2024-10-01')"
        )
    migrate(engine, database)
    for table in ("student_day_facts", "fact_history"):
        assert engine.query(f"SELECT code, remote FROM {table} FINAL").result_rows == [("", 0)]


def test_a_number_that_does_not_exist_is_refused(engine: Client, database: str) -> None:
    with pytest.raises(ValueError, match=f"from 0 to {len(NUMBERS)}"):
        plan(engine, database, len(NUMBERS) + 1)


@pytest.mark.parametrize(
    ("names", "text"),
    [(["0002_b.sql"], "\n-- forward\nA;\n-- backward\nB;"), (["0001_a.sql"], "\n-- forward\nA;")],
)
def test_a_gap_or_a_missing_way_back_is_refused(tmp_path: Path, names: list[str], text: str) -> None:
    for name in names:
        (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=r"without gaps|needs the lines"):
        known(tmp_path)


def test_every_migration_can_be_repeated_after_a_crash() -> None:
    statements = [text for held in known() for text in (*held.forward, *held.backward)]
    code = ["\n".join(line for line in text.splitlines() if not line.startswith("--")) for text in statements]
    # What is inserted twice into a table that replaces is there once.
    replaces = {
        text.split()[5] for text in code if text.startswith("CREATE TABLE") and "ReplacingMergeTree" in text
    }
    # A setting or an order that is set or reset twice is what it is after the first time.
    again = (["MODIFY", "SETTING"], ["RESET", "SETTING"], ["MODIFY", "ORDER"])
    assert all(
        text.split()[2] in replaces
        if text.startswith("INSERT INTO ")
        else " EXISTS " in text or text.split()[3:5] in again
        for text in code
    )
