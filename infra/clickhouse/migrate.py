"""The migrations of the store: numbered, forward and backward, with the list of those applied in a table.

Every statement says IF EXISTS or IF NOT EXISTS, because ClickHouse has no transaction around them: after a
crash in between, the same call goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.unavailable import StoreUnavailable

FOLDER = Path(__file__).parent / "migrations"
TABLE = "migrations"

_LIST = f"""CREATE TABLE IF NOT EXISTS {TABLE}
(
    number UInt16,
    name String,
    applied UInt8,
    change UInt64,
    at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(change)
ORDER BY number"""


class Migration(NamedTuple):
    """One migration: its number (from 1, without gaps), its name, and its statements in both directions."""

    number: int
    name: str
    forward: tuple[str, ...]
    backward: tuple[str, ...]


class Step(NamedTuple):
    """One migration to apply (`applied` 1) or to take back (0)."""

    migration: Migration
    applied: int

    @property
    def statements(self) -> tuple[str, ...]:
        """What is executed, in order."""
        return self.migration.forward if self.applied else self.migration.backward


def known(folder: Path = FOLDER) -> list[Migration]:
    """All migrations, in order. Raises ValueError where a file's name or form is wrong."""
    found = [_read(path) for path in sorted(folder.glob("*.sql"))]
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations are numbered from 0001 without gaps")
    return found


def _read(path: Path) -> Migration:
    number, _, name = path.stem.partition("_")
    _, forward, rest = path.read_text("utf-8").partition("\n-- forward\n")
    rest, backward, last = rest.partition("\n-- backward\n")
    if not (forward and backward):
        raise ValueError(f"{path.name} needs the lines `-- forward` and `-- backward`")
    return Migration(int(number), name, _statements(rest), _statements(last))


def _statements(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in f"{text}\n".split(";\n") if part.strip())


def plan(client: Client, database: str, to: int | None = None, every: Sequence[Migration] = ()) -> list[Step]:
    """The steps that lead from what is applied to migration `to` (None: the newest; 0: none of them).

    Raises StoreUnavailable where the store has been migrated by a newer version of Rollcall.
    """
    every = every or known()
    to = len(every) if to is None else to
    if not 0 <= to <= len(every):
        raise ValueError(f"migrations go from 0 to {len(every)}")
    applied = _applied(client, database)
    if applied and max(applied) > len(every):
        raise StoreUnavailable(
            f"the analytics store has migration {max(applied)}, and this version of Rollcall knows "
            f"{len(every)}; start the version that made it, or a newer one"
        )
    back = [Step(held, 0) for held in reversed(every) if held.number > to and held.number in applied]
    return back + [Step(held, 1) for held in every if held.number <= to and held.number not in applied]


def migrate(
    client: Client, database: str, to: int | None = None, every: Sequence[Migration] = ()
) -> list[Step]:
    """Do what `plan` says, and leave the client in the database. Gives back what was done."""
    steps = plan(client, database, to, every)
    if not _exists(client, "databases", "name = {database:String}", database):
        client.command(_database(database))
    client.database = database
    client.command(_LIST)
    for step in steps:
        for statement in step.statements:
            client.command(statement)
        client.command(
            f"INSERT INTO {TABLE} (number, name, applied, change) SELECT {step.migration.number}, "
            f"'{step.migration.name}', {step.applied}, max(change) + 1 FROM {TABLE}"
        )
    return steps


def dry_run(client: Client, database: str, to: int | None = None, every: Sequence[Migration] = ()) -> str:
    """The SQL that `migrate` would execute to change tables; blank where there is nothing to do."""
    steps = plan(client, database, to, every)
    lines = []
    if steps and not _exists(client, "databases", "name = {database:String}", database):
        lines.append(f"{_database(database)};")
    for number, name, applied, statements in (
        (*step.migration[:2], step.applied, step.statements) for step in steps
    ):
        lines.append(f"\n-- {number:04d} {name}, {'forward' if applied else 'backward'}")
        lines += [f"{statement};" for statement in statements]
    return "\n".join(lines).strip()


def _database(name: str) -> str:
    # The name is checked by the settings. Another engine knows neither EXCHANGE nor refreshable views.
    return f"CREATE DATABASE IF NOT EXISTS {name} ENGINE = Atomic"


def _applied(client: Client, database: str) -> set[int]:
    if not _exists(client, "tables", f"database = {{database:String}} AND name = '{TABLE}'", database):
        return set()
    rows = client.query(f"SELECT number FROM {database}.{TABLE} FINAL WHERE applied").result_rows
    return {number for (number,) in rows}


def _exists(client: Client, what: str, condition: str, database: str) -> bool:
    found = client.query(
        f"SELECT count() FROM system.{what} WHERE {condition}", parameters={"database": database}
    )
    return bool(found.result_rows[0][0])
