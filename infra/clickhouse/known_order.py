"""Whether the facts of a batch were known after all facts before them, and in the order in which they came.

Nearly always they were. A log whose clock was set back, a batch that is repeated, or two batches of one
millisecond are the exceptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable


class KnownOrder:
    """Takes the facts of one batch. `newest_known` gives the Unix time, in milliseconds, at which the newest
    fact of a district was known before the batch."""

    def __init__(self, newest_known: Callable[[str], int]) -> None:
        self._newest_known = newest_known
        self._late: set[str] = set()
        self.newest: dict[str, int] = {}
        """When the newest fact of each district in the batch was known."""

    def add(self, facts: Iterable[tuple[str, int]]) -> None:
        """Facts as they came: the district, and when each was known. To be called before they are stored."""
        for district, known in dict.fromkeys(facts):
            if district not in self.newest:
                self.newest[district] = self._newest_known(district) + 1
            if known < self.newest[district]:
                self._late.add(district)
            self.newest[district] = max(known, self.newest[district])

    def in_order(self) -> list[str]:
        """The districts of which each fact was known after earlier batches, and not before the last one."""
        return sorted(self.newest.keys() - self._late)
