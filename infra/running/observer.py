"""What the worker does, as metrics."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection

from alerts.engine import Engine
from infra.metrics import Metrics
from models.refusal import Reason
from streams.event_log import EventLog, Message
from streams.processor import Plan
from streams.topics import APP_ID, RECORDS


class MetricsObserver:
    """Counts what was dealt with (streams.worker_app.Observer); `messages` are all of them."""

    def __init__(self, metrics: Metrics, wall: Callable[[], float] = time.time) -> None:
        self._metrics = metrics
        self._wall = wall
        self.messages = 0

    def done(self, message: Message, plan: Plan, seconds: float) -> None:
        """A message has been dealt with."""
        metrics = self._metrics
        self.messages += 1
        metrics.count("rollcall_messages_total", outcome=plan.outcome)
        metrics.observe("rollcall_message_seconds", seconds)
        metrics.set("rollcall_last_progress_timestamp_seconds", self._wall())
        accepted = sum(map(len, plan.judged.valid.values()))
        metrics.count("rollcall_records_total", accepted, outcome="accepted")
        metrics.count("rollcall_records_total", len(plan.judged.refused), outcome="refused")
        for refused in plan.judged.refused:
            metrics.count("rollcall_refused_total", reason=refused.reason)
        metrics.count("rollcall_refused_total", plan.set_aside, reason=Reason.UNMAPPED_CODE.value)
        metrics.count("rollcall_forwarded_total", plan.judged.forwarded)
        for (rule, change), times in Counter((event.rule, event.change) for event in plan.events).items():
            metrics.count("rollcall_alerts_total", times, rule=rule, change=change)


class WorkerGauges:
    """How far the worker is: set from time to time, not with each message."""

    def __init__(self, metrics: Metrics, log: EventLog) -> None:
        self._metrics = metrics
        self._log = log

    def set(self, engines: list[Engine], state_bytes: int, partitions: Collection[int]) -> int:
        """Read the ends and the worker's places on its partitions; how many messages wait there.

        Raises LogUnavailable.
        """
        lag = done = 0
        for partition in partitions:
            end = self._log.end(RECORDS.name, partition)
            committed = self._log.committed(APP_ID, RECORDS.name, partition)
            place = self._log.beginning(RECORDS.name, partition) if committed is None else committed
            lag += end - place
            done += place
        self._metrics.set("rollcall_lag_messages", lag)
        self._metrics.set("rollcall_committed_offset", done)
        self._metrics.set("rollcall_students", sum(len(engine.ledger.students) for engine in engines))
        self._metrics.set("rollcall_students_concerned", sum(engine.concerned for engine in engines))
        self._metrics.set("rollcall_students_judged", sum(engine.judged for engine in engines))
        self._metrics.set("rollcall_state_bytes", state_bytes)
        return lag
