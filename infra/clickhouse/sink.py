"""The sink: facts, alerts and groups from the log into the store; a crash anywhere is only a repetition.

The order is: insert, work out what the rows touched, put aside what cannot be read, write into the store how
far it has come, commit the offsets.
Whatever happens before the commit happens again, and every write replaces what it wrote before
(docs/adr/0001).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import structlog

from infra.clickhouse.batch import Batch
from infra.clickhouse.minutes import Minutes
from infra.clickhouse.outage import Outage
from infra.clickhouse.positions import Place, Positions
from infra.clickhouse.retrying import Stopped, retrying
from infra.clickhouse.store import Store
from infra.clickhouse.unavailable import StoreUnavailable
from infra.metrics import Metrics
from streams import refused as refused_message
from streams.event_log import EventLog
from streams.topics import ALERTS, CHANGELOG, DEAD_LETTERS, FACTS, PUBLISHED

SINK_GROUP = "rollcall-sink"
SINK_TOPICS = (FACTS.name, ALERTS.name, PUBLISHED.name, CHANGELOG)
PAUSE = 0.1
# A message of facts or alerts holds thousands of rows; one of the state mostly none that is of interest.
MESSAGES_A_READ = 10
STATE_A_READ = 200
# In a long catch-up the standings are worked out once for so many rows: cheaper than for each insert.
ROWS_A_COMMIT = 200_000
REFUSALS_A_COMMIT = 1_000

_GAUGE_EVERY = 1.0

_log = structlog.get_logger()

T = TypeVar("T")


class Sink:
    """Stores what the log holds. One at a time for a log and a store; the log and store are its own.

    `retry_seconds` is how long a log that fails, or a store without its tables, is tried again, and
    `store_seconds` any other store that fails (None: as long). `clock` gives Unix time and `monotonic`
    seconds from anywhere. `idle` is called, with what says to stop, while nothing waits.
    """

    def __init__(
        self,
        log: EventLog,
        store: Store,
        metrics: Metrics,
        *,
        retry_seconds: float = 60.0,
        store_seconds: float | None = None,
        messages_a_read: int = MESSAGES_A_READ,
        rows_a_commit: int = ROWS_A_COMMIT,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        idle: Callable[[threading.Event], None] = lambda stop: None,
    ) -> None:
        self._log = log
        self._store = store
        self._metrics = metrics
        self._retry_seconds = retry_seconds
        self._store_seconds = retry_seconds if store_seconds is None else store_seconds
        self._messages_a_read = messages_a_read
        self._rows_a_commit = rows_a_commit
        self._clock = clock
        self._monotonic = monotonic
        self._idle = idle
        self._stop = threading.Event()
        self._positions = Positions(log, SINK_GROUP, SINK_TOPICS, store.positions)
        self._outage = Outage(metrics, self._positions.lag, monotonic)
        self._minutes = Minutes(store, clock)
        self._next_gauge = monotonic()
        self._behind = False

    def run(self, stop: threading.Event) -> None:
        """Store until `stop` is set, and finish the step in hand.

        Raises StoreUnavailable or LogUnavailable when one of them stays away; nothing is committed then.
        """
        self._stop = stop
        try:
            while not stop.is_set():
                self.step()
                self._gauge()
                # Nothing is waiting: let some messages come together.
                if not self._behind:
                    self._trying(partial(self._idle, stop))
                    stop.wait(PAUSE)
        except Stopped:
            _log.warning("sink_stopped_while_unavailable")

    def step(self) -> int:
        """Store what is there, up to `rows_a_commit` rows or so, and commit; how many messages that were.

        Does not wait for messages. A step that raised has committed nothing, and the next one repeats it.
        """
        started = self._monotonic()
        committed = dict(self._trying(self._positions.load))
        reached = dict(committed)
        batch = Batch(self._store, self._metrics, self._trying, committed)
        while self._round(reached, batch) and not self._full(batch):
            pass
        batch.finish()
        if batch.refused:
            letters = [refused_message.pack(held) for held in batch.refused]
            self._trying(partial(self._log.append, DEAD_LETTERS.name, letters))
        if reached != committed:
            self._trying(partial(self._store.put_positions, reached))
        if not self._trying(partial(self._positions.commit, reached)):
            return 0
        self._minutes.add(batch.messages, batch.rows)
        self._metrics.observe("rollcall_sink_batch_seconds", self._monotonic() - started)
        self._metrics.set("rollcall_last_progress_timestamp_seconds", self._clock())
        return batch.messages

    def lag(self) -> int:
        """How many messages wait to be stored. Raises LogUnavailable."""
        return self._positions.lag()

    def _full(self, batch: Batch) -> bool:
        return (
            batch.rows >= self._rows_a_commit
            or len(batch.refused) >= REFUSALS_A_COMMIT
            or self._stop.is_set()
        )

    def _round(self, reached: dict[Place, int], batch: Batch) -> bool:
        """Read each partition once; whether one of them may hold more."""
        self._behind = False
        for place, offset in reached.items():
            topic, partition = place
            most = STATE_A_READ if topic == CHANGELOG else self._messages_a_read
            messages = self._trying(partial(self._log.read, topic, partition, offset, most))
            for message in messages:
                batch.add(message)
                reached[place] = message.offset + 1
            self._behind = self._behind or len(messages) == most
        return self._behind

    def _gauge(self) -> None:
        now = self._monotonic()
        if now >= self._next_gauge:
            self._next_gauge = now + _GAUGE_EVERY
            lag = self._trying(self.lag)
            self._metrics.set("rollcall_sink_lag_messages", lag)
            self._trying(partial(self._minutes.tell, lag))

    def _trying(self, effect: Callable[[], T]) -> T:
        done = retrying(effect, self._seconds, self._stop, self._outage.failed, self._monotonic)
        self._outage.over()
        return done

    def _seconds(self, error: Exception) -> float:
        """How long such an error is waited out."""
        if isinstance(error, StoreUnavailable) and not error.is_lost:
            return self._store_seconds
        return self._retry_seconds
