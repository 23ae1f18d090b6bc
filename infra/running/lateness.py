"""Schools that are late with a day, as the running worker says it: two numbers, and a line when they change.

No label and no line names a school or a district (docs/adr/0014); `rollcall late` does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import structlog

from alerts.engine import Engine
from infra.metrics import Metrics
from models.lateness import late_days
from models.policy import PolicyOf

_log = structlog.get_logger()

_EVERY_SECONDS = 60.0


class LateWatch:
    """Looks once a minute. Not to be called while another thread changes an engine."""

    def __init__(
        self,
        metrics: Metrics,
        policy_of: PolicyOf,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._metrics = metrics
        self._policy_of = policy_of
        self._now = now
        self._seconds = seconds
        self._next = seconds()
        self._before = (0, 0, 0)

    def due(self) -> bool:
        """Whether it is time to look."""
        return self._seconds() >= self._next

    def look(self, engines: Iterable[Engine]) -> None:
        """Count the late schools of all districts."""
        self._next = self._seconds() + _EVERY_SECONDS
        now = self._now()
        found = [each for engine in engines for each in late_days(engine.ledger, self._policy_of, now)]
        self._tell(
            len({each.district for each in found}),
            len({(each.district, each.school) for each in found}),
            len(found),
        )

    def _tell(self, districts: int, schools: int, days: int) -> None:
        self._metrics.set("rollcall_late_schools", schools)
        self._metrics.set("rollcall_late_school_days", days)
        before, self._before = self._before, (districts, schools, days)
        if self._before == before:
            return
        if days:
            _log.warning("schools_are_late", districts=districts, schools=schools, days=days)
        else:
            _log.info("no_school_is_late")
