"""`rollcall migrate`: the tables of the analytics store, forward, backward, or only shown."""

from __future__ import annotations

from typing import Annotated

import typer
from clickhouse_connect.driver.exceptions import ClickHouseError

from infra.cli.common import FAILED, USAGE, fail, failures_told, settings_of_command


def migrate(
    to: Annotated[
        int | None,
        typer.Option(metavar="N", help="The last migration that is to be applied; 0: none. By default all."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only write the SQL to standard output.")
    ] = False,
    allow_rewrite: Annotated[
        bool, typer.Option("--allow-rewrite", help="Also write a table of over a million rows anew.")
    ] = False,
    allow_loss: Annotated[
        bool, typer.Option("--allow-loss", help="Also take tables or columns away that hold rows.")
    ] = False,
    roles: Annotated[
        bool,
        typer.Option("--roles", help="Only write the SQL of the server's roles to standard output."),
    ] = False,
) -> None:
    """Bring the tables of the analytics store up to date, or back. Example: rollcall migrate --dry-run"""
    # Here, because no other command need load ClickHouse's client.
    from infra.clickhouse import migrate as migrations
    from infra.clickhouse.client import open_client, why_unavailable
    from infra.clickhouse.roles import roles as sql_of_roles

    with failures_told():
        settings = settings_of_command()
        database, cluster = settings.clickhouse_database, settings.clickhouse_cluster
        if roles:
            typer.echo(sql_of_roles(database, cluster))
            return
        client = open_client(settings)
        try:
            if dry_run:
                shown = migrations.dry_run(client, database, to, cluster=cluster)
                typer.echo(shown or "-- nothing to do")
                return
            allowed = migrations.Allowed(allow_rewrite, allow_loss)
            done = migrations.migrate(client, database, to, cluster=cluster, allowed=allowed)
        except ValueError as error:
            fail(str(error), USAGE)
        except ClickHouseError as error:
            fail(why_unavailable(settings, error), FAILED)
        finally:
            client.close()
    for step in done:
        typer.echo(f"rollcall: {step.migration.number:04d} {step.migration.name}, {step.direction}", err=True)
    if not done:
        typer.echo("rollcall: the analytics store is up to date; nothing was done", err=True)
