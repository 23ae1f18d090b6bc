"""How far a consumer group has come in each partition, and how far it has to go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import structlog

from streams.event_log import EventLog
from streams.topics import CHANGELOG

Place = tuple[str, int]
"""A topic and a partition."""

_log = structlog.get_logger()


class Positions:
    """The offsets that a group reads next, for all partitions of some topics.

    `stored` is what the store says of itself, None where it does not. Where the log was told more than the
    store has, as after a loss of the store or with a backup of it, the store counts. Calls raise
    LogUnavailable, and what `stored` raises.
    """

    def __init__(
        self,
        log: EventLog,
        group: str,
        topics: Sequence[str],
        stored: Callable[[], Mapping[Place, int] | None] = lambda: None,
    ) -> None:
        self._log = log
        self._group = group
        self._topics = topics
        self._stored = stored
        self._committed: dict[Place, int | None] = {}
        self._next: dict[Place, int] = {}

    def load(self) -> Mapping[Place, int]:
        """What is read next. Read from the log at first; then known, for one process has the group."""
        new = [place for place in self._places() if place not in self._next]
        if new:
            stored = self._stored()
            for place in new:
                self._begin(place, stored)
        return self._next

    def lacking(self) -> int:
        """How many messages the log has removed that are not in the store; of the state none is ever."""
        stored = self._stored()
        return sum(
            max(self._log.beginning(*place) - self._reached(place, stored), 0)
            for place in self._places()
            if place[0] != CHANGELOG
        )

    def take_back(self) -> int:
        """Tell the log where it was told more than the store has; how many messages those are."""
        stored = self._stored()
        back = {place: self._reached(place, stored) for place in self._places()}
        told = {place: self._log.committed(self._group, *place) or 0 for place in back}
        less = {place: reached for place, reached in back.items() if reached < told[place]}
        if less:
            self._log.commit(self._group, less)
        return sum(told[place] - reached for place, reached in less.items())

    def _places(self) -> list[Place]:
        return [(topic, n) for topic in self._topics for n in range(self._log.partitions(topic))]

    def _reached(self, place: Place, stored: Mapping[Place, int] | None) -> int:
        committed = self._log.committed(self._group, *place)
        if stored is None:
            return committed or 0
        held = stored.get(place, 0)
        # A broker forgets how far a group had come; the store does not.
        return held if committed is None else min(held, committed)

    def _begin(self, place: Place, stored: Mapping[Place, int] | None) -> None:
        committed = self._log.committed(self._group, *place)
        beginning = self._log.beginning(*place)
        reached = self._reached(place, stored)
        lost = beginning - reached
        # What is compacted away was replaced by something newer, which is there.
        if lost > 0 and place[0] != CHANGELOG:
            topic, partition = place
            _log.error(
                "messages_expired_before_they_were_stored", topic=topic, partition=partition, messages=lost
            )
        self._committed[place] = committed
        self._next[place] = max(reached, beginning)

    def commit(self, reached: Mapping[Place, int]) -> bool:
        """Store how far the group has come; whether it had moved."""
        moved = {place: offset for place, offset in reached.items() if offset != self._committed.get(place)}
        if moved:
            self._log.commit(self._group, moved)
            self._committed.update(moved)
            self._next.update(moved)
        return bool(moved)

    def lag(self) -> int:
        """How many messages lie before the ends."""
        return sum(max(self._log.end(*place) - offset, 0) for place, offset in self.load().items())
