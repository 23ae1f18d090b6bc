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
    seconds: Callable[[Exception], float],
    stop: threading.Event,
    failed: Callable[[Exception], None],
    monotonic: Callable[[], float] = time.monotonic,
) -> T:
    """The effect's result. `failed` is called with the error after each try that failed.

    Raises what the effect raised last, StoreUnavailable or LogUnavailable, once the `seconds` that such an
    error may last have passed (infinity: never; 0: at once), and Stopped as soon as `stop` is set.
    """
    begun = monotonic()
    pause = FIRST_PAUSE
    while True:
        try:
            return effect()
        except (StoreUnavailable, LogUnavailable) as error:
            failed(error)
            if stop.is_set():
                raise Stopped from None
            left = begun + seconds(error) - monotonic()
            if left <= 0:
                raise
        if stop.wait(min(pause, left)):
            raise Stopped
        pause = min(2 * pause, LONGEST_PAUSE)
