"""How the sink gets on, a row a minute: for dashboards, which see no metric and no student."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from infra.clickhouse.store import Store

_COLUMNS = ("minute", "messages", "rows", "lag_messages")


class Minutes:
    """Adds up what is stored, and writes it down once a minute. `clock` gives Unix time.

    What was added up since the last row is lost in a crash: it is for looking at, and nothing follows from
    it.
    """

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._messages = 0
        self._rows = 0
        self._told: int | None = None

    def add(self, messages: int, rows: int) -> None:
        """Take what one commit has stored."""
        self._messages += messages
        self._rows += rows

    def tell(self, lag: int) -> None:
        """Write the row of a minute that has begun, with how many messages wait. Raises StoreUnavailable."""
        minute = int(self._clock()) // 60
        if minute == self._told:
            return
        at = datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%d %H:%M:%S")
        self._store.insert("pipeline_minutes", _COLUMNS, [(at, self._messages, self._rows, lag)])
        self._told, self._messages, self._rows = minute, 0, 0
