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
    """Counts the events after the last message of the preparation, which is when the measuring begins."""

    def __init__(self, messages: int, began: Callable[[], None] = lambda: None) -> None:
        self._left = messages
        self._began = began
        self.events = 0
        self.start = self.end = now()

    def note(self, kind: bytes, events: int) -> bool:
        """A message is done; whether it was the last one."""
        self._left -= 1
        if kind == Kind.ATTENDANCE.value.encode():
            self.events += events
        else:
            self.events = 0
            self.start = now()
            self._began()
        if self._left == 0:
            self.end = now()
        return self._left == 0


class Watch(MetricsObserver):
    """The worker's own observer, which also notes; sets `stop` after the last of `messages`, if given."""

    def __init__(
        self, metrics: Metrics, messages: int, stop: threading.Event | None, began: Callable[[], None]
    ) -> None:
        super().__init__(metrics)
        self.window = Window(messages, began)
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
