"""Whether a process makes progress, for Docker's HEALTHCHECK: 0 healthy, 1 not.

That a process exists says nothing: a consumer that has lost its broker exists too. So it is asked for its
metrics, and is unhealthy where messages wait and none was done for ROLLCALL_STALLED_SECONDS. Standard library
only, because it starts every half minute and must not load what the worker loads.
"""

from __future__ import annotations

import os
import re
import sys
import time
import urllib.request

PROGRESS = "rollcall_last_progress_timestamp_seconds"
WAITING = ("rollcall_lag_messages", "rollcall_sink_lag_messages")

_SAMPLE = re.compile(r"^(rollcall_[a-z_]+) ([0-9.e+-]+)$", re.MULTILINE)


def healthy(exposition: str, now: float, stalled_seconds: float) -> bool:
    """Whether a scrape (Prometheus's text format) shows progress at `now`, in Unix seconds.

    A scrape without the metrics is not healthy. Before its first message a process has no progress to show;
    it then has as long as Docker's start period.
    """
    found = {name: float(value) for name, value in _SAMPLE.findall(exposition)}
    if PROGRESS not in found or not all(name in found for name in WAITING):
        return False
    waits = any(found[name] > 0 for name in WAITING)
    return not waits or now - found[PROGRESS] <= stalled_seconds


def main() -> int:
    """Ask the process in this container, at the port that ROLLCALL_METRICS_PORT says."""
    url = f"http://127.0.0.1:{int(os.environ['ROLLCALL_METRICS_PORT'])}/metrics"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            exposition = answer.read().decode()
    except OSError:
        return 1
    return (
        0 if healthy(exposition, time.time(), float(os.environ.get("ROLLCALL_STALLED_SECONDS") or 120)) else 1
    )


if __name__ == "__main__":
    sys.exit(main())
