"""What one step of the sink has read: inserted part by part, and then the standings that it touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

import structlog

from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS, Columns, add_events, add_facts, empty, parts
from infra.clickhouse.store import ROWS_A_CALL, Store, Touched
from infra.clickhouse.unreadable import refusal
from infra.metrics import Metrics
from streams.event_log import Message
from streams.refused import Refused
from streams.topics import FACTS

_log = structlog.get_logger()

T = TypeVar("T")


class Trying(Protocol):
    """Runs an effect until it succeeds (infra.clickhouse.retrying)."""

    def __call__(self, effect: Callable[[], T], /) -> T: ...


class Batch:
    """Takes messages and stores their rows, as soon as they fill a call.

    `messages` and `rows` count what came; `refused` is what could not be read.
    """

    def __init__(self, store: Store, metrics: Metrics, trying: Trying) -> None:
        self._store = store
        self._metrics = metrics
        self._trying = trying
        self._facts = empty(FACT_COLUMNS)
        self._events = empty(EVENT_COLUMNS)
        self._touched: defaultdict[int, set[Touched]] = defaultdict(set)
        self.messages = 0
        self.rows = 0
        self.refused: list[Refused] = []

    def add(self, message: Message) -> None:
        """Take a message."""
        self.messages += 1
        columns, add = (self._facts, add_facts) if message.topic == FACTS.name else (self._events, add_events)
        before = len(columns[0])
        try:
            add(columns, message.value or b"")
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            self._put_aside(message, refusal(message, error))
            return
        self.rows += len(columns[0]) - before
        if len(columns[0]) >= ROWS_A_CALL:
            self._insert()

    def finish(self) -> None:
        """Insert what is left, and work out the standings of all that were touched."""
        self._insert()
        for year, touched in sorted(self._touched.items()):
            rows = self._trying(partial(self._store.recompute_standings, year, touched))
            self._metrics.count("rollcall_sink_rows_total", rows, table="standings")
        self._touched.clear()

    def _insert(self) -> None:
        for part in parts(self._facts, ROWS_A_CALL):
            self._trying(partial(self._store.insert_facts, part))
            self._metrics.count("rollcall_sink_rows_total", len(part[0]), table="student_day_facts")
            # Only now: a student whose facts are not there yet would be worked out without them.
            self._touch(part)
        for part in parts(self._events, ROWS_A_CALL):
            self._trying(partial(self._store.insert_events, part))
            self._metrics.count("rollcall_sink_rows_total", len(part[0]), table="alert_events")
        for column in (*self._facts, *self._events):
            column.clear()

    def _touch(self, facts: Columns) -> None:
        districts, years, _, schools, students = facts[:5]
        for year, *touched in set(zip(years, districts, schools, students, strict=True)):
            self._touched[year].add((touched[0], touched[1], touched[2]))

    def _put_aside(self, message: Message, refused: Refused) -> None:
        self.refused.append(refused)
        self._metrics.count("rollcall_sink_errors_total", kind="unreadable")
        _log.warning(
            "message_unreadable",
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            reason=refused.reason,
        )
