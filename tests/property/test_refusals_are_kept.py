"""No retention and no compaction takes a refusal off the list; only mending it does (docs/adr/0006)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.event_logs import EVERY_TOPIC, STATE, event_log, make_topics
from infra.exports.refused import listed
from infra.kafka_log.administrator import Administrator, forgetting, topic_configs
from infra.metrics import Metrics
from infra.running.expired import expired_unread
from infra.running.refusals import RefusalWatch
from infra.settings import load
from infra.sqlite_log import compaction
from infra.sqlite_log.log import SqliteLog
from infra.topics_check import check_kept
from models.refusal import Reason
from streams.event_log import LogUnavailable, Outgoing
from streams.refused import Refused, pack, resolved
from streams.topics import ALERTS, APP_ID, DAY_MS, DEAD_LETTERS, FACTS, PUBLISHED, RECORDS

START = 1_600_000_000_000


class Clock:
    """Milliseconds, as the tests set them."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


def refusal(number: int) -> Refused:
    return Refused(f"file-{number}.csv", 2, "attendance", Reason.BAD_DATE, "date", "mend it", f"row {number}")


@contextmanager
def log_of(clock: Clock) -> Iterator[SqliteLog]:
    """A log with the topics, which is compacted whenever it has grown at all."""
    with TemporaryDirectory() as folder, mock.patch.object(compaction, "SMALLEST_GROWTH", 1):
        log = SqliteLog(Path(folder) / "log.sqlite3", synchronous="NORMAL", now_ms=clock)
        try:
            make_topics(log, 1)
            yield log
        finally:
            log.close()


