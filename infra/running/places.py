"""Where the worker's messages are in the log."""

from __future__ import annotations

from streams.event_log import EventLog
from streams.topics import APP_ID, RECORDS


class LogPlaces:
    """What the log says of the records' topic (streams.continuity.Places). Raises LogUnavailable."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def acknowledged(self, partition: int) -> int:
        """The offset that the worker's group would read next."""
        committed = self._log.committed(APP_ID, RECORDS.name, partition)
        return self._log.beginning(RECORDS.name, partition) if committed is None else committed

    def first_from(self, partition: int, offset: int) -> int:
        """The offset of the first message from `offset` on, or the end."""
        kept = max(offset, self._log.beginning(RECORDS.name, partition))
        found = self._log.read(RECORDS.name, partition, kept, limit=1)
        return found[0].offset if found else self._log.end(RECORDS.name, partition)
