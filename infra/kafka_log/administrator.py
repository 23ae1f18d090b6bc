"""Topics and the offsets of groups: what is asked of the brokers rather than read or written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from kafka import KafkaAdminClient, TopicPartition, errors  # type: ignore[import-untyped]  # without types
from kafka.admin import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]  # without types
from kafka.structs import OffsetAndMetadata  # type: ignore[import-untyped]  # it comes without types

# Of a batch as it is stored, that is compressed. The largest of ours are table values of a large school.
MAX_MESSAGE_BYTES = 16 * 1024 * 1024

# A compacted topic is cleaned in closed segments only; small ones keep a recovery short.
COMPACTED_SEGMENT_BYTES = 64 * 1024 * 1024


class Administrator:
    """One connection for administration. Raises errors of kafka-python."""

    def __init__(self, client: KafkaAdminClient) -> None:
        self._client = client

    def create(
        self, topic: str, partitions: int, copies: int, *, compact: bool, retention_ms: int | None
    ) -> None:
        """Create the topic where it is not there, and wait until it can be used."""
        wanted = {
            "num_partitions": partitions,
            "replication_factor": copies,
            "configs": topic_configs(compact, retention_ms),
        }
        # Another process may be first; its topic may not be ready yet.
        with suppress(errors.TopicAlreadyExistsError):
            self._client.create_topics({topic: wanted})
        self._client.wait_for_topics([topic])

    def partitions(self, topic: str) -> int:
        """How many partitions the topic has; 0 where it does not exist."""
        (told,) = self._client.describe_topics([topic])
        kind = errors.for_code(told["error_code"])
        if kind is errors.UnknownTopicOrPartitionError:
            return 0
        if kind is not errors.NoError:
            raise kind(topic)
        return len(told["partitions"])

    def forgets(self, topic: str) -> bool | None:
        """Whether the brokers remove what nothing newer replaces; None where the user may not ask."""
        told = self._client.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic)], config_filter="all"
        )
        # Of a topic that we may not ask about the client says nothing, instead of raising.
        configs = {name: held["value"] for name, held in told.get("topic", {}).get(topic, {}).items()}
        return forgetting(configs) if configs else None

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """The group's committed offset; None before its first commit. The group may have live members."""
        place = TopicPartition(topic, partition)
        held = self._client.list_group_offsets({group: [place]})[group].get(place)
        return None if held is None or held.offset < 0 else int(held.offset)

    def commit(self, group: str, offsets: Mapping[tuple[str, int], int]) -> None:
        """Commit for a group without members."""
        told = self._client.alter_group_offsets(
            group,
            {TopicPartition(*place): OffsetAndMetadata(offset, "", -1) for place, offset in offsets.items()},
        )
        for kind in told.values():
            if kind is not errors.NoError:
                raise kind(group)

    def close(self) -> None:
        """Give the connection back."""
        self._client.close()


def forgetting(configs: Mapping[str, str]) -> bool:
    """Whether a topic with these settings loses messages that nothing newer replaces."""
    removes = "delete" in configs["cleanup.policy"].split(",")
    return removes and (configs["retention.ms"] != "-1" or configs["retention.bytes"] != "-1")


def topic_configs(compact: bool, retention_ms: int | None) -> dict[str, str]:
    """The configuration of a topic as Kafka names it; `min.insync.replicas` is left to the brokers."""
    configs = {
        "cleanup.policy": "delete",
        "retention.ms": "-1" if retention_ms is None else str(retention_ms),
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
    }
    if compact:
        configs["cleanup.policy"] = "compact" if retention_ms is None else "compact,delete"
        configs["segment.bytes"] = str(COMPACTED_SEGMENT_BYTES)
    return configs
