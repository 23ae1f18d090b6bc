"""What was published of a student's alerts, from the topic that keeps everything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from infra.snapshot import read_all
from streams.alerts_message import unpack
from streams.event_log import EventLog
from streams.topics import ALERTS

HistoryRow = dict[str, str]


def history(log: EventLog, district: str, student: str) -> Iterator[HistoryRow]:
    """Each change of each alert once, in the order in which it was published.

    A message that this version cannot read is passed over; the sink lists it as refused.
    """
    seen = set()
    for partition in range(log.partitions(ALERTS.name)):
        for message in read_all(log, ALERTS.name, partition, log.beginning(ALERTS.name, partition)):
            if message.key != district.encode() or message.value is None:
                continue
            try:
                events = unpack(message.value)
            except (ValueError, KeyError, TypeError):
                continue
            for event in events:
                if event.student_id == student and event.event_id not in seen:
                    seen.add(event.event_id)
                    yield {
                        "published_at": _instant(message.timestamp_ms),
                        "rule": event.rule,
                        "change": event.change,
                        "opened_on": event.opened_on,
                        "recovered_on": event.recovered_on,
                        "enrolled_days": str(event.enrolled_days),
                        "absent_days": str(event.absent_days),
                        "data_through": event.data_through,
                        "alert_id": event.alert_id,
                    }


def _instant(timestamp_ms: int) -> str:
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC).isoformat(timespec="seconds")
