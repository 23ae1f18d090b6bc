"""The sink brings everything from the log into the store, once, in whatever portions it comes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from infra.clickhouse.rows import Columns
from infra.clickhouse.sink import SINK_GROUP, Sink
from infra.clickhouse.store import ROWS_A_CALL, Store
from infra.clickhouse.unavailable import StoreUnavailable
from infra.metrics import Metrics
from infra.sqlite_log.log import SqliteLog
from streams import alerts_message, facts_message
from streams.event_log import Message, Outgoing
from streams.facts_message import Facts
from streams.refused import unpack
from streams.topics import ALERTS, DEAD_LETTERS, FACTS
from tests.support import made_alerts, made_facts
from tests.support.chdb_store import Engine, dump, log_in


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with log_in(tmp_path, partitions=3) as log:
        yield log


def publish(log: SqliteLog, seed: int = 1, messages: int = 40) -> None:
    log.append(FACTS.name, [facts_message.pack(facts) for facts in made_facts.history(seed, messages)])
    log.append(ALERTS.name, [alerts_message.pack([event]) for event in made_alerts.histories(seed)])


def drain(sink: Sink) -> list[int]:
    """Step until nothing is left; the messages of each step."""
    steps = []
    while done := sink.step():
        steps.append(done)
    return steps


def value(metrics: Metrics, name: str, **labels: str) -> float:
    families = text_string_to_metric_families(metrics.render().decode())
    return next(s.value for f in families for s in f.samples if s.name == name and s.labels == labels)


def letters(log: SqliteLog) -> list[Message]:
    return [
        held for n in range(log.partitions(DEAD_LETTERS.name)) for held in log.read(DEAD_LETTERS.name, n, 0)
    ]


def test_all_that_is_published_is_stored_and_acknowledged(store: Store, log: SqliteLog) -> None:
    publish(log)
    metrics = Metrics("0")
    sink = Sink(log, store, metrics, clock=lambda: 1_700_000_000.0)
    waiting = sink.lag()
    assert waiting == 40 + len(made_alerts.histories(1))
    assert sum(drain(sink)) == waiting
    assert sink.lag() == 0 and sink.step() == 0
    tables = dump(store.client)
    held = [row for row in tables["standings"] if row[7] != "0"]
    assert len(held) == len(made_facts.standings(made_facts.history(1)))
    assert len(tables["alerts"]) == 30
    ends = {(topic, n): log.end(topic, n) for topic in (FACTS.name, ALERTS.name) for n in range(3)}
    assert ends == {place: log.committed(SINK_GROUP, *place) for place in ends}
    rows = sum(map(len, made_facts.history(1)))
    assert value(metrics, "rollcall_sink_rows_total", table="student_day_facts") == rows
    assert value(metrics, "rollcall_sink_rows_total", table="alert_events") == len(tables["alert_events"])
    assert value(metrics, "rollcall_sink_rows_total", table="standings") >= len(tables["standings"])
    assert value(metrics, "rollcall_last_progress_timestamp_seconds") == 1_700_000_000.0


# One by one, each with all that is worked out from it, is slow: of these there are fewer.
@pytest.mark.parametrize(("messages", "rows", "published"), [(1, 1, 15), (2, 150, 40), (7, 10_000, 40)])
def test_portions_do_not_matter(
    engine: Engine, tmp_path: Path, messages: int, rows: int, published: int
) -> None:
    with log_in(tmp_path, partitions=2) as log, engine.store() as whole, engine.store() as portions:
        publish(log, messages=published)
        drain(Sink(log, whole, Metrics("0")))
        log.commit(SINK_GROUP, {(topic, n): 0 for topic in (FACTS.name, ALERTS.name) for n in range(2)})
        sink = Sink(log, portions, Metrics("0"), messages_a_read=messages, rows_a_commit=rows)
        assert len(drain(sink)) > 1 or rows == 10_000
        assert dump(portions.client) == dump(whole.client)


def test_the_same_messages_again_change_nothing(store: Store, log: SqliteLog) -> None:
    publish(log)
    drain(Sink(log, store, Metrics("0")))
    before = dump(store.client)
    log.commit(SINK_GROUP, {(FACTS.name, 0): 0, (FACTS.name, 1): 2, (FACTS.name, 2): 1, (ALERTS.name, 0): 3})
    assert drain(Sink(log, store, Metrics("0"), messages_a_read=2, rows_a_commit=90))
    assert dump(store.client) == before


def test_a_call_inserts_ten_thousand_rows_at_most(store: Store, log: SqliteLog) -> None:
    facts = Facts("D1", 2024, 1)
    for number in range(ROWS_A_CALL + 2_345):
        facts.add("S1", f"{number:06d}", "5", number % 200, "", 1)
    log.append(FACTS.name, [facts_message.pack(facts)])
    sizes: list[int] = []
    watched(store, sizes)
    assert Sink(log, store, Metrics("0")).step() == 1
    assert sizes == [ROWS_A_CALL, 2_345]
    assert store.client.query("SELECT count() FROM standings FINAL WHERE tier = 'I'").result_rows == [
        (2 * len(facts),)
    ]


def watched(store: Store, sizes: list[int]) -> None:
    """Note the rows of each insert of facts."""
    insert = store.insert_facts

    def noted(columns: Columns) -> None:
        sizes.append(len(columns[0]))
        insert(columns)

    store.insert_facts = noted  # type: ignore[method-assign]  # it is passed through to the real one


BAD = {
    b'{"schema":1,"district":"D1","ye': "not_json",
    b'{"schema":2,"rows":"as a later version writes them"}': "newer_schema",
    b"": "not_json",
}


@pytest.mark.parametrize("topic", [FACTS.name, ALERTS.name])
@pytest.mark.parametrize(("bad", "reason"), BAD.items(), ids=BAD.values())
def test_what_cannot_be_read_is_put_aside_and_the_rest_goes_on(
    store: Store, log: SqliteLog, topic: str, bad: bytes, reason: str
) -> None:
    publish(log)
    log.append(topic, [Outgoing(b"D1", bad, (("who", b"knows"),))])
    publish(log, seed=2)
    metrics = Metrics("0")
    sink = Sink(log, store, metrics)
    drain(sink)
    (letter,) = letters(log)
    refused = unpack(letter.value or b"")
    assert (refused.reason, refused.origin, refused.headers) == (reason, bad, (("who", b"knows"),))
    partition = int(refused.file.removeprefix(f"{topic}/"))
    assert (log.read(topic, partition, refused.line, 1)[0].value or b"") == bad
    assert value(metrics, "rollcall_sink_errors_total", kind="unreadable") == 1
    assert sink.lag() == 0
    everything = [*made_alerts.histories(1), *made_alerts.histories(2)]
    kept = {(event.district_id, event.alert_id, event.sequence) for event in everything}
    assert len(dump(store.client)["alert_events"]) == len(kept)


def test_a_tombstone_is_put_aside_too(store: Store, log: SqliteLog) -> None:
    log.append(FACTS.name, [Outgoing(b"D1", None)])
    assert Sink(log, store, Metrics("0")).step() == 1
    assert unpack(letters(log)[0].value or b"").reason == "not_json"


def test_nothing_of_a_student_is_logged(
    store: Store, log: SqliteLog, capsys: pytest.CaptureFixture[str]
) -> None:
    log.append(FACTS.name, [Outgoing(b"D1", b'{"schema":1,"students":["CANARY-77"')])
    assert Sink(log, store, Metrics("0")).step() == 1
    shown = capsys.readouterr()
    assert "message_unreadable" in shown.out
    assert "CANARY" not in shown.out + shown.err


def test_a_store_that_fails_is_tried_again_and_then_the_sink_ends_unacknowledged(
    store: Store, log: SqliteLog
) -> None:
    publish(log)
    store.client.command("RENAME TABLE standings TO away")
    metrics = Metrics("0")
    sink = Sink(log, store, metrics, retry_seconds=2)
    with pytest.raises(StoreUnavailable, match=r"cannot be used \(ClickHouse's error 60\)") as caught:
        sink.run(threading.Event())
    assert "standings" not in str(caught.value)
    assert value(metrics, "rollcall_sink_errors_total", kind="unavailable") > 1
    assert log.committed(SINK_GROUP, FACTS.name, 0) is None
    store.client.command("RENAME TABLE away TO standings")
    drain(sink)
    assert sink.lag() == 0
    assert len([row for row in dump(store.client)["standings"] if row[7] != "0"]) == len(
        made_facts.standings(made_facts.history(1))
    )


def test_a_store_that_comes_back_is_used_on(store: Store, log: SqliteLog) -> None:
    publish(log)
    store.client.command("RENAME TABLE standings TO away")
    stop = threading.Event()
    metrics = Metrics("0")
    failures = 0

    class Back(threading.Event):
        """Brings the table back while the sink waits for its third try."""

        def wait(self, timeout: float | None = None) -> bool:
            nonlocal failures
            failures += 1
            if failures == 3:
                store.client.command("RENAME TABLE away TO standings")
            if failures > 3:
                self.set()
            return super().wait(0)

    stop = Back()
    Sink(log, store, metrics).run(stop)
    assert value(metrics, "rollcall_sink_errors_total", kind="unavailable") == 3
    assert value(metrics, "rollcall_sink_lag_messages") == 0


def test_a_stop_ends_the_tries_without_an_error(store: Store, log: SqliteLog) -> None:
    publish(log)
    store.client.command("RENAME TABLE standings TO away")

    class Told(threading.Event):
        """Is set by the first wait."""

        def wait(self, timeout: float | None = None) -> bool:
            self.set()
            return True

    Sink(log, store, Metrics("0")).run(Told())
    assert log.committed(SINK_GROUP, FACTS.name, 0) is None


def test_it_runs_in_a_thread_with_a_client_of_its_own(engine: Engine, tmp_path: Path) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with log_in(tmp_path) as log, engine.store() as store:
                Sink(log, store, Metrics("0")).run(stop)
        except BaseException as error:
            failures.append(error)

    with log_in(tmp_path) as log:
        thread = threading.Thread(target=work)
        thread.start()
        publish(log)
        places = [(FACTS.name, 0), (ALERTS.name, 0)]
        while thread.is_alive() and any(log.committed(SINK_GROUP, *p) != log.end(*p) for p in places):
            stop.wait(0.05)
        stop.set()
        thread.join()
    assert failures == []