numbers = st.integers(0, 5)
steps = st.lists(
    st.tuples(st.just("list"), numbers)
    | st.tuples(st.just("mend"), numbers)
    | st.tuples(st.just("days"), st.integers(1, 900)),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_what_is_listed_is_what_was_refused_and_not_mended_however_old(
    happened: list[tuple[str, int]],
) -> None:
    clock, expected = Clock(), dict[str, Refused]()
    with log_of(clock) as log:
        for what, number in happened:
            held = refusal(number)
            if what == "list":
                log.append(DEAD_LETTERS.name, [pack(held)])
                expected[held.refusal_id] = held
            elif what == "mend":
                log.append(DEAD_LETTERS.name, [resolved(held.refusal_id)])
                expected.pop(held.refusal_id, None)
            else:
                clock.now += number * DAY_MS
            log.housekeeping(clock.now)
            assert listed(log) == expected


def test_after_ten_years_the_records_are_gone_and_their_refusals_are_there() -> None:
    clock = Clock()
    with log_of(clock) as log:
        log.append(DEAD_LETTERS.name, [pack(refusal(1)), pack(refusal(2)), resolved(refusal(2).refusal_id)])
        for topic in (RECORDS, FACTS, ALERTS):
            log.append(topic.name, [Outgoing(b"D", b"1")] * 3)
            log.commit(APP_ID, {(topic.name, 0): 3})
        for _ in range(120):
            clock.now += 31 * DAY_MS
            log.append(DEAD_LETTERS.name, [pack(refusal(3)), resolved(refusal(3).refusal_id)])
            log.housekeeping(clock.now)
        assert list(listed(log).values()) == [refusal(1)]
        assert [log.beginning(topic.name, 0) for topic in (RECORDS, FACTS, ALERTS)] == [3, 3, 0]
        assert len(log.read(DEAD_LETTERS.name, 0, 0)) < 10


def test_records_that_nobody_has_read_are_kept_on_sqlite_however_old() -> None:
    clock = Clock()
    with log_of(clock) as log:
        log.append(RECORDS.name, [Outgoing(b"D", b"1")] * 3)
        clock.now += 5000 * DAY_MS
        log.housekeeping(clock.now)
        log.commit(APP_ID, {(RECORDS.name, 0): 1})
        log.housekeeping(clock.now)
        assert log.beginning(RECORDS.name, 0) == 1
        assert expired_unread(log, [0]) == 0


def test_what_has_to_be_kept_has_no_retention_on_any_log() -> None:
    kept = {
        topic.name
        for topic in EVERY_TOPIC
        if not forgetting(topic_configs_of(topic.compact, topic.retention_ms))
    }
    assert kept == {ALERTS.name, PUBLISHED.name, DEAD_LETTERS.name, STATE.name}
    assert DEAD_LETTERS.compact and STATE.compact  # what is set aside is in the state


def topic_configs_of(compact: bool, retention_ms: int | None) -> dict[str, str]:
    """As Kafka tells the settings: with those that were not given."""
    return {"retention.bytes": "-1", **topic_configs(compact, retention_ms)}


@pytest.mark.parametrize(
    ("policy", "milliseconds", "size", "forgets"),
    [
        ("compact", "604800000", "-1", False),  # the time is of no use without `delete`
        ("delete", "-1", "-1", False),
        ("delete", "604800000", "-1", True),
        ("delete", "-1", "1000", True),
        ("compact,delete", "604800000", "-1", True),
        ("compact,delete", "-1", "-1", False),
    ],
)
def test_which_settings_of_a_topic_forget(policy: str, milliseconds: str, size: str, forgets: bool) -> None:
    configs = {"cleanup.policy": policy, "retention.ms": milliseconds, "retention.bytes": size}
    assert forgetting(configs) is forgets


def test_nothing_starts_on_a_list_that_would_forget(tmp_path: Path) -> None:
    settings_ = load(home=tmp_path)
    log = SqliteLog(tmp_path / "log.sqlite3", synchronous="NORMAL")
    log.create(DEAD_LETTERS.name, 1, retention_ms=7 * DAY_MS)
    log.close()
    with (
        pytest.raises(LogUnavailable, match=f"{DEAD_LETTERS.name} needs cleanup.policy=compact"),
        event_log(settings_),
    ):
        pass


def test_of_a_topic_that_the_user_may_not_ask_about_nothing_is_known() -> None:
    client = mock.Mock(describe_configs=lambda resources, config_filter: {"topic": {"t": {}}})
    assert Administrator(client).forgets("t") is None


def test_where_nobody_may_ask_nothing_is_known_against_it() -> None:
    check_kept(mock.Mock(forgets=lambda topic: None), EVERY_TOPIC)


def test_the_watch_counts_what_waits_and_since_when() -> None:
    clock, metrics = Clock(), Metrics("1")

    def told() -> tuple[float, float]:
        watch.look()
        text = metrics.render().decode().splitlines()
        names = ("rollcall_refusals_listed", "rollcall_oldest_refusal_timestamp_seconds")
        return tuple(float(line.split()[1]) for name in names for line in text if line.startswith(f"{name} "))  # type: ignore[return-value]  # two

    with log_of(clock) as log:
        watch = RefusalWatch(metrics, log)
        assert told() == (0, 0)
        log.append(DEAD_LETTERS.name, [pack(refusal(1))])
        clock.now += DAY_MS
        log.append(DEAD_LETTERS.name, [pack(refusal(2)), pack(refusal(1))])
        assert told() == (2, START / 1000)  # the same one again is no younger
        log.append(DEAD_LETTERS.name, [resolved(refusal(1).refusal_id)])
        assert told() == (1, (START + DAY_MS) / 1000)
        log.append(DEAD_LETTERS.name, [resolved(refusal(2).refusal_id)])
        assert told() == (0, 0)


def test_records_that_a_broker_removed_unread_are_counted() -> None:
    log = mock.Mock(
        committed=lambda group, topic, partition: {0: 5, 1: 9, 2: None}[partition],
        beginning=lambda topic, partition: {0: 12, 1: 9, 2: 100}[partition],
    )
    assert expired_unread(log, range(3)) == 7
