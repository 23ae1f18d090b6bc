"""What a worker's process notes of itself while it works: time, computing time and memory."""

from __future__ import annotations

import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from infra.metrics import Metrics
from infra.running.observer import MetricsObserver
from models.columns import Kind
from streams.event_log import Message
from streams.processor import Plan

_STATM = Path("/proc/self/statm")


class Mark(NamedTuple):
    """An instant of this process: seconds on the clock, and seconds of computing, of all its threads."""

    clock: float
    computing: float


def now() -> Mark:
    """This instant."""
    return Mark(time.perf_counter(), time.process_time())


def memory() -> int:
    """The bytes of memory that this process has now; where the system does not tell, the most it ever had."""
    if _STATM.exists():
        return int(_STATM.read_text().split()[1]) * resource.getpagesize()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


class Window:
    """What the attendance messages took, without the preparation of other districts that came in between.

    `noted` is told of each message, whether it counts. `extend` adds what is done after the last message.
    """

    def __init__(self, messages: int, noted: Callable[[bool], None] = lambda _: None) -> None:
        self._left = messages
        self._noted = noted
        self._last = now()
        self.events = 0
        self.clock = self.computing = 0.0

    def note(self, kind: bytes, events: int) -> bool:
        """A message is done; whether it was the last one."""
        counts = kind == Kind.ATTENDANCE.value.encode()
        if counts:
            self.events += events
            self.extend(now())
        else:
            self._last = now()
        self._noted(counts)
        self._left -= 1
        return self._left == 0

    def extend(self, until: Mark) -> None:
        """All since the last message counts too."""
        self.clock += until.clock - self._last.clock
        self.computing += until.computing - self._last.computing
        self._last = until


class Watch(MetricsObserver):
    """The worker's own observer, which also notes; sets `stop` after the last of `messages`, if given."""

    def __init__(
        self,
        metrics: Metrics,
        messages: int,
        stop: threading.Event | None = None,
        noted: Callable[[bool], None] = lambda _: None,
    ) -> None:
        super().__init__(metrics)
        self.window = Window(messages, noted)
        self.memory_at_first = self.memory_at_last = 0
        self.first_taken = 0.0
        self.written = 0
        self.first_of: dict[bytes, float] = {}
        self._stop = stop

    def done(self, message: Message, plan: Plan, seconds: float) -> None:
        """A message has been dealt with."""
        super().done(message, plan, seconds)
        if not self.memory_at_first:
            self.memory_at_first = memory()
            self.first_taken = time.time() - seconds
        self.first_of.setdefault(message.key or b"", time.time())
        self.written += sum(len(key) + len(value) for key, value in plan.writes)
        kind = dict(message.headers)["kind"]
        if self.window.note(kind, sum(map(len, plan.judged.valid.values()))):
            self.memory_at_last = memory()
            if self._stop is not None:
                self._stop.set()
