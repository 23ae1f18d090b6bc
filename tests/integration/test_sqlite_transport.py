"""The transport within one process: how Faust finds it, what it keeps, waits for and refuses."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import faust
import pytest
from faust import transport as faust_transport
from faust.types import TP
from yarl import URL

from infra.sqlite_log.log import SqliteLog
from infra.sqlite_transport import writing
from infra.sqlite_transport.place import Place, broker_url, place_of
from infra.sqlite_transport.registration import register
from infra.sqlite_transport.transport import Transport
from infra.sqlite_transport.worker_lock import WorkerAlreadyRuns, lock_for_worker
from streams.event_log import LogUnavailable, Outgoing

ROOT = Path(__file__).parents[2]
RAW: dict[str, Any] = {
    "key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw",
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.sqlite3"


def app_on(path: Path, **settings: Any) -> faust.App:
    register()
    usual: dict[str, Any] = {
        "broker": broker_url(path, "NORMAL"), "store": "memory://", "datadir": str(path.parent / "faust"),
        "topic_partitions": 2, "topic_disable_leader": True, "web_enabled": False,
        "stream_wait_empty": True, "table_standby_replicas": 0, "broker_commit_interval": 0.05,
    }  # fmt: skip
    return faust.App("test", **(usual | settings))


def transport_of(app: faust.App) -> Transport:
    assert isinstance(app.transport, Transport)
    return app.transport


def during(app: faust.App, work: Callable[[], Awaitable[None]]) -> None:
    """Start the application as our own processes do, without Faust's command; work; stop it."""

    async def whole() -> None:
        try:
            await app.start()
            await asyncio.wait_for(work(), 60)
        finally:
            await app.stop()

    asyncio.run(whole())


def producing(app: faust.App, work: Callable[[], Awaitable[None]]) -> None:
    """The same with the producer alone."""

    async def whole() -> None:
        try:
            await app.producer.start()
            await asyncio.wait_for(work(), 60)
        finally:
            await app.producer.stop()

    asyncio.run(whole())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


# How Faust finds it


def test_faust_finds_the_transport_by_name_and_url_and_still_finds_its_own(path: Path) -> None:
    register()
    register()
    by_url: Any = faust_transport.by_url(URL(broker_url(path)))
    by_name: Any = faust_transport.by_name("sqlite")
    assert by_url is by_name is Transport
    kafka: Any = faust_transport.by_name("kafka")
    assert kafka.__module__ == "faust.transport.drivers.aiokafka"
    transport_of(app_on(path))


@pytest.mark.parametrize("name", ["log.sqlite3", "a log; with? #odd %20names&é.sqlite3"])
@pytest.mark.parametrize("synchronous", ["FULL", "NORMAL"])
def test_the_url_names_the_file_and_what_a_commit_waits_for(
    tmp_path: Path, name: str, synchronous: Any
) -> None:
    path = tmp_path / name
    app = app_on(path, broker=broker_url(path, synchronous))
    assert transport_of(app).place == Place(path, synchronous)


def test_without_a_word_a_commit_waits_for_the_disk() -> None:
    assert place_of([URL("sqlite:///srv/log.sqlite3")]) == Place(Path("/srv/log.sqlite3"), "FULL")


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///", "sqlite://srv/log", "sqlite:///log?sync=OFF", "sqlite:///log?cache=1"]
)
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"the broker .*takes"):
        place_of([URL(url)])


# One worker


def test_the_lock_is_taken_once_and_can_be_given_back(path: Path) -> None:
    with lock_for_worker(path) as lock:
        with pytest.raises(WorkerAlreadyRuns, match="stop that one first"):
            lock_for_worker(path)
        lock_for_worker(path.with_name("other.sqlite3")).release()
    lock.release()
    lock_for_worker(path).release()


HOLDER = """
import sys, time
from pathlib import Path
from infra.sqlite_transport.worker_lock import lock_for_worker
lock = lock_for_worker(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(600)
"""


def test_the_lock_of_another_process_ends_with_that_process_however_it_ends(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(WorkerAlreadyRuns, match=rf"a worker \(process {other.pid}\) already reads"):
                lock_for_worker(path)
        finally:
            other.kill()
    lock_for_worker(path).release()


def test_a_lock_file_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="see that its folder is there"):
        lock_for_worker(tmp_path / "nowhere" / "log.sqlite3")


def test_the_transport_uses_the_lock_of_its_process_and_leaves_it(path: Path) -> None:
    async def nothing() -> None: ...

    with lock_for_worker(path):
        during(app_on(path), nothing)
        with pytest.raises(WorkerAlreadyRuns):
            lock_for_worker(path)


