"""Which of a day's alerts are shown line by line, where a day brings more than a screen holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from infra.demo.people import CAST
from streams.alerts_message import AlertEvent

_OF_A_SORT = 2


class Chosen:
    """Takes a day's events as they come. The cast is always shown; of others at most `lines`.

    Of each sort (rule and change) two are shown, so that no rule fills the screen. `rest` counts what was
    not shown, by sort; `seen` everything.
    """

    def __init__(self, lines: int) -> None:
        self._left = lines
        self._shown: Counter[tuple[str, str]] = Counter()
        self.rest: Counter[tuple[str, str]] = Counter()
        self.seen = 0

    def take(self, events: Iterable[AlertEvent]) -> list[AlertEvent]:
        """Those to show, the cast's first."""
        every = list(events)
        self.seen += len(every)
        cast = [event for event in every if event.student_id in CAST]
        return cast + [event for event in every if event.student_id not in CAST and self._fits(event)]

    def _fits(self, event: AlertEvent) -> bool:
        sort = event.rule, event.change
        if self._left and self._shown[sort] < _OF_A_SORT:
            self._left -= 1
            self._shown[sort] += 1
            return True
        self.rest[sort] += 1
        return False
