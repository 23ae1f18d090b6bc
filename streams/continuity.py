"""That the worker is given every message of its partitions, one after the other (ADR 15).

A message that never comes is acknowledged all the same by a later one of its partition, and lost. Faust
notices nothing of that, so the worker does.
"""

from __future__ import annotations

from typing import Protocol


class Places(Protocol):
    """What the log says of the records' topic; both calls block, and raise LogUnavailable."""

    def acknowledged(self, partition: int) -> int:
        """The offset that the worker's group would read next."""

    def first_from(self, partition: int, offset: int) -> int:
        """The offset of the first message from `offset` on, or the end."""


class Continuity:
    """Where the next message of each partition is to be found."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._next: dict[int, int] = {}

    def is_next(self, partition: int, offset: int) -> bool:
        """Whether it is the next one, or one that comes again; otherwise `skipped` has to ask the log."""
        return offset <= self._next.get(partition, -1)

    def skipped(self, partition: int, offset: int) -> int:
        """Offsets from the first message that was not given to the one at `offset`; 0 if none is missing.

        An offset without a message, as retention and transactions leave them, is nothing that is missing.
        Raises LogUnavailable.
        """
        if partition not in self._next:
            self._next[partition] = self._places.acknowledged(partition)
        expected = self._next[partition]
        if offset <= expected:
            return 0
        return max(0, offset - self._places.first_from(partition, expected))

    def given(self, partition: int, offset: int) -> None:
        """The message has been given to the worker; one that comes again changes nothing."""
        self._next[partition] = max(self._next.get(partition, 0), offset + 1)

    def forget(self) -> None:
        """The partitions were assigned anew, and begin where the group has acknowledged."""
        self._next.clear()