def test_the_transport_takes_the_lock_where_nobody_did_and_gives_it_back(path: Path) -> None:
    async def work() -> None:
        with pytest.raises(WorkerAlreadyRuns):
            lock_for_worker(path)

    during(app_on(path), work)
    lock_for_worker(path).release()


@pytest.mark.parametrize("locked_before", [False, True])
def test_two_applications_in_one_process_are_two_workers(path: Path, locked_before: bool) -> None:
    lock = lock_for_worker(path) if locked_before else None

    async def work() -> None:
        second = app_on(path)
        try:
            with pytest.raises(WorkerAlreadyRuns):
                await second.start()
        finally:
            await second.stop()

    during(app_on(path), work)
    if lock is not None:
        lock.release()


# Messages


def test_an_agent_gets_what_was_sent_from_here_and_from_elsewhere(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", **RAW)
    large = bytes(range(256)) * 20_000
    got: list[tuple[Any, ...]] = []

    async def agent(stream: Any) -> None:
        async for event in stream.events():
            message = event.message
            got.append((message.key, message.value, tuple(message.headers), message.timestamp))

    app.agent(topic, name="agent")(agent)

    async def work() -> None:
        place = await (await topic.send(key=b"k", value=b"v", headers={"h": b"\x00"}, timestamp=5.125))
        assert (place.topic, place.offset, place.timestamp) == ("events", 0, 5.125)
        assert place.topic_partition == TP("events", place.partition)
        await (await topic.send(key=b"k", value=large, headers=[("h", b"1"), ("h", b"2")], timestamp=6.0))
        await (await topic.send(key=b"k", value=None, timestamp=7.0))
        await (await topic.send(key=None, value=b"no key", partition=place.partition, timestamp=8.0))
        await until(lambda: len(got) == 4)
        elsewhere = SqliteLog(path, now_ms=lambda: 9_000)
        elsewhere.append("events", [Outgoing(b"k", b"from elsewhere", (("a", b"b"),))])
        elsewhere.close()
        await until(lambda: len(got) == 5)

    during(app, work)
    assert got == [
        (b"k", b"v", (("h", b"\x00"),), 5.125),
        (b"k", large, (("h", b"1"), ("h", b"2")), 6.0),
        (b"k", None, (), 7.0),
        (None, b"no key", (), 8.0),
        (b"k", b"from elsewhere", (("a", b"b"),), 9.0),
    ]


def test_messages_without_a_key_are_spread_over_the_partitions(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", **RAW)
    places = []

    async def work() -> None:
        for _ in range(4):
            places.append((await (await topic.send(key=None, value=b""))).partition)

    producing(app, work)
    assert sorted(places) == [0, 0, 1, 1]


def test_a_table_keeps_and_deletes_and_its_changelog_is_compacted(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", partitions=3, **RAW)
    table = app.Table("state", partitions=3, key_type=bytes, value_type=bytes)
    seen = []

    async def agent(stream: Any) -> None:
        async for event in stream.events():
            if event.value == b"delete":
                del table[event.key]
            else:
                table[event.key] = event.value
            seen.append(event.value)

    app.agent(topic, name="agent")(agent)

    async def work() -> None:
        for key, value in ((b"a", b"1"), (b"b", b"1"), (b"a", b"delete")):
            await (await topic.send(key=key, value=value))
        await until(lambda: len(seen) == 3)

    during(app, work)
    log = SqliteLog(path)
    assert log.partitions("events") == log.partitions("test-state-changelog") == 3
    changes = [message for n in range(3) for message in log.read("test-state-changelog", n, 0)]
    assert sorted((message.key, message.value or b"") for message in changes) == [
        (b"a", b""), (b"a", b"1"), (b"b", b"1"),
    ]  # fmt: skip
    assert [message.value for message in changes if message.key == b"a"] == [b"1", None]
    log.close()
    raw = sqlite3.connect(path)
    declared = dict(raw.execute("SELECT name, compact FROM topic WHERE retention_ms IS NULL"))
    raw.close()
    assert declared["test-state-changelog"] == 1
    assert declared["events"] == 0


def test_a_topic_that_faust_may_not_declare_is_missed(path: Path) -> None:
    app = app_on(path, topic_allow_declare=False)

    async def work() -> None:
        with pytest.raises(LogUnavailable, match="has no topic events; create the topics before the start"):
            await app.topic("events", **RAW).send(key=b"k", value=b"v")

    producing(app, work)


def test_an_application_that_reads_a_missing_topic_ends(path: Path) -> None:
    app = app_on(path, topic_allow_declare=False)

    async def agent(stream: Any) -> None:
        async for _ in stream.events():
            ...

    app.agent(app.topic("events", **RAW), name="agent")(agent)

    async def work() -> None:
        await app.wait_until_stopped()

    during(app, work)
    assert isinstance(app.crash_reason, LogUnavailable)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"key": "text"}, TypeError),
        ({"value": 7}, TypeError),
        ({"headers": {"h": "text"}}, TypeError),
        ({"partition": 2}, ValueError),
    ],
)
def test_what_cannot_be_kept_is_refused_and_takes_nothing_along(
    path: Path, wrong: dict[str, Any], error: type[Exception]
) -> None:
    app = app_on(path)
    asked: dict[str, Any] = {"key": b"k", "value": b"v", "partition": 0, "timestamp": None, "headers": None}

    async def work() -> None:
        good = await app.producer.send("events", **asked)
        with pytest.raises(error):
            await app.producer.send("events", **(asked | wrong))
        assert (await good).offset == 0

    producing(app, work)


