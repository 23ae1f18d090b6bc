"""The composition root of the API: the application over the store and the tokens that the settings name."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from fastapi import FastAPI

from infra.edsight.codes import load_codes
from infra.metrics import Metrics
from infra.serving.clients import Clients
from infra.serving.releases import StoreReleases
from infra.serving.tokens_file import TokensFile
from infra.serving.trends import StoreTrends
from infra.settings import Settings
from infra.version import VERSION
from web.app import make_app
from web.asking import Door
from web.middleware import Done
from web.rate import Rate

BURST_SECONDS = 5
"""A page of a dashboard asks many questions at once: as many as in so many seconds are let in together."""


def application(settings: Settings, clients: Clients, tokens: TokensFile, metrics: Metrics) -> FastAPI:
    """The application. Nothing is asked of the store before the first question.

    Raises CodesInvalid where EdSight's codes cannot be used: published rates would be another's, or none.
    """
    a_second = settings.web_requests_per_second
    door = Door(
        grants=tokens,
        now=lambda: datetime.now(UTC),
        monotonic=time.monotonic,
        rate=Rate(a_second, max(1, round(a_second * BURST_SECONDS))),
    )
    trends = StoreTrends(clients, settings.clickhouse_database, load_codes(settings.edsight_file))
    return make_app(trends, StoreReleases(clients), door, VERSION, _counted(metrics))


def _counted(metrics: Metrics) -> Done:
    def done(status: int, seconds: float) -> None:
        metrics.count("rollcall_web_requests_total", status=f"{status // 100}xx")
        metrics.observe("rollcall_web_seconds", seconds)

    return done
