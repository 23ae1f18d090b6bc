"""How far a consumer group has come in each partition, and how far it has to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from streams.event_log import EventLog
from streams.topics import CHANGELOG

Place = tuple[str, int]
"""A topic and a partition."""

_log = structlog.get_logger()


class Positions:
    """The offsets that a group reads next, for all partitions of some topics. Calls raise LogUnavailable."""

    def __init__(self, log: EventLog, group: str, topics: Sequence[str]) -> None:
        self._log = log
        self._group = group
        self._topics = topics
        self._committed: dict[Place, int | None] = {}
        self._next: dict[Place, int] = {}

    def load(self) -> Mapping[Place, int]:
        """What is read next. Read from the log at first; then known, for one process has the group."""
        for topic in self._topics:
            for partition in range(self._log.partitions(topic)):
                if (topic, partition) not in self._next:
                    self._begin((topic, partition))
        return self._next

    def _begin(self, place: Place) -> None:
        committed = self._log.committed(self._group, *place)
        beginning = self._log.beginning(*place)
        lost = beginning - (committed or 0)
        # What is compacted away was replaced by something newer, which is there.
        if lost > 0 and place[0] != CHANGELOG:
            topic, partition = place
            _log.error(
                "messages_expired_before_they_were_stored", topic=topic, partition=partition, messages=lost
            )
        self._committed[place] = committed
        self._next[place] = max(committed or 0, beginning)

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
