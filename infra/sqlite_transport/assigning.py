"""All partitions go to the one worker, by way of Faust's own assignor.

Faust reads from its assignor which tables to recover and where a key is kept. With Kafka the group's leader
asks it for the assignment of each member, and each member hands it its own; here both are this process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faust.types import TP

_MEMBER = "worker"


class _Cluster:
    """What the assignor asks of Kafka's metadata."""

    def __init__(self, partitions: Mapping[str, int]) -> None:
        self._partitions = partitions

    def partitions_for_topic(self, topic: str) -> set[int]:
        return set(range(self._partitions[topic]))


def assign(assignor: Any, partitions: Mapping[str, int]) -> set[TP]:
    """Assign all partitions of the topics (name: how many) to this process, and return them."""
    member = assignor.metadata(set(partitions))
    assignment = assignor.assign(_Cluster(partitions), {_MEMBER: member})[_MEMBER]
    assignor.on_assignment(assignment)
    return {TP(topic, number) for topic, numbers in assignment.assignment for number in numbers}
