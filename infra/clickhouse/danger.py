"""What a migration would do to what is stored: lose it, or write it all anew.

It is read from the statements themselves, so that no migration can forget to say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.rendering import without_comments

# Above so many rows the server is busy for minutes, and queries wait behind it.
BIG = 1_000_000

_LOSES = re.compile(r"^(?:DROP TABLE IF EXISTS|TRUNCATE TABLE IF EXISTS) (?P<table>[a-z_]+)")
_ALTERS = re.compile(r"^ALTER TABLE (?:IF EXISTS )?(?P<table>[a-z_]+)(?P<what>.*)", re.DOTALL)
_LOSES_PART = re.compile(r"\b(?:DROP COLUMN|DROP PARTITION|DELETE|CLEAR COLUMN)\b")
_REWRITES = re.compile(
    r"\b(?:UPDATE|DELETE|MODIFY(?! SETTING)|MATERIALIZE|DROP COLUMN|CLEAR COLUMN|RENAME COLUMN)\b"
)
_COPIES = re.compile(r"^INSERT INTO [a-z_]+\b.*?\bSELECT\b.*?\bFROM (?P<table>[a-z_]+)", re.DOTALL)


class Danger(NamedTuple):
    """A table, how many rows it holds, and whether they would be lost (else: written anew)."""

    table: str
    rows: int
    lost: bool


def dangers(client: Client, database: str, statements: Iterable[str]) -> list[Danger]:
    """What of these statements should not happen unasked: any loss of rows, and a rewrite of very many."""
    found: dict[tuple[str, bool], Danger] = {}
    for statement in statements:
        for table, lost in harms(statement):
            rows = _rows(client, database, table)
            if rows > (0 if lost else BIG):
                found[table, lost] = Danger(table, rows, lost)
    return list(found.values())


def harms(statement: str) -> list[tuple[str, bool]]:
    """The tables that a statement takes rows or columns from (True), or writes anew as a whole (False)."""
    code = without_comments(statement)
    if dropped := _LOSES.match(code):
        return [(dropped["table"], True)]
    if copied := _COPIES.match(code):
        return [(copied["table"], False)]
    altered = _ALTERS.match(code)
    if altered is None:
        return []
    table, what = altered["table"], altered["what"]
    return [
        (table, lost) for lost, pattern in ((True, _LOSES_PART), (False, _REWRITES)) if pattern.search(what)
    ]


def _rows(client: Client, database: str, table: str) -> int:
    found = client.query(
        "SELECT sum(total_rows) FROM system.tables"
        " WHERE database = {database:String} AND name = {table:String}",
        parameters={"database": database, "table": table},
    ).result_rows
    return int(found[0][0] or 0)
