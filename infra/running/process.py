"""One process of Rollcall: worker, sink or both, from start to a clean stop."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, NoReturn

import structlog

from infra.event_logs import event_log, open_log
from infra.metrics import Metrics
from infra.policy_file import load_policies
from infra.running.caught_up import caught_up
from infra.running.collector import collect_rarely
from infra.running.expired import expired_unread
from infra.running.lateness import LateWatch
from infra.running.long_messages import LongMessages
from infra.running.observer import MetricsObserver, WorkerGauges
from infra.running.parts import Failed, Parts
from infra.running.places import LogPlaces
from infra.running.progress import Progress
from infra.running.refusals import RefusalWatch
from infra.running.serving_metrics import served
from infra.running.signals import told_by_signals
from infra.running.silent_districts import SilentDistricts
from infra.running.sink_thread import SinkThread
from infra.running.transport import broker_options, housekeeping, worker_lock
from infra.settings import Settings
from infra.sqlite_log.partition import partition_of
from infra.version import VERSION
from streams.event_log import EventLog, LogUnavailable
from streams.topics import RECORDS
from streams.worker_app import Worker, WorkerOptions

if TYPE_CHECKING:
    from infra.serving.web_thread import WebThread

_log = structlog.get_logger()
_POLL = 0.2
_GAUGES_EVERY = 5.0
_REFUSALS_EVERY = 60.0


def fatal(why: str) -> NoReturn:
    """End at once, without acknowledging anything more; whoever supervises starts the process again."""
    print(f"rollcall: {why}", file=sys.stderr, flush=True)
    os._exit(1)


def run(settings: Settings, parts: Parts, stop: threading.Event | None = None) -> None:
    """Run until a signal, until `stop` is set, or until caught up. Raises Failed, LogUnavailable."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    metrics = Metrics(VERSION)
    stop = stop or threading.Event()
    with ExitStack() as stack:
        if parts.worker:
            stack.enter_context(worker_lock(settings))
        log = stack.enter_context(event_log(settings))
        if settings.metrics_port:
            stack.enter_context(served(metrics, settings))
        stack.enter_context(told_by_signals(stop))
        # Its address and tokens first: where one of them is wrong, nothing starts.
        web = _web(settings, metrics, stop) if parts.web and settings.web_port else None
        sink = SinkThread(settings, metrics, stop, parts.until_caught_up) if parts.sink else None
        if sink is not None:
            sink.start()
        if web is not None:
            web.start()
        try:
            if parts.worker:
                asyncio.run(_work(settings, parts, metrics, stop, sink, log))
            else:
                _wait(settings, parts, stop, sink)
        finally:
            stop.set()
            if web is not None:
                web.end()
            if sink is not None:
                sink.join(settings.shutdown_seconds)
        for part in (sink, web):
            if part is not None and part.failure is not None:
                raise Failed(str(part.failure)) from part.failure
    _log.info("process_stopped")


def _web(settings: Settings, metrics: Metrics, stop: threading.Event) -> WebThread:
    """The API, not started yet. Raises Failed, TokensInvalid, CodesInvalid."""
    # Here, because a process that serves no API need load no web framework.
    from infra.serving.tokens_file import TokensFile
    from infra.serving.web_thread import WebThread

    assert settings.api_tokens_file is not None  # a port is not taken without it
    return WebThread(settings, metrics, TokensFile(settings.api_tokens_file), stop)


