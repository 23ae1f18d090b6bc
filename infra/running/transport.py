"""How the worker reaches the event log: Faust's broker URL, the lock, and the housekeeping on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import structlog

from infra.settings import Settings
from infra.sqlite_log.housekeeper import Housekeeper
from infra.sqlite_log.housekeeping import Removed
from infra.sqlite_transport.place import broker_url
from infra.sqlite_transport.registration import register
from infra.sqlite_transport.worker_lock import lock_for_worker
from streams.appending import Append, one_by_one
from streams.event_log import LogUnavailable

_log = structlog.get_logger()


class Broker(NamedTuple):
    """What Faust is given: `url`, and `extra` settings; and how its producer appends the state."""

    url: str
    extra: Mapping[str, Any]
    append: Append = one_by_one


def broker_options(settings: Settings) -> Broker:
    """The broker of the settings, as Faust takes it."""
    path = settings.sqlite_path
    if path is not None:
        register()
        return Broker(broker_url(path, settings.sqlite_sync), {})
    # Here, because the embedded default need not load Kafka's client.
    from infra.kafka_log.appending import in_batches
    from infra.kafka_log.compression import compress_lightly
    from infra.kafka_log.faust_credentials import faust_credentials

    compress_lightly()
    credentials = faust_credentials(settings)
    extra = {} if credentials is None else {"broker_credentials": credentials}
    return Broker(settings.broker.replace(",", ";kafka://"), extra, in_batches)


@contextmanager
def worker_lock(settings: Settings) -> Iterator[None]:
    """On SQLite: one worker at a time. Raises WorkerAlreadyRuns. On Kafka several share the partitions."""
    path = settings.sqlite_path
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with lock_for_worker(path):
        yield


@contextmanager
def housekeeping(settings: Settings) -> Iterator[None]:
    """On SQLite: retention and compaction from time to time, in a thread. Kafka does its own."""
    path = settings.sqlite_path
    if path is None:
        yield
        return
    keeper = Housekeeper(path, synchronous=settings.sqlite_sync, told=_told)
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


def _told(outcome: Removed | LogUnavailable) -> None:
    if isinstance(outcome, LogUnavailable):
        _log.warning("housekeeping_failed", exc_info=outcome)
