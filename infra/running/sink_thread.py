"""The sink in a thread of its own, with its own connections to the log and the store."""

from __future__ import annotations

import threading

import structlog

from infra.clickhouse.derived import work_out_if_needed
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store, open_store
from infra.clickhouse.unavailable import StoreUnavailable
from infra.event_logs import open_log
from infra.metrics import Metrics
from infra.policy_file import load_policies
from infra.releases.schedule import Schedule as Releases
from infra.settings import Settings
from infra.verify.run import Schedule
from streams.event_log import EventLog, LogUnavailable
from streams.topics import RECORDS

_log = structlog.get_logger()


class SinkThread(threading.Thread):
    """Runs the sink until `stop` is set. `failure` is what ended it otherwise, and sets `stop`."""

    def __init__(self, settings: Settings, metrics: Metrics, stop: threading.Event) -> None:
        super().__init__(name="sink", daemon=True)
        self.failure: Exception | None = None
        self._settings = settings
        self._metrics = metrics
        self._stop_event = stop

    def run(self) -> None:
        """Store facts and alerts."""
        try:
            self._sink()
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
            with open_store(self._settings) as store:
                _follow(log, store)
                work_out_if_needed(store)
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
                    idle=idle,
                ).run(self._stop_event)
        finally:
            log.close()


def _follow(log: EventLog, store: Store) -> None:
    """Raises StoreUnavailable where the store follows another log: its facts would win over this one's."""
    newest = store.newest_version()
    if newest >= max(log.end(RECORDS.name, partition) for partition in range(log.partitions(RECORDS.name))):
        raise StoreUnavailable(
            "the analytics store holds facts of another event log, which would win over those of this one; "
            "move the store away (it fills again from this log), or put back the log that it belongs to"
        )
