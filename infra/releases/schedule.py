"""Releases by themselves: of each district once a period is over, while the sink has nothing else to do."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import structlog

from infra.clickhouse.store import Store
from infra.metrics import RULES, Metrics
from infra.releases.counting import counted, data_through
from infra.releases.keeping import About, keep
from infra.releases.rows import Row, cells
from models.policy import PolicyOf
from models.releases.counted import Counted
from models.releases.due import Every, Period, last_period
from models.releases.made import NotProven, made
from models.school_year import school_year_of
from models.suppression.limits import CONNECTICUT

_LOOK_EVERY = 60.0
_AGAIN_AFTER = 24 * 3600.0
SCHEDULE = "schedule"

_log = structlog.get_logger()

# Those with days of the school year; whether some of them are in the period is asked of each.
_DISTRICTS = """SELECT DISTINCT district_id FROM day_counts
WHERE dimension = 'all' AND school_year = {year:UInt16} ORDER BY district_id"""
_MADE = """SELECT count() FROM releases FINAL
WHERE district_id = {district:String} AND as_of = {as_of:Date}"""
_NEWEST = "SELECT max(version) FROM releases"


class _Due(NamedTuple):
    district: str
    as_of: date
    data_through: date


class _Deciding(threading.Thread):
    """Decides what of a release is shown. `rows` is None where that failed."""

    def __init__(self, about: About, numbers: Counted) -> None:
        super().__init__(name="release", daemon=True)
        self.about = about
        self.rows: list[Row] | None = None
        self.seconds = 0.0
        self._numbers = numbers

    def run(self) -> None:
        """Decide and check."""
        began = time.monotonic()
        try:
            self.rows = list(cells(made(self._numbers, RULES, CONNECTICUT), self._numbers.days))
        except (NotProven, ValueError):
            # Their texts name groups, which is nothing for a log.
            _log.warning("release_not_proven")
        except Exception:
            _log.exception("release_not_decided")
        self.seconds = round(time.monotonic() - began, 1)


class Schedule:
    """Looks once a minute which releases are due, and makes one after the other.

    Counting is the store's work, and the sink waits for it. What is to be hidden is decided in a thread,
    which has only numbers; then the sink stores it. What fails is tried again a day later. `wall` gives Unix
    time.
    """

    def __init__(
        self,
        store: Store,
        metrics: Metrics,
        policy_of: PolicyOf,
        every: Every,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._policy_of = policy_of
        self._every = every
        self._monotonic = monotonic
        self._wall = wall
        self._next = monotonic()
        self._not_before: dict[_Due, float] = {}
        self._deciding: _Deciding | None = None

    def idle(self, stop: threading.Event) -> None:
        """Do the next part of a release, if one is due: nothing else waits. Raises StoreUnavailable."""
        if self._every == "never" or stop.is_set():
            return
        if self._deciding is not None:
            if not self._deciding.is_alive():
                self._end(self._deciding)
                self._deciding = None
        elif self._monotonic() >= self._next:
            self._begin()

    def _begin(self) -> None:
        with self._store.said():
            due = self._due()
            self._metrics.set("rollcall_releases_due", len(due))
            newest = self._store.client.query(_NEWEST).result_rows[0][0]
            self._metrics.set("rollcall_release_timestamp_seconds", newest / 1000)
            now = self._monotonic()
            ready = [each for each in due if self._not_before.get(each, now) <= now]
            if not ready:
                self._next = now + _LOOK_EVERY
                return
            about = About(*ready[0], round(self._wall() * 1000), SCHEDULE)
            numbers = counted(self._store.client, about.district, about.as_of)
        self._deciding = _Deciding(about, numbers)
        self._deciding.start()

    def _due(self) -> list[_Due]:
        """The districts with days in their last period and without a release of it."""
        client = self._store.client
        today = datetime.fromtimestamp(self._wall(), UTC).date()
        # Where it is still yesterday the last period may be of the school year before.
        years = {school_year_of(today - timedelta(days=days)) for days in (0, 32)}
        found = []
        for year in sorted(years):
            for (district,) in client.query(_DISTRICTS, {"year": year}).result_rows:
                period = self._period(district, year)
                if period is None or school_year_of(period.last) != year:
                    continue
                through = data_through(client, district, period.last)
                given = {"district": district, "as_of": period.last}
                if through and through >= period.first and not client.query(_MADE, given).result_rows[0][0]:
                    found.append(_Due(district, period.last, through))
        return found

    def _period(self, district: str, year: int) -> Period | None:
        zone = ZoneInfo(self._policy_of(district, year).timezone)
        return last_period(datetime.fromtimestamp(self._wall(), zone).date(), self._every)

    def _end(self, decided: _Deciding) -> None:
        if decided.rows is None or not self._kept(decided.about, decided.rows):
            due = _Due(decided.about.district, decided.about.as_of, decided.about.data_through)
            self._not_before[due] = self._monotonic() + _AGAIN_AFTER
            self._metrics.count("rollcall_release_failures_total")
            _log.error("release_failed")
            return
        self._metrics.set("rollcall_release_timestamp_seconds", decided.about.at_ms / 1000)
        _log.info("release_made", rows=len(decided.rows), seconds=decided.seconds)

    def _kept(self, about: About, rows: list[Row]) -> bool:
        try:
            keep(self._store, about, CONNECTICUT, rows)
        except NotProven:
            _log.warning("release_not_proven")
            return False
        return True
