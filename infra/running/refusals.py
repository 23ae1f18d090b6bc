"""How many refusals wait to be mended, and since when: read from their topic, only what is new each time."""

from __future__ import annotations

from infra.metrics import Metrics
from streams.event_log import EventLog
from streams.topics import DEAD_LETTERS


class RefusalWatch:
    """Follows the dead letters. What newer records have superseded is only found by `export refused`."""

    def __init__(self, metrics: Metrics, log: EventLog) -> None:
        self._metrics = metrics
        self._log = log
        self._next: dict[int, int] = {}
        self._since: dict[bytes, int] = {}

    def look(self) -> None:
        """Take in what has come, and set the gauges. Blocks; raises LogUnavailable."""
        for partition in range(self._log.partitions(DEAD_LETTERS.name)):
            place = self._next.get(partition, 0)
            while messages := self._log.read(DEAD_LETTERS.name, partition, place):
                for message in messages:
                    self._take(message.key or b"", message.value is None, message.timestamp_ms)
                place = messages[-1].offset + 1
            self._next[partition] = place
        self._metrics.set("rollcall_refusals_listed", len(self._since))
        oldest = min(self._since.values(), default=0)
        self._metrics.set("rollcall_oldest_refusal_timestamp_seconds", oldest / 1000)

    def _take(self, refusal_id: bytes, mended: bool, at_ms: int) -> None:
        if mended:
            self._since.pop(refusal_id, None)
        else:
            self._since.setdefault(refusal_id, at_ms)
