"""`rollcall web`: the API as a process of its own."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import structlog

from infra.clickhouse.client import open_client
from infra.metrics import Metrics
from infra.running.parts import Failed
from infra.running.serving_metrics import served
from infra.running.signals import told_by_signals
from infra.serving.tokens_file import TokensFile
from infra.serving.web_thread import WebThread
from infra.settings import Settings
from infra.version import VERSION

_log = structlog.get_logger()


def serve_alone(settings: Settings, stop: threading.Event | None = None) -> None:
    """Serve until a signal, or until `stop` is set. Raises Failed, TokensInvalid, CodesInvalid,
    StoreUnavailable.

    An embedded store that cannot be opened is told at once, because it has to be another process that has it;
    a server may come later.
    """
    stop = stop or threading.Event()
    if settings.api_tokens_file is None:
        raise Failed("the API needs ROLLCALL_API_TOKENS_FILE; `rollcall token` makes an entry for it")
    tokens = TokensFile(settings.api_tokens_file)
    if settings.chdb_path is not None:
        open_client(settings).close()
    metrics = Metrics(VERSION)
    with ExitStack() as stack:
        if settings.metrics_port:
            stack.enter_context(served(metrics, settings))
        stack.enter_context(told_by_signals(stop))
        web = WebThread(settings, metrics, tokens, stop)
        web.start()
        stop.wait()
        web.end()
    if web.failure is not None:
        raise Failed(f"the API has ended: {web.failure}") from web.failure
    _log.info("process_stopped")
