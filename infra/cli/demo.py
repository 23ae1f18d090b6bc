"""`rollcall demo`: a made-up district to look at (docs/cast.md)."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.cli.common import fail, failures_told
from infra.demo.home import HomeRefused
from infra.running.parts import Failed
from infra.settings import load
from infra.simulator.district import FEWEST_STUDENTS, HISTORY_DAYS
from infra.simulator.school_days import SCHOOL_DAYS

_INTERRUPTED = 130


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the history, with a summary.")] = False,
    seed: Annotated[int, typer.Option(help="Another seed makes another district.")] = 1,
    students: Annotated[int, typer.Option(min=FEWEST_STUDENTS, help="How many students.")] = 6000,
    schools: Annotated[int, typer.Option(min=3, help="In how many schools.")] = 12,
    every: Annotated[float, typer.Option(min=0.0, help="Seconds from one new school day to the next.")] = 5.0,
    days: Annotated[
        int, typer.Option(min=1, max=len(SCHOOL_DAYS), help="School days of history.")
    ] = HISTORY_DAYS,
) -> None:
    """Watch a synthetic district; no student in it exists. Example: rollcall demo --once"""
    # Here, because no other command need load Faust and ClickHouse.
    from infra.demo.running import LOG_FILE, Plan, play, settings_of_demo
    from infra.demo.summary import shown

    console = Console(highlight=False)
    with failures_told():
        settings = settings_of_demo(load().home / "demo")
        try:
            complete = play(
                Plan(once, seed, students, schools, days, every), settings, console, _command(shown)
            )
        except HomeRefused as error:
            fail(str(error))
        except Failed as error:
            fail(f"{error}; the log lines are in {settings.home / LOG_FILE}")
    if not complete:
        console.print(
            f"\nStopped. What was made lies in {shown(settings.home)}, until the next demo.", soft_wrap=True
        )
        if once:
            raise typer.Exit(_INTERRUPTED)


def _command(shown: Callable[[Path], str]) -> str:
    """How the command was called, from the folder one stands in."""
    called = shown(Path(sys.argv[0]).absolute())
    return shlex.quote(called if os.sep in called else os.path.join(os.curdir, called))
