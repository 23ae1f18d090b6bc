"""The metrics: one registry of names, labels and their closed values (documented in docs/operate.md).

No label names a district, a school or a student: a count by school can be a small cell, and a metric is read
by people who may see no record. Every value of every label is known beforehand and starts at 0, so that a
rate can be taken from the first event on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from threading import Thread
from typing import Literal, get_args
from wsgiref.simple_server import WSGIServer

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    start_http_server,
)
from prometheus_client.exposition import generate_latest

from alerts import rules
from models.refusal import Reason

CounterName = Literal[
    "rollcall_records_total",
    "rollcall_messages_total",
    "rollcall_alerts_total",
    "rollcall_refused_total",
    "rollcall_forwarded_total",
    "rollcall_sink_rows_total",
    "rollcall_sink_errors_total",
    "rollcall_release_failures_total",
    "rollcall_web_requests_total",
]
GaugeName = Literal[
    "rollcall_state_bytes",
    "rollcall_students",
    "rollcall_students_concerned",
    "rollcall_students_judged",
    "rollcall_last_progress_timestamp_seconds",
    "rollcall_committed_offset",
    "rollcall_lag_messages",
    "rollcall_refusals_listed",
    "rollcall_oldest_refusal_timestamp_seconds",
    "rollcall_late_schools",
    "rollcall_late_school_days",
    "rollcall_sink_lag_messages",
    "rollcall_verify_differences",
    "rollcall_verify_timestamp_seconds",
    "rollcall_release_timestamp_seconds",
    "rollcall_releases_due",
    "rollcall_build_info",
]
HistogramName = Literal["rollcall_message_seconds", "rollcall_sink_batch_seconds", "rollcall_web_seconds"]

RULES = tuple(rule.name for rule in rules.RULES)
CHANGES = ("opened", "amended", "recovered", "reopened", "withdrawn")
RECORD_OUTCOMES = ("accepted", "refused")
MESSAGE_OUTCOMES = ("applied", "unchanged", "refused", "forwarded")
SINK_TABLES = (
    "student_day_facts", "fact_history", "standings", "alert_events", "alert_history", "students",
    "day_counts", "code_labels", "published_rates",
)  # fmt: skip
SINK_ERRORS = ("unavailable", "unreadable")
WEB_STATUSES = ("2xx", "4xx", "5xx")

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,64}")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its type, each label with the values that it takes, and what it says."""

    type: Literal["counter", "gauge", "histogram"]
    help: str
    labels: Mapping[str, tuple[str, ...]]


def _counter(text: str, **labels: tuple[str, ...]) -> Metric:
    return Metric("counter", text, labels)


def _gauge(text: str) -> Metric:
    return Metric("gauge", text, {})


METRICS: dict[str, Metric] = {
    "rollcall_records_total": _counter("Records judged, by what came of them", outcome=RECORD_OUTCOMES),
    "rollcall_messages_total": _counter("Messages taken, by what came of them", outcome=MESSAGE_OUTCOMES),
    "rollcall_alerts_total": _counter("Changes of alerts published", rule=RULES, change=CHANGES),
    "rollcall_refused_total": _counter("Records refused or set aside", reason=tuple(map(str, Reason))),
    "rollcall_forwarded_total": _counter("Records found on a wrong partition and sent on to theirs"),
    "rollcall_message_seconds": Metric("histogram", "Time from taking a message to its acknowledgement", {}),
    "rollcall_state_bytes": _gauge("Bytes of the state that this worker holds"),
    "rollcall_students": _gauge("Students whose records this worker holds"),
    "rollcall_students_concerned": _gauge(
        "Students whose year the messages in hand concern; 0 until their records have been read again"
    ),
    "rollcall_students_judged": _gauge("How many of these students have been judged again"),
    "rollcall_last_progress_timestamp_seconds": _gauge("Unix time at which a message was last done"),
    "rollcall_committed_offset": _gauge("Next offsets committed by this worker, added over its partitions"),
    "rollcall_lag_messages": _gauge(
        "Messages published and not yet processed, over this worker's partitions"
    ),
    "rollcall_refusals_listed": _gauge("Refusals in the list that are not mended, superseded ones too"),
    "rollcall_oldest_refusal_timestamp_seconds": _gauge(
        "Unix time at which the oldest of them was listed; 0 without any"
    ),
    "rollcall_late_schools": _gauge("Schools that have not reported a school day by their hour"),
    "rollcall_late_school_days": _gauge("Days that they have not reported, added over these schools"),
    "rollcall_sink_rows_total": _counter(
        "Rows stored; of `day_counts` the school days counted anew", table=SINK_TABLES
    ),
    "rollcall_sink_batch_seconds": Metric("histogram", "Time to insert one batch and commit its offsets", {}),
    "rollcall_sink_lag_messages": _gauge("Messages of facts, alerts and state not yet stored"),
    "rollcall_sink_errors_total": _counter(
        "Inserts tried again, and messages not readable", kind=SINK_ERRORS
    ),
    "rollcall_verify_differences": _gauge("Rows of the store that a recount of its facts gives otherwise"),
    "rollcall_verify_timestamp_seconds": _gauge("Unix time at which the store was last compared; 0: not yet"),
    "rollcall_release_timestamp_seconds": _gauge("Unix time at which a release was last made; 0: never"),
    "rollcall_releases_due": _gauge("Districts whose last period is over and not released yet"),
    "rollcall_release_failures_total": _counter("Releases that could not be decided or proven safe"),
    "rollcall_web_requests_total": _counter(
        "Requests to the API, by the first digit of their status", status=WEB_STATUSES
    ),
    "rollcall_web_seconds": Metric("histogram", "Time from a request to the API to its answer", {}),
    "rollcall_build_info": Metric(
        "gauge", "Always 1; the label names the version that runs", {"version": ()}
    ),
}


