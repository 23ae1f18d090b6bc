"""`rollcall run`, `worker`, `sink`: the processes (contract 4, docs/operate.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from infra.cli.common import fail, failures_told, settings_of_command
from infra.running.parts import Failed, Parts

UntilCaughtUp = Annotated[
    bool,
    typer.Option("--until-caught-up", help="End when all that was published is processed and stored."),
]


def _run(parts: Parts) -> None:
    # Here, because no other command need load Faust and ClickHouse.
    from infra.running.process import run as run_process

    with failures_told():
        settings = settings_of_command()
        try:
            run_process(settings, parts)
        except Failed as error:
            fail(str(error))


def run(until_caught_up: UntilCaughtUp = False) -> None:
    """Run the whole system in one process: worker, sink and API. Example: rollcall run --until-caught-up"""
    # Who waits for the end of a call asks nothing meanwhile.
    _run(Parts(web=not until_caught_up, until_caught_up=until_caught_up))


def worker() -> None:
    """Run the worker alone: records to standings, facts and alerts. Example: rollcall worker"""
    _run(Parts(sink=False, web=False))


def sink() -> None:
    """Run the sink alone: facts and alerts into the analytics store. Example: rollcall sink"""
    _run(Parts(worker=False, web=False))
