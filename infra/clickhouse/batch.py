"""What one step of the sink has read: inserted part by part, and then all that it touched is worked out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, TypeVar

import structlog

from infra.clickhouse.code_labels import CodeLabels, labels_of
from infra.clickhouse.known_bands import News
from infra.clickhouse.known_order import KnownOrder
from infra.clickhouse.positions import Place
from infra.clickhouse.published_rows import PUBLISHED_COLUMNS, add_published
from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS, Columns, add_events, add_facts, empty, parts
from infra.clickhouse.store import ROWS_A_CALL, Store
from infra.clickhouse.student_groups import Bucket, bucket_of
from infra.clickhouse.touched_facts import TouchedDay
from infra.clickhouse.touched_students import Touched
from infra.clickhouse.unreadable import refusal
from infra.metrics import Metrics
from streams.event_log import Message
from streams.refused import Refused
from streams.topics import CHANGELOG, FACTS, PUBLISHED

_log = structlog.get_logger()

T = TypeVar("T")


class Trying(Protocol):
    """Runs an effect until it succeeds (infra.clickhouse.retrying)."""

    def __call__(self, effect: Callable[[], T], /) -> T: ...


class Batch:
    """Takes messages and stores their rows, as soon as they fill a call.

    `committed` says from where on each partition may have been read before. `messages` and `rows` count what
    came; `refused` is what could not be read.
    """

    def __init__(
        self, store: Store, metrics: Metrics, trying: Trying, committed: Mapping[Place, int]
    ) -> None:
        self._store = store
        self._metrics = metrics
        self._trying = trying
        self._committed = committed
        self._facts = empty(FACT_COLUMNS)
        self._known_at: list[int] = []
        self._events = empty(EVENT_COLUMNS)
        self._events_known_at: list[int] = []
        self._published = empty(PUBLISHED_COLUMNS)
        # Of each when the first of what came was known.
        self._touched: defaultdict[int, dict[Touched, int]] = defaultdict(dict)
        self._days: defaultdict[int, set[TouchedDay]] = defaultdict(set)
        self._order = KnownOrder(store.newest_known)
        # By partition and district the newest value of each bucket.
        self._buckets: defaultdict[tuple[int, str], dict[int, Bucket]] = defaultdict(dict)
        self._labels: dict[str, CodeLabels] = {}
        self.messages = 0
        self.rows = 0
        self.refused: list[Refused] = []

    def add(self, message: Message) -> None:
        """Take a message."""
        self.messages += 1
        if message.topic == CHANGELOG:
            self._add_state(message)
            return
        columns, add = self._events, add_events
        if message.topic == FACTS.name:
            columns, add = self._facts, add_facts
        elif message.topic == PUBLISHED.name:
            columns, add = self._published, add_published
        before = len(columns[0])
        try:
            add(columns, message.value or b"")
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            self._put_aside(message, refusal(message, error))
            return
        added = len(columns[0]) - before
        self.rows += added
        if columns is self._facts:
            self._known_at += [message.timestamp_ms] * added
        elif columns is self._events:
            self._events_known_at += [message.timestamp_ms] * added
        if len(columns[0]) >= ROWS_A_CALL:
            self._insert()

    def _add_state(self, message: Message) -> None:
        try:
            bucket, labels = bucket_of(message), labels_of(message)
        except (ValueError, KeyError, TypeError) as error:
            # Not among what is refused, because a retry would publish it again, over what the worker wrote.
            self._unreadable(message, refusal(message, error))
            return
        if bucket is not None:
            self.rows += len(bucket.students)
            self._buckets[message.partition, bucket.district][bucket.number] = bucket
        if labels is not None:
            self.rows += len(labels.labels)
            self._labels[labels.district] = labels

    def finish(self) -> None:
        """Insert what is left, and work out anew all that was touched."""
        self._insert()
        self._put_labels()
        regrouped = self._put_students()
        for year, touched in sorted(self._touched.items()):
            days, news = self._days[year], self._news(year)
            written = self._trying(partial(self._store.recount, year, touched, days, news))
            self._metrics.count("rollcall_sink_rows_total", written.standings, table="standings")
            self._metrics.count("rollcall_sink_rows_total", written.days, table="day_counts")
        for district, students in regrouped.items():
            rows = self._trying(partial(self._store.recount_students, district, students))
            self._metrics.count("rollcall_sink_rows_total", rows, table="day_counts")
        self._touched.clear()
        self._days.clear()
        self._store.note_known(self._order.newest)
        self._buckets.clear()
        self._labels.clear()

    def _news(self, year: int) -> News:
        return News(self._order.in_order(), {day for _, _, day in self._days[year]})

    def _put_labels(self) -> None:
        if self._labels:
            self._trying(partial(self._store.put_labels, list(self._labels.values())))
            self._metrics.count("rollcall_sink_rows_total", len(self._labels), table="code_labels")

    def _put_students(self) -> dict[str, set[str]]:
        """Store the groups; by district the students whose days are to be counted anew."""
        regrouped = {}
        for (partition, district), buckets in self._buckets.items():
            since = self._committed.get((CHANGELOG, partition), 0)
            students = self._trying(partial(self._store.put_students, list(buckets.values()), since))
            self._metrics.count("rollcall_sink_rows_total", len(students), table="students")
            if students:
                regrouped[district] = students
        return regrouped

    def _insert(self) -> None:
        known_at = parts((self._known_at,), ROWS_A_CALL)
        for part, (times,) in zip(parts(self._facts, ROWS_A_CALL), known_at, strict=True):
            self._trying(partial(self._order.add, list(zip(part[0], times, strict=True))))
            self._trying(partial(self._store.insert_facts, part))
            self._metrics.count("rollcall_sink_rows_total", len(part[0]), table="student_day_facts")
            self._trying(partial(self._store.insert_history, part, times))
            self._metrics.count("rollcall_sink_rows_total", len(part[0]), table="fact_history")
            # Only now: a student whose facts are not there yet would be worked out without them.
            self._touch(part, times)
        known_at = parts((self._events_known_at,), ROWS_A_CALL)
        for part, (times,) in zip(parts(self._events, ROWS_A_CALL), known_at, strict=True):
            self._trying(partial(self._store.insert_events, part))
            self._metrics.count("rollcall_sink_rows_total", len(part[0]), table="alert_events")
            self._trying(partial(self._store.insert_alert_history, part, times))
            self._metrics.count("rollcall_sink_rows_total", len(part[0]), table="alert_history")
        for part in parts(self._published, ROWS_A_CALL):
            self._trying(partial(self._store.insert_published, part))
            self._metrics.count("rollcall_sink_rows_total", len(part[0]), table="published_rates")
        known = (self._known_at, self._events_known_at)
        for column in (*self._facts, *self._events, *self._published, *known):
            column.clear()

    def _touch(self, facts: Columns, known_at: list[int]) -> None:
        districts, years, dates, schools, students = facts[:5]
        for year, known, *touched in set(zip(years, known_at, districts, schools, students, strict=True)):
            student = (touched[0], touched[1], touched[2])
            self._touched[year][student] = min(known, self._touched[year].get(student, known))
        for year, *day in set(zip(years, districts, schools, dates, strict=True)):
            self._days[year].add((day[0], day[1], day[2]))

    def _put_aside(self, message: Message, refused: Refused) -> None:
        self.refused.append(refused)
        self._unreadable(message, refused)

    def _unreadable(self, message: Message, refused: Refused) -> None:
        self._metrics.count("rollcall_sink_errors_total", kind="unreadable")
        _log.warning(
            "message_unreadable",
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            reason=refused.reason,
        )
