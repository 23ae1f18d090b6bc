"""Whether a store can follow a log: it is this log's, and the log still has all that the store lacks."""

from __future__ import annotations

import structlog

from infra.clickhouse.positions import Positions
from infra.clickhouse.sink import SINK_GROUP, SINK_TOPICS
from infra.clickhouse.store import Store
from infra.clickhouse.unavailable import StoreUnavailable
from streams.event_log import EventLog
from streams.topics import RECORDS

_log = structlog.get_logger()


def follow(log: EventLog, store: Store) -> None:
    """Set the log back to what the store has, and say by how much.

    Raises LogUnavailable, and StoreUnavailable where the sink must not begin: a store that lacks facts would
    show counts that are too small, and nobody would see that they are.
    """
    newest = store.newest_version()
    if newest >= max(log.end(RECORDS.name, partition) for partition in range(log.partitions(RECORDS.name))):
        raise StoreUnavailable(
            "the analytics store holds facts of another event log, which would win over those of this one; "
            "move the store away (it fills again from this log), or put back the log that it belongs to"
        )
    positions = Positions(log, SINK_GROUP, SINK_TOPICS, store.positions)
    lacking = positions.lacking()
    if lacking:
        raise StoreUnavailable(
            f"the analytics store lacks {lacking} messages of facts or alerts that the event log has removed "
            "for their age; put back a newer backup of the store, or call `rollcall refill`, which publishes "
            "the facts again from what the worker knows"
        )
    again = positions.take_back()
    if again:
        _log.warning("store_is_filled_again", messages=again)
