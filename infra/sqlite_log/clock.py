"""The time of the log."""

from __future__ import annotations

import time


def wall_ms() -> int:
    """The time now, in milliseconds since 1970 (UTC)."""
    return time.time_ns() // 1_000_000
