"""Says of a message that takes long how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import structlog

from streams.turns import Turn

_log = structlog.get_logger()


class LongMessages:
    """Asked from time to time; a message that is still at work at the next time is one that takes long."""

    def __init__(self) -> None:
        self._seen: set[Turn] = set()

    def tell(self, waiting: Sequence[Turn], progress: Callable[[Iterable[str]], tuple[int, int]]) -> None:
        """`waiting` are the messages that are not done; `progress` gives students judged and concerned."""
        at_work = {turn for turn in waiting if not turn.before}
        for turn in waiting:
            if turn in at_work & self._seen:
                students, concerned = progress(turn.districts)
                _log.info(
                    "message_goes_on",
                    partition=turn.partition, offset=turn.offset, students=students, concerned=concerned,
                )  # fmt: skip
        self._seen = at_work
