"""What the sink writes: facts, alert events, and standings worked out from the facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.clickhouse import standings
from infra.clickhouse.client import open_client, why_unavailable
from infra.clickhouse.migrate import migrate
from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS, Columns
from infra.clickhouse.unavailable import StoreUnavailable
from infra.settings import Settings

ROWS_A_CALL = 10_000

Touched = tuple[str, str, str]
"""district_id, school_id, student_id."""


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store with its newest tables, for one thread. Raises StoreUnavailable."""
    client = open_client(settings)
    try:
        try:
            migrate(client, settings.clickhouse_database, cluster=settings.clickhouse_cluster)
        except ClickHouseError as error:
            raise StoreUnavailable(why_unavailable(settings, error)) from None
        yield Store(client, settings)
    finally:
        client.close()


class Store:
    """Writes to a client's database. Calls raise StoreUnavailable, and may be repeated as they are."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.client = client
        self._settings = settings

    def newest_version(self) -> int:
        """The greatest version of a fact: an offset of the log that the store follows; -1 without facts."""
        with self._said():
            # Of no district: it tells whether this is the log's store, before anything is written.
            found = self.client.query("SELECT count(), max(version) FROM student_day_facts").result_rows[0]
            return int(found[1]) if found[0] else -1

    def insert_facts(self, columns: Columns) -> None:
        """Insert at most ROWS_A_CALL facts, in the columns of rows.FACT_COLUMNS."""
        with self._said():
            self._insert("student_day_facts", FACT_COLUMNS, columns)

    def insert_events(self, columns: Columns) -> None:
        """Insert at most ROWS_A_CALL alert events, in the columns of rows.EVENT_COLUMNS."""
        with self._said():
            self._insert("alert_events", EVENT_COLUMNS, columns)

    def recompute_standings(self, year: int, touched: Collection[Touched]) -> int:
        """Replace the standings of these students for a school year; the number of rows written.

        The facts that touched them must have been inserted.
        """
        with self._said():
            self.client.command(standings.TOUCHED)
            self.client.command("TRUNCATE TABLE touched")
            columns = tuple(map(list, zip(*touched, strict=True)))
            self._insert("touched", ("district_id", "school_id", "student_id"), columns)
            return standings.recompute(self.client, year)

    def _insert(self, table: str, names: Sequence[str], columns: Columns) -> None:
        # The client's own `insert` is as fast, but hands its rows to chDB in a file in the system's temporary
        # folder, where a process that is killed leaves them: records outside of ROLLCALL_HOME.
        statement = f"INSERT INTO {table} ({', '.join(names)}) FORMAT JSONCompactColumns"
        self.client.command(statement, data=orjson.dumps(columns))

    @contextmanager
    def _said(self) -> Iterator[Any]:
        try:
            yield
        except ClickHouseError as error:
            raise StoreUnavailable(why_unavailable(self._settings, error)) from None
