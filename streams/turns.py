"""Whose turn it is: messages of different districts are dealt with side by side, and acknowledged in order.

A change of what a code means may take the better part of a minute for a large district, and the others are
not to wait for it (ADR 21). What stays is the order within a district, and that of the acknowledgements of a
partition: Faust commits behind the newest of them, whatever lies before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

# Of a turn without a message.
_NO_PARTITION = -1


class Turn:
    """A message in hand. `before`: those in hand that it has to wait for.

    `worked_out`: it is applied, and its effects happen before those of whatever is worked out from now on.
    """

    __slots__ = ("_done", "_over", "ack", "before", "districts", "offset", "partition", "worked_out")

    def __init__(
        self, partition: int, offset: int, districts: frozenset[str], ack: Callable[[], object]
    ) -> None:
        self.partition = partition
        self.offset = offset
        self.districts = districts
        self.ack = ack
        self.before: list[Turn] = []
        self.worked_out = False
        self._done = False
        self._over = asyncio.Event()

    @property
    def done(self) -> bool:
        """Whether all of its effects have happened."""
        return self._done

    def is_done(self) -> None:
        """All of its effects have happened."""
        self._done = True
        self._over.set()

    @property
    def may_be_worked_out(self) -> bool:
        """Whether all those before it are worked out."""
        return all(turn.worked_out for turn in self.before)

    async def comes(self) -> None:
        """Wait until those before it are done."""
        for turn in self.before:
            await turn._over.wait()
        self.before.clear()

    def must_wait_for(self, other: Turn) -> bool:
        """Whether the other one, which came first, may concern what this one concerns.

        A message without a district (nothing of it can be used) counts for the brake of its partition, which
        counts in order.
        """
        if self.districts and other.districts:
            return not self.districts.isdisjoint(other.districts)
        return self.partition == other.partition


class Turns:
    """The messages in hand, of each partition in the order in which they came."""

    def __init__(self) -> None:
        self._in_hand: dict[int, list[Turn]] = {}
        self.count = 0
        self._fewer = asyncio.Event()

    def take(self, partition: int, offset: int, districts: frozenset[str], ack: Callable[[], object]) -> Turn:
        """A message has come. `ack` is called once it and all before it in its partition are done."""
        turn = Turn(partition, offset, districts, ack)
        if self.count:
            held = (each for turns in self._in_hand.values() for each in turns)
            turn.before = [each for each in held if not each.done and turn.must_wait_for(each)]
        self._in_hand.setdefault(partition, []).append(turn)
        self.count += 1
        return turn

    def reserve(self, district: str) -> Turn:
        """A turn of a district without a message, such as to read it; also to be said `done`."""
        return self.take(_NO_PARTITION, 0, frozenset((district,)), lambda: None)

    def done(self, turn: Turn) -> None:
        """A message is done: acknowledge what may be."""
        turn.is_done()
        held = self._in_hand[turn.partition]
        while held and held[0].done:
            held.pop(0).ack()
            self.count -= 1
        self._fewer.set()

    async def fewer_than(self, most: int) -> None:
        """Wait until fewer messages than that are in hand."""
        while self.count >= most:
            self._fewer.clear()
            await self._fewer.wait()

    def waiting(self) -> list[Turn]:
        """The messages that are not done, those of a partition in their order."""
        return [
            turn
            for partition, turns in self._in_hand.items()
            for turn in turns
            if partition != _NO_PARTITION and not turn.done
        ]