async def _work(
    settings: Settings,
    parts: Parts,
    metrics: Metrics,
    stop: threading.Event,
    sink: SinkThread | None,
    log: EventLog,
) -> None:
    partitions = log.partitions(RECORDS.name)
    observer = MetricsObserver(metrics)
    policy_of = load_policies(settings.policy_file)
    expired = expired_unread(log, range(partitions))
    if expired:
        _log.error("messages_expired_before_they_were_processed", messages=expired)
    broker = broker_options(settings)
    worker = Worker(
        WorkerOptions(
            broker=broker.url,
            partitions=partitions,
            datadir=str(settings.home / "faust"),
            policy_of=policy_of,
            partition_of=lambda key: partition_of(key, partitions),
            places=LogPlaces(log),
            brake_after=settings.brake_after,
            retry_seconds=settings.retry_seconds,
            observer=observer,
            fatal=fatal,
            append=broker.append,
            extra=broker.extra,
        )
    )
    with housekeeping(settings):
        collect_rarely()
        try:
            await worker.app.start()
            _log.info("worker_started", partitions=partitions)
            late = LateWatch(metrics, policy_of)
            await _watch(settings, parts, metrics, stop, sink, worker, observer, late)
        finally:
            try:
                await asyncio.wait_for(worker.app.stop(), settings.shutdown_seconds)
            except TimeoutError:
                fatal(
                    "the message in hand was not done within ROLLCALL_SHUTDOWN_SECONDS; it will be repeated"
                )


async def _watch(
    settings: Settings,
    parts: Parts,
    metrics: Metrics,
    stop: threading.Event,
    sink: SinkThread | None,
    worker: Worker,
    observer: MetricsObserver,
    late: LateWatch,
) -> None:
    """Return when it is time to stop."""
    log = open_log(settings)
    gauges = WorkerGauges(metrics, log)
    refusals = RefusalWatch(metrics, log)
    loop = asyncio.get_running_loop()
    next_gauges = next_refusals = loop.time()
    long_messages = LongMessages()
    silent = SilentDistricts(worker, log.partitions(RECORDS.name))
    progress = Progress(settings.stalled_seconds, loop.time())
    try:
        while not stop.is_set():
            if worker.app.should_stop or worker.app.crashed:
                reason = worker.app.crash_reason
                if isinstance(reason, LogUnavailable):
                    raise reason
                raise Failed("the worker has stopped by itself; the log lines above say why")
            if sink is not None and sink.failure is not None:
                return
            if parts.until_caught_up and await asyncio.to_thread(_caught_up, log, sink):
                return
            if loop.time() >= next_gauges:
                next_gauges = loop.time() + _GAUGES_EVERY
                engines = list(worker.processor.engines)
                # Without any, all count: who waits for partitions while messages wait may wait for ever.
                mine = worker.partitions() or set(range(log.partitions(RECORDS.name)))
                long_messages.tell(worker.turns.waiting(), worker.processor.progress)
                waiting = await asyncio.to_thread(gauges.set, engines, worker.store.bytes, mine)
                if progress.stalled(loop.time(), observer.messages, waiting, worker.turns.count > 0):
                    fatal(
                        f"{waiting} messages wait, and none was done within ROLLCALL_STALLED_SECONDS; "
                        "started again, the worker goes on where it stopped"
                    )
            if loop.time() >= next_refusals:
                next_refusals = loop.time() + _REFUSALS_EVERY
                await asyncio.to_thread(refusals.look)
            # A call that ends when it has caught up is not there to be watched.
            watched = not parts.until_caught_up
            if watched and late.due() and worker.recovered and not worker.in_thread and silent.all_read():
                late.look(worker.processor.engines)
            await asyncio.sleep(_POLL)
    finally:
        log.close()


def _wait(settings: Settings, parts: Parts, stop: threading.Event, sink: SinkThread | None) -> None:
    """Without a worker in this process: wait for the sink."""
    log = open_log(settings)
    try:
        while not stop.wait(_POLL):
            if sink is None or sink.failure is not None or (parts.until_caught_up and _caught_up(log, sink)):
                return
    finally:
        log.close()


def _caught_up(log: EventLog, sink: SinkThread | None) -> bool:
    """Whether all is done; before the sink follows, the log may say more than a lost store has."""
    return (sink is None or sink.follows.is_set()) and caught_up(log)