# Durability, order and waiting


def test_what_is_sent_together_is_one_transaction_in_the_order_of_sending(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", **RAW)
    SqliteLog(path).close()
    watch = sqlite3.connect(path)

    async def work() -> None:
        await (await topic.send(key=b"k", value=b"first"))
        before = watch.execute("PRAGMA data_version").fetchone()
        sent = [await topic.send(key=b"k", value=b"%d" % n) for n in range(500)]
        assert watch.execute("PRAGMA data_version").fetchone() == before
        # When the first of them is there, all are.
        assert (await sent[0]).offset == 1
        assert watch.execute("SELECT count(*) FROM message").fetchone() == (501,)
        assert [place.offset for place in await asyncio.gather(*sent)] == list(range(1, 501))

    producing(app, work)
    watch.close()


def test_a_sender_waits_while_too_much_is_not_written_yet(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "PENDING_BYTES", 1000)
    monkeypatch.setattr(writing, "BATCH_BYTES", 500)
    app = app_on(path)
    topic = app.topic("events", **RAW)
    most = 0

    async def work() -> None:
        nonlocal most
        futures: list[tuple[int, Any]] = []

        async def one(n: int) -> None:
            futures.append((n, await topic.send(key=b"k", value=b"%099d" % n)))

        senders = [asyncio.create_task(one(n)) for n in range(200)]
        while not all(sender.done() for sender in senders):
            most = max(most, sum(not future.done() for _, future in futures))
            await asyncio.sleep(0)
        await app.producer.flush()
        assert all(future.done() for _, future in futures)
        # In the order in which their turn came, each once.
        assert sorted(n for n, _ in futures) == list(range(200))
        assert sorted([(await future).offset for _, future in futures]) == list(range(200))

    producing(app, work)
    assert 0 < most <= 12


def test_the_event_loop_goes_on_while_another_process_keeps_the_file_locked(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", **RAW)
    other = sqlite3.connect(path, isolation_level=None)

    async def work() -> None:
        await (await topic.send(key=b"k", value=b"before"))
        other.execute("BEGIN IMMEDIATE")
        sent: Any = await topic.send(key=b"k", value=b"during")
        for _ in range(30):
            await asyncio.sleep(0.001)
            assert not sent.done()
        other.execute("COMMIT")
        assert (await sent).offset == 1

    producing(app, work)
    other.close()


def test_an_error_of_the_log_reaches_the_sender_who_may_send_again(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", **RAW)

    async def limit(pages: int) -> None:
        await transport_of(app).writer.call(
            lambda log: log._connection.execute(f"PRAGMA max_page_count={pages}").fetchone()
        )

    async def work() -> None:
        await (await topic.send(key=b"k", value=b"first"))
        # SQLite's own limit ends as a full disk does.
        await limit(20)
        sent = [await topic.send(key=b"k", value=b"x" * 200_000) for _ in range(2)]
        for one in sent:
            with pytest.raises(LogUnavailable, match="is full; make room there, then try again"):
                await one
        await limit(100_000)
        assert (await (await topic.send(key=b"k", value=b"x" * 200_000))).offset == 1

    producing(app, work)


def test_stopping_writes_what_was_sent(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", partitions=1, **RAW)

    async def work() -> None:
        for n in range(50):
            await topic.send(key=b"k", value=b"%d" % n)
        for n in range(50, 100):
            # As tables do: it goes through Faust's own buffer.
            topic.send_soon(key=b"k", value=b"%d" % n)

    producing(app, work)
    log = SqliteLog(path)
    found = [message.value for n in range(2) for message in log.read("events", n, 0)]
    log.close()
    assert found == [b"%d" % n for n in range(100)]


def test_the_sink_of_the_same_process_reads_with_a_log_of_its_own(path: Path) -> None:
    app = app_on(path)
    topic, facts = app.topic("events", **RAW), app.topic("facts", partitions=1, **RAW)

    async def agent(stream: Any) -> None:
        async for event in stream.events():
            await (await facts.send(key=event.key, value=event.value))

    app.agent(topic, name="agent")(agent)

    def sink() -> list[bytes | None]:
        log = SqliteLog(path, synchronous="NORMAL")
        log.create("facts", 2)
        found: list[bytes | None] = []
        while len(found) < 100:
            for partition in range(2):
                at = log.committed("sink", "facts", partition) or 0
                if messages := log.read("facts", partition, at):
                    found += [message.value for message in messages]
                    log.commit("sink", {("facts", partition): at + len(messages)})
        log.close()
        return found

    async def work() -> None:
        reading = asyncio.create_task(asyncio.to_thread(sink))
        for n in range(100):
            await topic.send(key=b"k", value=b"%d" % n)
        assert await reading == [b"%d" % n for n in range(100)]

    during(app, work)


def test_a_seek_back_brings_the_messages_again(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", partitions=1, **RAW)
    got = []

    async def agent(stream: Any) -> None:
        async for event in stream.events():
            got.append(event.message.offset)

    app.agent(topic, name="agent")(agent)

    async def work() -> None:
        for _ in range(3):
            await topic.send(key=b"k", value=b"")
        await until(lambda: len(got) == 3)
        tp = TP("events", 0)
        assert await app.consumer.position(tp) == app.consumer.highwater(tp) == 3
        assert await app.consumer.earliest_offsets(tp) == {tp: 0}
        assert await app.consumer.highwaters(tp) == {tp: 3}
        await app.consumer.seek_wait({tp: 1})
        await until(lambda: len(got) == 5)
        consumer: Any = app.consumer
        await consumer.seek_to_beginning(tp)
        await consumer.seek(tp, 2)
        await until(lambda: len(got) == 6)

    during(app, work)
    assert got == [0, 1, 2, 1, 2, 2]


def test_a_full_buffer_does_not_make_the_worker_sleep_for_a_second_each_time(path: Path) -> None:
    """As Faust would, where a topic has one partition: this then takes minutes, and runs into the limit."""
    app = app_on(path, stream_buffer_maxsize=4, broker_max_poll_records=10)
    log = SqliteLog(path)
    log.create("events", 1)
    log.append("events", [Outgoing(b"k", b"")] * 900)
    log.close()
    count = 0

    async def agent(stream: Any) -> None:
        nonlocal count
        async for _ in stream.events():
            await asyncio.sleep(0.001)
            count += 1

    app.agent(app.topic("events", **RAW), name="agent")(agent)

    async def work() -> None:
        await until(lambda: count == 900)

    during(app, work)


# Errors while reading


def test_an_error_while_reading_ends_the_application_and_acknowledges_nothing_in_flight(path: Path) -> None:
    app = app_on(path)
    topic = app.topic("events", partitions=1, **RAW)
    log = SqliteLog(path)
    log.create("events", 1)
    log.append("events", [Outgoing(b"k", b"done"), Outgoing(b"k", b"in hand")])
    in_hand = asyncio.Event()

    async def agent(stream: Any) -> None:
        async for event in stream.events():
            if event.value == b"in hand":
                in_hand.set()
                await asyncio.sleep(600)

    app.agent(topic, name="agent")(agent)

    async def work() -> None:
        await in_hand.wait()
        await until(lambda: log.committed("test", "events", 0) == 1)
        raw = sqlite3.connect(path)
        log.append("events", [Outgoing(b"k", b"kept")])
        # Within one transaction, so that the worker never sees it whole.
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO message SELECT id + 1, timestamp_ms, 0, key, value, headers FROM message"
                    " ORDER BY id DESC LIMIT 1")  # fmt: skip
        raw.commit()
        raw.close()
        await app.wait_until_stopped()

    during(app, work)
    assert isinstance(app.crash_reason, LogUnavailable)
    assert "is damaged" in str(app.crash_reason)
    assert log.committed("test", "events", 0) == 1
    log.close()
