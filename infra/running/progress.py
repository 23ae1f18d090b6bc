"""Whether a worker is stuck: messages wait, none is in hand, and none was done for too long.

That the process exists is no sign of health, and a client that has lost its place in a consumer group may
wait for ever without an error.
"""

from __future__ import annotations


class Progress:
    """Looked at from time to time; `now` is in seconds from anywhere."""

    def __init__(self, stalled_seconds: float, now: float) -> None:
        self._stalled_seconds = stalled_seconds
        self._since = now
        self._done = 0

    def stalled(self, now: float, done: int, waiting: int, in_hand: bool) -> bool:
        """`done` messages so far, `waiting` ones on this worker's partitions, and whether one is in hand."""
        if done != self._done or waiting == 0 or in_hand:
            self._since, self._done = now, done
        return now - self._since > self._stalled_seconds
