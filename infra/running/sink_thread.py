"""The sink in a thread of its own, with its own connections to the log and the store."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import TypeVar

import structlog

from infra.clickhouse.derived import work_out_if_needed
from infra.clickhouse.following import follow
from infra.clickhouse.outage import Outage
from infra.clickhouse.positions import Positions
from infra.clickhouse.retrying import Stopped, retrying
from infra.clickhouse.sink import SINK_GROUP, SINK_TOPICS, Sink
from infra.clickhouse.store import open_store
from infra.clickhouse.unavailable import StoreAway, StoreUnavailable
from infra.event_logs import open_log
from infra.metrics import Metrics
from infra.policy_file import load_policies
from infra.releases.schedule import Schedule as Releases
from infra.settings import Settings
from infra.verify.run import Schedule
from streams.event_log import EventLog, LogUnavailable

_log = structlog.get_logger()

T = TypeVar("T")


class SinkThread(threading.Thread):
    """Runs the sink until `stop` is set. `failure` is what ended it otherwise, and sets `stop`.

    A store that is away is waited for without end, so that it never ends the worker beside it; with `hasty`
    for the settings' `retry_seconds`, as in a call that somebody waits for. From `follows` on the log says
    how much the store has.
    """

    def __init__(
        self, settings: Settings, metrics: Metrics, stop: threading.Event, hasty: bool = False
    ) -> None:
        super().__init__(name="sink", daemon=True)
        self.failure: Exception | None = None
        self.follows = threading.Event()
        self._settings = settings
        self._metrics = metrics
        self._stop_event = stop
        self._store_seconds = settings.retry_seconds if hasty else math.inf

    def run(self) -> None:
        """Store facts and alerts."""
        try:
            self._sink()
        except Stopped:
            _log.warning("sink_stopped_while_unavailable")
        except (LogUnavailable, StoreUnavailable) as error:
            self.failure = error
        except Exception as error:
            _log.exception("sink_failed")
            self.failure = error
        finally:
            if self.failure is not None:
                self._stop_event.set()

    def _sink(self) -> None:
        log = open_log(self._settings)
        try:
            with ExitStack() as stack:
                store = self._starting(log, lambda: stack.enter_context(open_store(self._settings)))
                self._starting(log, partial(follow, log, store))
                self.follows.set()
                self._starting(log, partial(work_out_if_needed, store))
                policy_of = load_policies(self._settings.policy_file)
                verify = Schedule(store, self._metrics, policy_of, self._settings.verify_hours * 3600)
                releases = Releases(store, self._metrics, policy_of, self._settings.release_every)

                def idle(stop: threading.Event) -> None:
                    verify.idle(stop)
                    releases.idle(stop)

                Sink(
                    log,
                    store,
                    self._metrics,
                    retry_seconds=self._settings.retry_seconds,
                    store_seconds=self._store_seconds,
                    idle=idle,
                ).run(self._stop_event)
        finally:
            log.close()

    def _starting(self, log: EventLog, effect: Callable[[], T]) -> T:
        """Waits for a server that does not answer; whatever else is wrong at the start is told at once."""
        outage = Outage(self._metrics, Positions(log, SINK_GROUP, SINK_TOPICS).lag, time.monotonic)

        def seconds(error: Exception) -> float:
            return self._store_seconds if isinstance(error, StoreAway) else 0

        done = retrying(effect, seconds, self._stop_event, outage.failed)
        outage.over()
        return done
