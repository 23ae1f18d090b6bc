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


def check_kept(log: EventLog, topics: Iterable[Topic]) -> None:
    """Raises LogUnavailable that names each topic which is to be kept for ever, and would be emptied.

    A topic that somebody else has made, or changed, would lose refusals, alerts or the state in silence.
    Where the log does not let us ask, nothing is known against it.
    """
    faults = [topic for topic in topics if topic.retention_ms is None and log.forgets(topic.name)]
    if faults:
        told = "; ".join(f"{topic.name} needs {_needs(topic)}" for topic in faults)
        raise LogUnavailable(
            f"some topics are set to lose messages by age or size that have to be kept: {told}. Set that at "
            "the broker (kafka-configs --alter --entity-type topics), then start again"
        )


def _needs(topic: Topic) -> str:
    return "cleanup.policy=compact" if topic.compact else "retention.ms=-1 and retention.bytes=-1"
