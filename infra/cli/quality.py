"""`rollcall quality`: what is doubtful in the data, where, and what to do about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from infra.cli.common import a_school_year, failures_told, policies, settings_of_command
from infra.cli.dictionary import Beside, Dictionary, beside, data_through
from infra.cli.reading import output, told_snapshot
from infra.event_logs import event_log
from infra.exports import quality as told
from models.bits import up_to
from models.lateness import due_through
from models.ledger.district import Ledger
from models.policy import PolicyOf
from models.quality.finding import Finding
from models.quality.findings import findings
from models.quality.view import view_of
from models.school_year import day_index, from_label, school_year_of
from models.suppression.limits import CONNECTICUT


def quality(
    district: Annotated[str | None, typer.Option(help="Only this district.")] = None,
    school_year: Annotated[
        str | None,
        typer.Option(parser=a_school_year, metavar="YEAR", help="This year, as 2021-22; by default today's."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write to this file instead of standard output.")
    ] = None,
    dictionary: Dictionary = False,
) -> None:
    """Say what is doubtful in the data, and what to do. Example: rollcall quality --school-year 2021-22"""
    now = datetime.now(UTC)
    path = beside(dictionary, out)
    with failures_told():
        settings = settings_of_command()
        with event_log(settings) as log:
            policy_of = policies(settings)
            snapshot = told_snapshot(log, policy_of, district)
            found = [
                each
                for name in snapshot.districts()
                for each in _of(snapshot.ledger(name), policy_of, school_year, now)
            ]
            ledgers = (snapshot.ledger(name) for name in snapshot.districts())
            through = data_through(ledgers) if path is not None else None
    with output(out) as target:
        if as_json:
            rows = [told.row(each) for each in found]
            target.write(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
        else:
            target.writelines(f"{line}\n" for line in told.lines(found))
    if path is not None:
        few, small = CONNECTICUT.least_count, CONNECTICUT.least_size
        hidden = (
            f"not shown: a count under {few}, one of fewer than {small}, one that leaves under {few} over"
        )
        Beside(path, through).write(("quality",), told.COLUMNS, frozenset(), hidden)


def _of(ledger: Ledger, policy_of: PolicyOf, school_year: str | None, now: datetime) -> list[Finding]:
    """The findings of a district; of a year that is not over, about the days that are due."""
    current = school_year_of(now.date())
    through = due_through(now, policy_of(ledger.district, current))
    year = school_year_of(through) if school_year is None else from_label(school_year)
    assert year is not None  # the option is checked
    if year > school_year_of(through):
        due = 0
    else:
        due = up_to(day_index(through) if year == school_year_of(through) else 365)
    return findings(view_of(ledger, year, due))
