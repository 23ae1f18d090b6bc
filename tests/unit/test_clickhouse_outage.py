"""An outage is counted at each try, told once a minute, and the lag is shown meanwhile."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra import logging
from infra.clickhouse.outage import Outage
from infra.clickhouse.unavailable import StoreAway, StoreUnavailable
from infra.metrics import Metrics
from streams.event_log import LogUnavailable


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    told = io.StringIO()
    logging.configure("INFO", "json", stream=told)
    yield told
    logging.configure()


def said(lines: io.StringIO) -> list[dict[str, Any]]:
    kept = ("event", "seconds", "lag", "clickhouse_error")
    every = map(json.loads, lines.getvalue().splitlines())
    return [{name: line[name] for name in kept if name in line} for line in every]


def test_the_same_reason_is_told_once_a_minute_and_another_at_once(lines: io.StringIO) -> None:
    now, waiting, metrics = [0.0], [3], Metrics("0")
    outage = Outage(metrics, lambda: waiting[0], lambda: now[0])
    outage.over()
    for _ in range(25):
        outage.failed(StoreAway("CANARY"))
        now[0] += 5.0
    waiting[0] = 9
    outage.failed(StoreUnavailable("CANARY", 243))
    outage.over()
    outage.over()
    assert said(lines) == [
        {"event": "store_is_tried_again", "seconds": 0, "lag": 3},
        {"event": "store_is_tried_again", "seconds": 60, "lag": 3},
        {"event": "store_is_tried_again", "seconds": 120, "lag": 3},
        {"event": "store_is_tried_again", "seconds": 125, "lag": 9, "clickhouse_error": 243},
        {"event": "store_is_back", "seconds": 125},
    ]
    assert "CANARY" not in lines.getvalue()
    shown = metrics.render().decode()
    assert "rollcall_sink_lag_messages 9.0" in shown
    assert 'rollcall_sink_errors_total{kind="unavailable"} 26.0' in shown


def test_a_lag_that_nobody_can_tell_is_left_out(lines: io.StringIO) -> None:
    def away() -> int:
        raise LogUnavailable("CANARY")

    outage = Outage(Metrics("0"), away, lambda: 0.0)
    outage.failed(LogUnavailable("CANARY"))
    outage.over()
    assert said(lines) == [
        {"event": "log_is_tried_again", "seconds": 0}, {"event": "log_is_back", "seconds": 0},
    ]  # fmt: skip
