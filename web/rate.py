"""How many requests a token may make: a bucket of requests a token, filled evenly."""

from __future__ import annotations

import math


class Rate:
    """`a_second` requests a second for each name, and up to `burst` at once. For one thread."""

    def __init__(self, a_second: float, burst: int) -> None:
        self._a_second = a_second
        self._burst = burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, name: str, now: float) -> int:
        """Take a request at `now` (seconds of a clock that never goes back): 0, or how many seconds to wait.

        Who is told to wait has taken none.
        """
        left, at = self._buckets.get(name, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._a_second)
        if left < 1:
            self._buckets[name] = (left, now)
            return math.ceil((1 - left) / self._a_second)
        self._buckets[name] = (left - 1, now)
        return 0
