"""The event log that the settings name, and its topics."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from infra.settings import Settings
from infra.sqlite_log.log import SqliteLog
from infra.topics_check import check_kept, check_topics
from streams.event_log import EventLog
from streams.topics import CHANGELOG, RECORDS, TOPICS, Topic

STATE = Topic(CHANGELOG, compact=True)
EVERY_TOPIC = (*TOPICS, STATE)


@contextmanager
def event_log(settings: Settings) -> Iterator[EventLog]:
    """The log with all topics there, closed at the end. Raises LogUnavailable."""
    log = open_log(settings)
    try:
        make_topics(log, settings.partitions)
        check_topics(log, EVERY_TOPIC, log.partitions(RECORDS.name))
        check_kept(log, EVERY_TOPIC)
        yield log
    finally:
        log.close()


def open_log(settings: Settings) -> EventLog:
    """A connection of its own to the log. Raises LogUnavailable."""
    path = settings.sqlite_path
    if path is None:
        # Here, because the embedded default need not load Kafka's client.
        from infra.kafka_log.log import KafkaLog

        return KafkaLog(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return SqliteLog(path, synchronous=settings.sqlite_sync)


def make_topics(log: EventLog, partitions: int) -> None:
    """Create what is missing; a topic that is there keeps its partitions."""
    for topic in EVERY_TOPIC:
        log.create(topic.name, partitions, compact=topic.compact, retention_ms=topic.retention_ms)
