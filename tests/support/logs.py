"""The event log of a command's home, and what the port leaves out: a partition of one's own choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from infra.event_logs import event_log
from infra.settings import load
from infra.sqlite_log.log import SqliteLog
from infra.sqlite_log.stored import Entry
from streams.event_log import EventLog, Outgoing
from tests.support.command import Rollcall


@contextmanager
def log_of(rollcall: Rollcall, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventLog]:
    """The event log that the commands use."""
    with monkeypatch.context() as patched:
        for name, value in rollcall.environment.items():
            if name.startswith("ROLLCALL_"):
                patched.setenv(name, value)
        settings = load()
    with event_log(settings) as log:
        yield log


def ends(log: EventLog, topic: str) -> dict[int, int]:
    """The end of each partition."""
    return {partition: log.end(topic, partition) for partition in range(log.partitions(topic))}


def append_to(rollcall: Rollcall, log: EventLog, topic: str, partition: int, message: Outgoing) -> None:
    """Append to a partition, whatever the key says."""
    key, value, headers = message
    if isinstance(log, SqliteLog):
        log.append_entries([Entry(topic, partition, 0, key, value, headers)])
        return
    from kafka import KafkaProducer  # type: ignore[import-untyped]  # it comes without types

    producer = KafkaProducer(bootstrap_servers=rollcall.broker.removeprefix("kafka://"))
    producer.send(topic, key=key, value=value, headers=list(headers), partition=partition).get(30)
    producer.close()
