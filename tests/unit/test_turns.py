"""Messages side by side: in order within a district, acknowledged in order within a partition."""

from __future__ import annotations

import asyncio
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streams.turns import Turn, Turns

# A partition, and the districts of a message: one for the most part, several, or none (it was refused).
PLACES = {"C": 0, "D": 0, "E": 0, "F": 1}
one = st.sampled_from(sorted(PLACES)).map(lambda district: (PLACES[district], frozenset((district,))))
messages = st.lists(
    one
    | st.sampled_from(
        [(0, frozenset("CD")), (0, frozenset("DE")), (0, frozenset[str]()), (1, frozenset[str]())]
    ),
    max_size=20,
)


@given(messages, st.randoms(use_true_random=False))
def test_whoever_is_done_first(coming: list[tuple[int, frozenset[str]]], rng: Random) -> None:
    turns = Turns()
    acknowledged: list[tuple[int, int]] = []
    at_work: list[Turn] = []
    done: list[Turn] = []
    told = list(enumerate(coming))
    while told or at_work:
        if told and rng.random() < 0.5:
            offset, (partition, districts) = told.pop(0)
            place = (partition, offset)
            at_work.append(turns.take(partition, offset, districts, lambda at=place: acknowledged.append(at)))
        ready = [turn for turn in at_work if all(other.done for other in turn.before)]
        assert ready or not at_work  # somebody may always go on
        if ready and rng.random() < 0.5:
            turn = rng.choice(ready)
            at_work.remove(turn)
            turns.done(turn)
            done.append(turn)
        assert turns.count == len(at_work) + len(done) - len(acknowledged)
        assert {*turns.waiting()} == {*at_work}
    for partition in (0, 1):
        mine = [offset for offset, (place, _) in enumerate(coming) if place == partition]
        assert [offset for place, offset in acknowledged if place == partition] == mine
        for district in [*PLACES, ""]:
            order = [
                turn.offset
                for turn in done
                if turn.partition == partition
                and (district in turn.districts or not turn.districts or not district)
                and (district or not turn.districts)
            ]
            assert order == sorted(order)


def test_other_districts_wait_for_nobody_and_their_acknowledgements_do() -> None:
    acknowledged: list[str] = []
    turns = Turns()
    long = turns.take(0, 0, frozenset("D"), lambda: acknowledged.append("long"))
    other = turns.take(0, 1, frozenset("E"), lambda: acknowledged.append("other"))
    behind = turns.take(0, 2, frozenset("D"), lambda: acknowledged.append("behind"))
    assert (other.before, behind.before) == ([], [long])
    turns.done(other)
    assert acknowledged == []
    turns.done(long)
    assert acknowledged == ["long", "other"]
    assert turns.waiting() == [behind]


def test_a_message_comes_when_all_before_it_are_done() -> None:
    async def story() -> list[str]:
        told: list[str] = []
        turns = Turns()

        async def work(turn: Turn, name: str) -> None:
            await turn.comes()
            told.append(name)
            turns.done(turn)

        first, second, refused, other = (
            turns.take(0, offset, districts, lambda: None)
            for offset, districts in enumerate(
                (frozenset("D"), frozenset("D"), frozenset[str](), frozenset("E"))
            )
        )
        tasks = [
            asyncio.create_task(work(turn, name))
            for turn, name in ((other, "other"), (refused, "refused"), (second, "second"))
        ]
        for _ in range(9):
            await asyncio.sleep(0)
        told.append("first")
        turns.done(first)
        await asyncio.gather(*tasks)
        return told

    assert asyncio.run(story()) == ["first", "second", "refused", "other"]


def test_no_more_than_so_many_are_taken() -> None:
    async def story() -> list[str]:
        told: list[str] = []
        turns = Turns()
        held = [turns.take(0, offset, frozenset("D"), lambda: None) for offset in range(3)]

        async def next_one() -> None:
            await turns.fewer_than(2)
            told.append("taken")

        task = asyncio.create_task(next_one())
        for number in (2, 0, 1):
            await asyncio.sleep(0)
            told.append(f"done {number}")
            turns.done(held[number])
        await task
        return told

    # The third one is acknowledged, and let go, with the second.
    assert asyncio.run(story()) == ["done 2", "done 0", "done 1", "taken"]
