"""The migrations of the store: numbered, forward and backward, with the list of those applied in a table.

Every statement says IF EXISTS or IF NOT EXISTS, because ClickHouse has no transaction around them: after a
crash in between, the same call goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.danger import Danger, dangers
from infra.clickhouse.rendering import database as made_database
from infra.clickhouse.rendering import rendered
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


class Allowed(NamedTuple):
    """What a call may do that is not done unasked."""

    rewrite: bool = False
    loss: bool = False


NOTHING = Allowed()


class MigrationRefused(StoreUnavailable):
    """A migration that would lose rows, or write very many anew, and was not told to. Nothing was done."""


class Step(NamedTuple):
    """One migration to apply (`applied` 1) or to take back (0)."""

    migration: Migration
    applied: int

    @property
    def statements(self) -> tuple[str, ...]:
        """What is executed, in order."""
        return self.migration.forward if self.applied else self.migration.backward

    @property
    def direction(self) -> str:
        """`forward` or `backward`."""
        return "forward" if self.applied else "backward"


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
    client: Client,
    database: str,
    to: int | None = None,
    every: Sequence[Migration] = (),
    *,
    cluster: str = "",
    allowed: Allowed = NOTHING,
) -> list[Step]:
    """Do what `plan` says, and leave the client in the database. Gives back what was done.

    `cluster` names the cluster of the server that all of it happens on. Raises MigrationRefused before
    anything is done. Where there is nothing to do nothing is sent that a role without rights to tables is
    refused.
    """
    steps = plan(client, database, to, every)
    refuse(client, database, steps, allowed)
    if steps and not _exists(client, "databases", "name = {database:String}", database):
        client.command(made_database(database, cluster))
    client.database = database
    if steps:
        client.command(rendered(_LIST, cluster))
    for step in steps:
        for statement in step.statements:
            client.command(rendered(statement, cluster))
        client.command(
            f"INSERT INTO {TABLE} (number, name, applied, change) SELECT {step.migration.number}, "
            f"'{step.migration.name}', {step.applied}, max(change) + 1 FROM {TABLE}"
        )
    return steps


def refuse(client: Client, database: str, steps: Sequence[Step], allowed: Allowed) -> None:
    """Raises MigrationRefused where a step would do what is not allowed; the message names the remedy."""
    for step in steps:
        for danger in dangers(client, database, step.statements):
            if not (allowed.loss if danger.lost else allowed.rewrite):
                raise MigrationRefused(_told(step, danger))


def _told(step: Step, danger: Danger) -> str:
    what = f"migration {step.migration.number:04d} {step.migration.name}, {step.direction},"
    rows = f"{danger.rows} rows of {danger.table}"
    if danger.lost:
        return (
            f"{what} would take away {rows}; nothing was done. Where that is meant, back the store up and "
            "call `rollcall migrate` with --allow-loss"
        )
    return (
        f"{what} would write {rows} anew, which takes long and slows every query; nothing was done. Stop the "
        "sink and call `rollcall migrate --allow-rewrite` at a quiet hour"
    )


def dry_run(
    client: Client,
    database: str,
    to: int | None = None,
    every: Sequence[Migration] = (),
    *,
    cluster: str = "",
) -> str:
    """The SQL that `migrate` would execute to change tables; blank where there is nothing to do.

    What needs to be allowed is said in a comment above its statements.
    """
    steps = plan(client, database, to, every)
    lines = []
    if steps and not _exists(client, "databases", "name = {database:String}", database):
        lines.append(f"{made_database(database, cluster)};")
    for step in steps:
        lines.append(f"\n-- {step.migration.number:04d} {step.migration.name}, {step.direction}")
        for danger in dangers(client, database, step.statements):
            flag = "--allow-loss" if danger.lost else "--allow-rewrite"
            lines.append(f"-- needs {flag}: {danger.rows} rows of {danger.table}")
        lines += [f"{rendered(statement, cluster)};" for statement in step.statements]
    return "\n".join(lines).strip()


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
