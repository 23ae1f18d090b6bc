"""Rounds of effects: what is worked out while one round is on its way to the log goes out with the next.

The log and its client take as long over a message of one record as over one of five hundred, so several go
together. Their order stays: of two messages the effects of the earlier one are never there later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from streams.event_log import Message
from streams.processor import Plan
from streams.turns import Turn


class Worked(NamedTuple):
    """A message that is applied. `generation` is that of the assignment, `started` a moment of a clock."""

    message: Message
    plan: Plan
    turn: Turn
    generation: int
    started: float


class Rounds:
    """What waits for the next round, and whether one is under way; `bring` does all of one."""

    def __init__(self, bring: Callable[[Sequence[Worked]], Awaitable[None]]) -> None:
        self._bring = bring
        self._waiting: list[Worked] = []
        self._under_way = False
        self._over = asyncio.Event()

    def add(self, worked: Worked) -> bool:
        """It goes out with the next round. Whether nobody runs the rounds yet: then `run` is to be begun."""
        self._waiting.append(worked)
        begins, self._under_way = not self._under_way, True
        return begins

    async def run(self) -> None:
        """Bring one round after the other, until nothing waits. What `bring` raises ends it for good."""
        while self._waiting:
            some, self._waiting = self._waiting, []
            await self._bring(some)
        self._under_way = False
        self._over.set()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            self._over.clear()
            await self._over.wait()
