"""A whole comparison: the store alone, or the store with the log."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator

import structlog
from clickhouse_connect.driver.client import Client

from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.snapshot import Snapshot
from infra.verify.checks import of_groups, of_labels, of_state, of_store
from infra.verify.difference import CHECKS, Difference
from infra.verify.recount import years
from models.policy import PolicyOf

_log = structlog.get_logger()


def compare(client: Client, snapshot: Snapshot, policy_of: PolicyOf) -> Iterator[Difference]:
    """Every difference between the store, a recount of its facts, and the state; by district and year.

    Worker and sink must have caught up. Raises ClickHouseError, LogUnavailable.
    """
    stored = years(client)
    # Of what is in the store and not in the log too: a district that is nowhere else is a difference.
    for district in sorted({*snapshot.districts(), *(held for held, _ in stored)}):
        if not snapshot.wanted(district):
            continue
        engine = snapshot.engine(district)
        yield from of_groups(client, engine)
        yield from of_labels(client, engine)
        for year in sorted({*engine.ledger.known, *(y for d, y in stored if d == district)}):
            yield from of_store(client, district, year, policy_of(district, year))
            yield from of_state(client, engine, year)


def counts(found: Iterable[Difference]) -> dict[str, int]:
    """How many differences each check found."""
    counted = dict.fromkeys(CHECKS, 0)
    for each in found:
        counted[each.check] += 1
    return counted


class Schedule:
    """Asks the store from time to time whether what is derived still equals a recount of its facts.

    The log is not read, which takes long. One district and school year a call, so that the sink waits for no
    more; `seconds` from the end of a round to the next one, 0: never. What is found is looked at a second
    time `again` seconds later: facts may be there a moment before the alerts of the same message.
    """

    def __init__(
        self,
        store: Store,
        metrics: Metrics,
        policy_of: PolicyOf,
        seconds: float,
        *,
        again: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._policy_of = policy_of
        self._seconds = seconds
        self._again = again
        self._monotonic = monotonic
        self._wall = wall
        self._next = monotonic() + min(seconds, 60.0)
        self._left: list[tuple[str, int]] | None = None
        self._doubtful: list[tuple[str, int]] = []
        self._found = 0

    def idle(self, stop: threading.Event) -> None:
        """The sink has nothing to do: do the next part of a round, if it is time. Raises StoreUnavailable."""
        if not self._seconds or self._monotonic() < self._next or stop.is_set():
            return
        with self._store.said():
            if self._left is None:
                self._left, self._doubtful, self._found = years(self._store.client), [], 0
            if self._left:
                place = self._left[-1]
                if self._differences(*place):
                    self._doubtful.append(place)
                self._left.pop()
                if not self._left and self._doubtful:
                    self._next = self._monotonic() + self._again
            elif self._doubtful:
                self._found += self._differences(*self._doubtful[-1])
                self._doubtful.pop()
        if not self._left and not self._doubtful:
            self._end()

    def _differences(self, district: str, year: int) -> int:
        found = of_store(self._store.client, district, year, self._policy_of(district, year))
        return sum(counts(found).values())

    def _end(self) -> None:
        self._metrics.set("rollcall_verify_differences", self._found)
        self._metrics.set("rollcall_verify_timestamp_seconds", self._wall())
        if self._found:
            _log.error("store_differs_from_its_facts", rows=self._found)
        self._left, self._next = None, self._monotonic() + self._seconds
