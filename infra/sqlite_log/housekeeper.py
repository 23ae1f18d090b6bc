"""The thread that keeps house beside the worker, in small steps and with a connection of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from infra.sqlite_log import housekeeping
from infra.sqlite_log.clock import wall_ms
from infra.sqlite_log.connection import Synchronous, connect
from infra.sqlite_log.errors import said_clearly
from infra.sqlite_log.housekeeping import Removed
from streams.event_log import LogUnavailable


class Housekeeper:
    """Keeps house in the log at `path` every `every_seconds`, the first time when so much has passed.

    After each step, a transaction of some milliseconds, it waits as long as the step took, so that publishers
    have the file for at least half of the time. `told` is called in its thread after each round, with what
    was removed, or with the LogUnavailable that ended the round; the next round comes all the same.
    """

    def __init__(
        self,
        path: Path,
        *,
        synchronous: Synchronous = "FULL",
        every_seconds: float = 60.0,
        told: Callable[[Removed | LogUnavailable], None] = lambda outcome: None,
        now_ms: Callable[[], int] = wall_ms,
    ) -> None:
        self._path = path
        self._synchronous = synchronous
        self._every_seconds = every_seconds
        self._told = told
        self._now_ms = now_ms
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeper", daemon=True)

    def start(self) -> None:
        """Begin; once only."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step in hand, and wait for that; what is left undone is due the next time."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._every_seconds):
            try:
                outcome: Removed | LogUnavailable = self._round()
            except LogUnavailable as error:
                outcome = error
            self._told(outcome)

    def _round(self) -> Removed:
        removed = Removed()
        with said_clearly(self._path):
            # Opened anew each time: a connection that stands idle for a year costs, and can go stale.
            connection = connect(self._path, self._synchronous)
            try:
                began = time.monotonic()
                for step in housekeeping.steps(connection, self._now_ms()):
                    removed = removed.plus(step)
                    if self._stopped.wait(time.monotonic() - began):
                        break
                    began = time.monotonic()
            finally:
                connection.close()
        return removed
