"""An effect on the log or the store that fails is tried again: for a time, and not when told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from infra.clickhouse.unavailable import StoreUnavailable
from streams.event_log import LogUnavailable

T = TypeVar("T")

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 5.0


class Stopped(Exception):
    """The process was told to stop while an effect failed; what was in hand is repeated at the next start."""


def retrying(
    effect: Callable[[], T],
    seconds: float,
    stop: threading.Event,
    failed: Callable[[], None],
    monotonic: Callable[[], float] = time.monotonic,
) -> T:
    """The effect's result. `failed` is called after each try that failed.

    Raises what the effect raised last, StoreUnavailable or LogUnavailable, once `seconds` have passed, and
    Stopped as soon as `stop` is set.
    """
    deadline = monotonic() + seconds
    pause = FIRST_PAUSE
    while True:
        try:
            return effect()
        except (StoreUnavailable, LogUnavailable):
            failed()
            if stop.is_set():
                raise Stopped from None
            left = deadline - monotonic()
            if left <= 0:
                raise
        if stop.wait(min(pause, left)):
            raise Stopped
        pause = min(2 * pause, LONGEST_PAUSE)
