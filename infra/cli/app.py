"""The command `rollcall`."""

from __future__ import annotations

import typer

from infra.cli import export, policy, report
from infra.cli.backtest import backtest
from infra.cli.config import config
from infra.cli.demo import demo
from infra.cli.ingest import ingest
from infra.cli.late import late
from infra.cli.map import map_files
from infra.cli.migrate import migrate
from infra.cli.published import published
from infra.cli.quality import quality
from infra.cli.reconcile import reconcile
from infra.cli.refill import refill
from infra.cli.release import release
from infra.cli.retry import retry
from infra.cli.run import run, sink, worker
from infra.cli.token import token
from infra.cli.verify import verify
from infra.cli.web import web

app = typer.Typer(
    name="rollcall",
    help="Streaming early warning of chronic absence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(ingest)
app.command("map")(map_files)
app.command()(run)
app.command()(worker)
app.command()(sink)
app.command()(web)
app.command()(token)
app.add_typer(export.app, name="export")
app.add_typer(report.app, name="report")
app.command()(retry)
app.command()(reconcile)
app.command()(published)
app.command()(late)
app.command()(quality)
app.command()(migrate)
app.command()(verify)
app.command()(release)
app.command()(refill)
app.command()(config)
app.add_typer(policy.app, name="policy")
app.command()(backtest)
app.command()(demo)
