"""Which messages count as skipped on their way to the worker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.continuity import Continuity


class Log:
    """Messages at `offsets` of each partition; the group would read `acknowledged` next."""

    def __init__(self, acknowledged: int, *offsets: int) -> None:
        self._acknowledged = acknowledged
        self._offsets = offsets
        self.asked = 0

    def acknowledged(self, partition: int) -> int:
        return self._acknowledged

    def first_from(self, partition: int, offset: int) -> int:
        self.asked += 1
        return min((held for held in self._offsets if held >= offset), default=offset)


def test_the_first_message_is_the_one_after_the_last_that_was_acknowledged() -> None:
    assert Continuity(Log(3, *range(9))).skipped(0, 3) == 0
    assert Continuity(Log(3, *range(9))).skipped(0, 5) == 2


def test_after_a_message_the_next_one_needs_no_question() -> None:
    log = Log(0, *range(9))
    continuity = Continuity(log)
    assert not continuity.is_next(0, 0)
    continuity.given(0, 0)
    assert continuity.is_next(0, 1)
    assert continuity.is_next(0, 0)
    assert not continuity.is_next(0, 2)
    assert not continuity.is_next(1, 1)
    assert log.asked == 0


def test_a_gap_is_a_loss_only_where_the_log_has_a_message_in_it() -> None:
    continuity = Continuity(Log(0, 0, 4, 5, 6))
    continuity.given(0, 0)
    assert continuity.skipped(0, 4) == 0
    assert continuity.skipped(0, 6) == 2


def test_what_comes_again_hides_nothing_that_is_missing_after_it() -> None:
    continuity = Continuity(Log(0, *range(9)))
    for offset in (0, 1, 2, 0):
        continuity.given(0, offset)
    assert continuity.is_next(0, 3)
    assert continuity.skipped(0, 4) == 1


def test_partitions_that_are_assigned_anew_begin_where_the_group_stands() -> None:
    continuity = Continuity(Log(2, *range(9)))
    continuity.given(0, 6)
    continuity.forget()
    assert not continuity.is_next(0, 7)
    assert continuity.skipped(0, 7) == 5


@given(st.sets(st.integers(0, 30), min_size=1), st.data())
def test_each_message_that_is_left_out_is_noticed_at_the_next_one(
    offsets: set[int], data: st.DataObject
) -> None:
    there = sorted(offsets)
    given_ = [offset for offset in there if data.draw(st.booleans())]
    continuity = Continuity(Log(0, *there))
    before = -1
    for offset in given_:
        missing = [held for held in there if before < held < offset]
        skipped = 0 if continuity.is_next(0, offset) else continuity.skipped(0, offset)
        assert bool(skipped) == bool(missing)
        if skipped:
            assert skipped == offset - missing[0]
            return
        continuity.given(0, offset)
        before = offset


@pytest.mark.parametrize("offset", [0, 5])
def test_nothing_is_known_of_a_partition_before_its_first_message(offset: int) -> None:
    assert not Continuity(Log(0)).is_next(0, offset)
