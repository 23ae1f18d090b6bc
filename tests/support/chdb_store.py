"""Stores in chDB for tests: an engine a module, because it takes a second to start; a database a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import open_client
from infra.clickhouse.migrate import TABLE
from infra.clickhouse.store import Store, open_store
from infra.event_logs import EVERY_TOPIC
from infra.settings import Settings, load
from infra.sqlite_log.log import SqliteLog
from models.trends.scope import DIMENSIONS

TABLES = {
    "student_day_facts": "district_id, school_id, student_id, date",
    "standings": "district_id, school_year, student_id, scope, school_id",
    "alert_events": "district_id, alert_id, sequence",
    "alerts": "district_id, alert_id",
    "alert_history": "district_id, student_id, alert_id, sequence, version",
    "fact_history": "district_id, school_id, student_id, date, version",
    "published_rates": "level, district, school, dimension, value, school_year",
    "students": "district_id, student_id",
    "day_counts": "dimension, value, district_id, school_id, date, grade",
    "reason_counts": "district_id, school_id, date, grade, code, remote, " + ", ".join(DIMENSIONS),
    "code_labels": "district_id",
    "district_days": "dimension, value, grade, district_id, date",
    "district_bands": "dimension, value, grade, district_id, date",
    "known_bands": "district_id, student_id, school_id, date, grade, band",
    "district_spans": "school_year, month, district_id, bucket",
    "district_reasons": "dimension, value, grade, remote, district_id, date, code",
    "school_days": "dimension, value, grade, district_id, school_id, school_year",
}

_NAME = "the_new_database"
_NOT_EMPTY = {
    "day_counts": "WHERE counted > 0",
    "reason_counts": "WHERE counted > 0",
    "district_days": "WHERE counted > 0",
    "district_spans": "WHERE notEmpty(begins)",
    "district_reasons": "WHERE counted > 0",
    "school_days": "WHERE notEmpty(days)",
    "district_bands": "WHERE under_5 != 0 OR under_10 != 0 OR under_20 != 0 OR over_20 != 0",
}


class Engine:
    """An engine that is running, with as many databases as are asked for."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._numbers = count()
        self._made: list[str] = []

    def settings(self) -> Settings:
        """Settings with a database of their own."""
        return load(home=self._home, clickhouse_database=f"test_{next(self._numbers)}")

    @contextmanager
    def store(self) -> Iterator[Store]:
        """A new, empty store: the first is migrated, the others are made as that one was."""
        settings = self.settings()
        if self._made:
            with closing(open_client(settings)) as client:
                for statement in self._made:
                    client.command(statement.replace(_NAME, settings.clickhouse_database))
        with open_store(settings) as store:
            self._made = self._made or _statements(store.client)
            yield store


@contextmanager
def engine_in(home: Path) -> Iterator[Engine]:
    """An engine in a folder; another folder can be opened once it is closed."""
    engine = Engine(home)
    client = open_client(engine.settings())
    try:
        yield engine
    finally:
        client.close()


@contextmanager
def log_in(folder: Path, partitions: int = 1) -> Iterator[SqliteLog]:
    """A log with the topics."""
    log = SqliteLog(folder / "log.sqlite3", synchronous="NORMAL")
    try:
        for topic in EVERY_TOPIC:
            log.create(topic.name, partitions, compact=topic.compact, retention_ms=topic.retention_ms)
        yield log
    finally:
        log.close()


def dump(client: Client) -> dict[str, list[tuple[Any, ...]]]:
    """All tables as they count: in order, without replaced rows, empty cells and times of publication."""
    return {table: _rows(client, table, order) for table, order in TABLES.items()}


def _statements(client: Client) -> list[str]:
    """What makes a database as the client's is, migrated and empty; _NAME stands for the name."""
    tables = client.query(
        "SELECT replaceAll(create_table_query, concat(database, '.'), {name:String}) FROM system.tables"
        " WHERE database = currentDatabase()",
        parameters={"name": f"{_NAME}."},
    ).result_rows
    applied = client.query(f"SELECT number, name, applied, change FROM {TABLE}").result_rows
    return [
        f"CREATE DATABASE {_NAME}",
        *(text for (text,) in tables),
        f"INSERT INTO {_NAME}.{TABLE} (number, name, applied, change) VALUES {', '.join(map(str, applied))}",
    ]


def _rows(client: Client, table: str, order: str) -> list[tuple[Any, ...]]:
    columns = "* EXCEPT (known_at)" if table.endswith("_history") else "*"
    if table == "known_bands":
        # What is believed in the end, whenever it was learned.
        query = f"SELECT {order}, {', '.join(DIMENSIONS)}, sum(students) AS n FROM {table} FINAL GROUP BY ALL"
        return [
            tuple(map(str, row)) for row in client.query(f"{query} HAVING n != 0 ORDER BY ALL").result_rows
        ]
    final = "" if table == "alerts" else "FINAL"
    where = _NOT_EMPTY.get(table, "")
    rows = client.query(f"SELECT {columns} FROM {table} {final} {where} ORDER BY {order}").result_rows
    return [tuple(map(str, row)) for row in rows]
