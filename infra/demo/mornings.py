"""New school days, one every few seconds: each school sends its records, and the alerts are shown."""

from __future__ import annotations

import threading
import time

from infra.demo import messages
from infra.demo.chosen import Chosen
from infra.demo.screen import Screen
from infra.demo.words import written
from infra.simulator.district import District
from infra.snapshot import read_all
from streams.alerts_message import unpack
from streams.event_log import EventLog
from streams.topics import ALERTS, APP_ID, RECORDS

_POLL = 0.05
# The share of a day's seconds in which its records come in.
_MORNING = 0.6
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class Mornings:
    """Streams days from the end of the log on; everything published before has been processed."""

    def __init__(
        self,
        log: EventLog,
        district: District,
        screen: Screen,
        every: float,
        size: int,
        stop: threading.Event,
    ) -> None:
        self._log = log
        self._district = district
        self._screen = screen
        self._every = every
        self._size = size
        self._stop = stop
        self._alerts = log.end(ALERTS.name, 0)
        self._next = log.end(RECORDS.name, 0)
        self._published: dict[int, float] = {}
        self._slowest = 0.0

    def stream(self, first: int) -> None:
        """The school days from `first` on, until the year is over or the demo is stopped."""
        for index in range(first, len(self._district.school_days)):
            begun = time.monotonic()
            self._day(index)
            if self._stop.wait(max(0.0, begun + self._every - time.monotonic())):
                return
        self._screen.say("The school year is over.")

    def _day(self, index: int) -> None:
        day = self._district.school_days[index]
        self._screen.say()
        self._screen.say(f"{_WEEKDAYS[day.weekday()]}, {written(day)}: school day {index + 1}", "bold")
        arriving = messages.morning(self._district, index, self._size)
        chosen = Chosen(self._screen.lines)
        self._published.clear()
        self._slowest = 0.0
        for packed in arriving:
            self._log.append(RECORDS.name, [packed.message])
            self._published[self._next] = time.monotonic()
            self._next += 1
            self._show_for(self._every * _MORNING / len(arriving), chosen)
        while not self._stop.is_set() and (self._log.committed(APP_ID, RECORDS.name, 0) or 0) < self._next:
            self._show_for(_POLL, chosen)
        if not self._stop.is_set():
            self._show(chosen)
            self._close(chosen, sum(packed.records for packed in arriving), len(arriving))

    def _show_for(self, seconds: float, chosen: Chosen) -> None:
        """Show what comes, for some seconds."""
        end = time.monotonic() + seconds
        while not self._stop.is_set():
            self._show(chosen)
            left = end - time.monotonic()
            if left <= 0:
                return
            self._stop.wait(min(_POLL, left))

    def _show(self, chosen: Chosen) -> None:
        for message in read_all(self._log, ALERTS.name, 0, self._alerts):
            self._alerts = message.offset + 1
            events = unpack(message.value or b"")
            for event in chosen.take(events):
                self._screen.alert(event)
            now = time.monotonic()
            for event in events:
                self._slowest = max(self._slowest, now - self._published.get(event.version, now))

    def _close(self, chosen: Chosen, records: int, count: int) -> None:
        """What the day came to."""
        self._screen.rest(chosen.rest)
        seen = f"{chosen.seen:,} changes of alerts" if chosen.seen else "no change of an alert"
        within = f", each here within {self._slowest:.1f} s of its record" if chosen.seen else ""
        self._screen.say(f"  {records:,} records in {count} messages: {seen}{within}", "dim")
