"""While the store or the log is away: how far the store falls behind, and why, in numbers only."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from infra.clickhouse.unavailable import StoreUnavailable
from infra.metrics import Metrics
from streams.event_log import LogUnavailable

# An hour away is not to fill the log with the same line.
_TOLD_EVERY = 60.0

_log = structlog.get_logger()


class Outage:
    """From the first try that fails to the one that does not. `lag` counts the messages that wait."""

    def __init__(self, metrics: Metrics, lag: Callable[[], int], monotonic: Callable[[], float]) -> None:
        self._metrics = metrics
        self._lag = lag
        self._monotonic = monotonic
        self._since: float | None = None
        self._of = "store"
        self._told: tuple[float, int | None] | None = None

    def failed(self, error: Exception) -> None:
        """A try has failed: count it, show what waits, and say why, with ClickHouse's number of the error."""
        now = self._monotonic()
        self._since = now if self._since is None else self._since
        self._metrics.count("rollcall_sink_errors_total", kind="unavailable")
        waiting = self._show_lag()
        code = error.code if isinstance(error, StoreUnavailable) else None
        if self._told is None or self._told[1] != code or now >= self._told[0] + _TOLD_EVERY:
            self._told = now, code
            numbers = {"clickhouse_error": code, "lag": waiting}
            kept = {name: number for name, number in numbers.items() if number is not None}
            self._of = "log" if isinstance(error, LogUnavailable) else "store"
            _log.warning(
                f"{self._of}_is_tried_again", error="unavailable", seconds=round(now - self._since), **kept
            )

    def over(self) -> None:
        """A try has succeeded."""
        if self._since is not None:
            _log.info(f"{self._of}_is_back", seconds=round(self._monotonic() - self._since))
            self._since = self._told = None

    def _show_lag(self) -> int | None:
        try:
            waiting = self._lag()
        # Of a store that has not answered yet it is not known how far it has come.
        except (LogUnavailable, StoreUnavailable):
            return None
        self._metrics.set("rollcall_sink_lag_messages", waiting)
        return waiting
