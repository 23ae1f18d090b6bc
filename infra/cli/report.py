"""`rollcall report`: papers (docs/papers.md)."""

from __future__ import annotations

import typer

from infra.cli.reports.datt import datt
from infra.cli.reports.edsight import edsight
from infra.cli.reports.psis import psis
from infra.cli.reports.review_teams import review_teams
from infra.cli.reports.student import student

app = typer.Typer(no_args_is_help=True, help="Write the papers that people hand in or like to use.")


@app.callback()
def report() -> None:
    """Write the papers that people hand in or like to use."""


app.command("psis")(psis)
app.command("datt")(datt)
app.command("edsight")(edsight)
app.command("review-teams")(review_teams)
app.command("student")(student)
