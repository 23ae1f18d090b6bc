"""The history: published at once, then watched until the worker and the sink have done it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from infra.demo import messages
from infra.demo.messages import Packed
from infra.demo.screen import Screen
from infra.running.caught_up import caught_up
from infra.simulator.district import District
from streams.event_log import EventLog
from streams.topics import APP_ID, RECORDS

# So many messages in one append: one flush of the disk.
_APPEND = 100
_POLL = 0.1


@dataclass(frozen=True, slots=True)
class Took:
    """How long the history took, in seconds from the start of the worker: to its last record, and until all
    was stored."""

    records: int
    processed: float
    stored: float


def publish(
    log: EventLog, district: District, days: int, size: int, stop: threading.Event
) -> list[int] | None:
    """Publish setup and the first so many school days; the records of each message. None when stopped."""
    waiting: list[Packed] = messages.setup(district, size)
    sizes: list[int] = []
    for index in range(days):
        waiting += messages.past_day(district, index, size)
        if len(waiting) >= _APPEND or index == days - 1:
            log.append(RECORDS.name, [packed.message for packed in waiting])
            sizes += [packed.records for packed in waiting]
            waiting = []
        if stop.is_set():
            return None
    return sizes


def watch(log: EventLog, sizes: Sequence[int], screen: Screen, stop: threading.Event) -> Took | None:
    """Show how the worker gets on, then wait for the sink. None when stopped."""
    begun = time.monotonic()
    ends = [0, *accumulate(sizes)]
    with screen.progress(ends[-1]) as told:
        done = 0
        while done < len(sizes):
            if stop.wait(_POLL):
                return None
            done = log.committed(APP_ID, RECORDS.name, 0) or 0
            told(ends[done])
    processed = time.monotonic() - begun
    with screen.waiting("storing the last days and standings in ClickHouse"):
        while not caught_up(log):
            if stop.wait(_POLL):
                return None
    return Took(ends[-1], processed, time.monotonic() - begun)