class Metrics:
    """The metrics of one process, in a registry of their own (two may exist in one process, as in tests).

    A label or value that METRICS does not name raises ValueError: it is a mistake in the program, and the
    message does not repeat the value. Safe for use from several threads.
    """

    def __init__(self, version: str) -> None:
        if _VERSION.fullmatch(version) is None:
            raise ValueError("a version takes letters, digits, dots, + and -")
        # Else every counter has a twin with the time of its making. (The package leaves the call untyped.)
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry(auto_describe=True)
        self._counters: dict[str, Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self._histograms: dict[str, Histogram] = {}
        for name, metric in METRICS.items():
            self._make(name, metric)
        self._gauges["rollcall_build_info"].labels(version=version).set(1)

    def _make(self, name: str, metric: Metric) -> None:
        if metric.type == "histogram":
            self._histograms[name] = Histogram(name, metric.help, registry=self._registry, buckets=_SECONDS)
        elif metric.type == "gauge":
            self._gauges[name] = Gauge(name, metric.help, tuple(metric.labels), registry=self._registry)
        else:
            counter = Counter(name, metric.help, tuple(metric.labels), registry=self._registry)
            self._counters[name] = counter
            for values in product(*metric.labels.values()):
                if values:
                    counter.labels(*values)

    def count(self, name: CounterName, amount: float = 1, /, **labels: str) -> None:
        """Add `amount` (0 or more) to a counter."""
        counter = self._counters[name]
        _check(name, labels)
        (counter.labels(**labels) if labels else counter).inc(amount)

    def set(self, name: GaugeName, value: float) -> None:
        """Set a gauge: bytes, students, messages or seconds, as its name says."""
        _check(name, {})
        self._gauges[name].set(value)

    def observe(self, name: HistogramName, seconds: float) -> None:
        """Add one time to a histogram."""
        self._histograms[name].observe(seconds)

    def render(self) -> bytes:
        """What a scrape gets: Prometheus's text format, UTF-8."""
        return generate_latest(self._registry)

    def serve(self, host: str, port: int) -> Served:
        """Serve the metrics over HTTP from a thread of its own, until closed.

        Port 0 takes any free port; a caller for whom 0 means "off" does not call. Raises OSError where the
        address is taken. Whoever reaches the address may read: bind it to loopback or an inner network.
        """
        server, thread = start_http_server(port, addr=host, registry=self._registry)
        return Served(server, thread)


class Served:
    """Metrics that are being served; close it, or use it with `with`."""

    def __init__(self, server: WSGIServer, thread: Thread) -> None:
        self._server = server
        self._thread = thread
        self.port: int = server.server_port

    def close(self) -> None:
        """Stop serving and give the port back; returns when both are done."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _check(name: str, labels: Mapping[str, str]) -> None:
    metric = METRICS[name]
    if labels.keys() != metric.labels.keys():
        raise ValueError(f"{name} takes the labels {sorted(metric.labels)}")
    wrong = sorted(label for label, value in labels.items() if value not in metric.labels[label])
    if wrong:
        raise ValueError(f"{name} has a value of {wrong} that it does not take")


NAMES: tuple[str, ...] = (*get_args(CounterName), *get_args(GaugeName), *get_args(HistogramName))
