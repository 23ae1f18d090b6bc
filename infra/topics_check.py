"""Whether the topics are as the settings say, asked at the start: nothing is created by the way."""

from __future__ import annotations

from collections.abc import Iterable

from streams.event_log import EventLog, LogUnavailable
from streams.topics import Topic


def check_topics(log: EventLog, topics: Iterable[Topic], partitions: int) -> None:
    """Raises LogUnavailable that names each topic that is missing or has another number of partitions.

    All have one number: a district's key then means the same partition in each of them, and a worker's table
    stands beside its input.
    """
    faults = []
    for topic in topics:
        found = log.partitions(topic.name)
        if not found:
            faults.append(f"{topic.name} is missing")
        elif found != partitions:
            faults.append(f"{topic.name} has {found} partitions")
    if faults:
        raise LogUnavailable(
            f"all topics need {partitions} partitions: {', '.join(faults)}; make them alike, "
            "or begin anew with topics that do not exist yet"
        )
