"""When a worker is stuck, and when it only has nothing or much to do."""

from __future__ import annotations

from infra.running.progress import Progress


def test_messages_that_wait_for_too_long_without_any_done_are_a_stall() -> None:
    progress = Progress(120, 0)
    assert not progress.stalled(120, done=0, waiting=5, in_hand=False)
    assert progress.stalled(121, done=0, waiting=5, in_hand=False)


def test_each_message_that_is_done_begins_anew() -> None:
    progress = Progress(120, 0)
    assert not progress.stalled(100, done=1, waiting=5, in_hand=False)
    assert not progress.stalled(220, done=1, waiting=5, in_hand=False)
    assert progress.stalled(221, done=1, waiting=5, in_hand=False)


def test_nothing_to_do_and_a_long_message_are_no_stall() -> None:
    progress = Progress(120, 0)
    assert not progress.stalled(500, done=0, waiting=0, in_hand=False)
    assert not progress.stalled(600, done=0, waiting=5, in_hand=False)
    assert not progress.stalled(900, done=0, waiting=5, in_hand=True)
    assert progress.stalled(1100, done=0, waiting=5, in_hand=False)
