"""Tables that live as long as a client's session, and how rows come into any table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import orjson
from clickhouse_connect.driver.client import Client

from infra.clickhouse.rows import Columns


class Condition(NamedTuple):
    """Text for a statement, and what it takes."""

    text: str
    given: dict[str, Any]


def among(table: str, columns: str, types: str, few: Collection[tuple[Any, ...]] = ()) -> Condition:
    """The condition that a row has the columns of one of the rows in a table; `few` are all of these.

    Few are named, as a parameter with the table's name: to look them up costs as much as what is read.
    """
    if few:
        return Condition(f"({columns}) IN {{{table}:Array(Tuple({types}))}}", {table: sorted(few)})
    return Condition(f"({columns}) IN (SELECT {columns} FROM {table})", {})


def fill(
    client: Client, table: str, made: str, names: Sequence[str], rows: Collection[tuple[Any, ...]]
) -> None:
    """Make a temporary table hold just these rows."""
    client.command(made)
    client.command(f"TRUNCATE TABLE {table}")
    if rows:
        insert(client, table, names, tuple(map(list, zip(*rows, strict=True))))


def insert(client: Client, table: str, names: Sequence[str], columns: Columns) -> None:
    """Insert rows; the names are the caller's own."""
    # The client's own `insert` is as fast, but hands its rows to chDB in a file in the system's temporary
    # folder, where a process that is killed leaves them: records outside of ROLLCALL_HOME.
    statement = f"INSERT INTO {table} ({', '.join(names)}) FORMAT JSONCompactColumns"
    client.command(statement, data=orjson.dumps(columns))
