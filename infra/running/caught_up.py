"""Whether everything that was published has been processed and stored."""

from __future__ import annotations

from infra.clickhouse.sink import SINK_GROUP
from streams.event_log import EventLog
from streams.topics import ALERTS, APP_ID, CHANGELOG, FACTS, PUBLISHED, RECORDS

# The worker's records first: facts, alerts and state are published before a record is acknowledged, so that
# their ends are final once it is.
PLACES = (
    (APP_ID, RECORDS.name),
    (SINK_GROUP, FACTS.name),
    (SINK_GROUP, ALERTS.name),
    (SINK_GROUP, PUBLISHED.name),
    (SINK_GROUP, CHANGELOG),
)


def caught_up(log: EventLog) -> bool:
    """Whether worker and sink have acknowledged all that is in the log."""
    return all(waiting(log, group, topic) == 0 for group, topic in PLACES)


def waiting(log: EventLog, group: str, topic: str) -> int:
    """How many offsets of a topic a group has not acknowledged."""
    left = 0
    for partition in range(log.partitions(topic)):
        end = log.end(topic, partition)
        committed = log.committed(group, topic, partition)
        left += end - (log.beginning(topic, partition) if committed is None else min(committed, end))
    return left
