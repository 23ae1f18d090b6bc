"""A worker in a process of its own whose program a test has changed, and waiting for what it does."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from streams.event_log import EventLog
from streams.topics import APP_ID, RECORDS
from tests.support.command import CHECKOUT, Rollcall


@contextmanager
def odd_worker(program: str, rollcall: Rollcall, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a module of tests/integration as the worker of a home; it is killed in the end."""
    worker = subprocess.Popen(
        [sys.executable, "-m", f"tests.integration.{program}", *words],
        env=rollcall.environment, cwd=CHECKOUT, text=True, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate(timeout=60)


def wait_until(reached: Callable[[], bool], worker: subprocess.Popen[str]) -> None:
    """Wait for something that a worker does; it fails where the worker ends first, or after two minutes."""
    deadline = time.monotonic() + 120
    while not reached() and worker.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert reached(), worker.poll()


def waiting(log: EventLog) -> int:
    """How many messages of the first partition the worker has not acknowledged."""
    return log.end(RECORDS.name, 0) - (log.committed(APP_ID, RECORDS.name, 0) or 0)
