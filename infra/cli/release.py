"""`rollcall release`: what may be shown of a district, decided and kept."""

from __future__ import annotations

import time
from datetime import date, datetime
from getpass import getuser
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from infra.cli.common import USAGE, a_date, fail, failures_told, policies, settings_of_command
from models.releases.due import last_period
from models.releases.made import NotProven
from models.school_year import school_year_of


def release(
    district: Annotated[str, typer.Option(help="The district.")],
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of",
            parser=a_date,
            metavar="DATE",
            help="The last day that counts; by default that of the last month that is over.",
        ),
    ] = None,
) -> None:
    """Decide which numbers of a district may be shown, and keep them for reports.

    Example: rollcall release --district 0042 --as-of 2024-11-30
    """
    # Here, because no other command need load ClickHouse's client.
    from infra.clickhouse.store import open_store
    from infra.releases.making import NothingToRelease, make

    with failures_told():
        settings = settings_of_command()
        now = time.time()
        if as_of is None:
            zone = policies(settings)(district, school_year_of(date.today())).timezone
            period = last_period(datetime.fromtimestamp(now, ZoneInfo(zone)).date(), "month")
            assert period is not None  # there is always a month before
            as_of = period.last
        with open_store(settings) as store:
            try:
                kept = make(store, district, as_of, at_ms=round(now * 1000), made_by=getuser())
            except NothingToRelease as error:
                fail(str(error), USAGE)
            except (NotProven, ValueError) as error:
                fail(f"nothing was released: {error}; call `rollcall verify`, and report it")
    typer.echo(
        f"rollcall: district {district} as of {as_of}: {kept.numbers} numbers, {kept.hidden} of them hidden; "
        f"counted through {kept.about.data_through}",
        err=True,
    )
