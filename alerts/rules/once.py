"""What rules share that open once a year and then stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from alerts.days import Day, Finding, absences, found


def first_that(days: tuple[Day, ...], qualifies: Callable[[Day], bool]) -> Iterator[Finding]:
    """The first counted day that qualifies, with all absences up to it as evidence."""
    for day in days:
        if qualifies(day):
            yield found(day, absences(days, day))
            return
