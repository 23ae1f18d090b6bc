"""Records that were removed before the worker took them; as only a broker does (docs/operate.md)."""

from __future__ import annotations

from collections.abc import Collection

from streams.event_log import EventLog
from streams.topics import APP_ID, RECORDS


def expired_unread(log: EventLog, partitions: Collection[int]) -> int:
    """Offsets between what the worker has acknowledged and the oldest message that is kept.

    Raises LogUnavailable. A worker that has never acknowledged anything begins at what is kept.
    """
    missing = 0
    for partition in partitions:
        committed = log.committed(APP_ID, RECORDS.name, partition)
        if committed is not None:
            missing += max(0, log.beginning(RECORDS.name, partition) - committed)
    return missing
