"""Rounds of effects go out one after the other, and each takes all that has come meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from streams.rounds import Rounds


def test_a_round_takes_all_that_came_while_the_one_before_was_on_its_way() -> None:
    rounds_held: list[list[Any]] = []

    async def run() -> None:
        async def bring(some: Sequence[Any]) -> None:
            rounds_held.append(list(some))
            if len(rounds_held) == 1:
                assert [rounds.add(number) for number in (2, 3)] == [False, False]  # type: ignore[arg-type]  # numbers
            await asyncio.sleep(0)

        rounds = Rounds(bring)
        assert rounds.add(1)  # type: ignore[arg-type]  # numbers do
        await rounds.run()
        # All is over, so somebody has to begin again.
        assert rounds.add(4)  # type: ignore[arg-type]  # numbers do
        await asyncio.gather(rounds.run(), rounds.idle())

    asyncio.run(run())
    assert rounds_held == [[1], [2, 3], [4]]


def test_after_a_failure_nothing_more_goes_out() -> None:
    async def run() -> None:
        async def bring(some: Sequence[Any]) -> None:
            raise OSError("the log is gone")

        rounds = Rounds(bring)
        rounds.add(1)  # type: ignore[arg-type]  # numbers do
        with pytest.raises(OSError, match="gone"):
            await rounds.run()
        # Nobody is told to run them: what came later must not overtake what failed.
        assert not rounds.add(2)  # type: ignore[arg-type]  # numbers do

    asyncio.run(run())
