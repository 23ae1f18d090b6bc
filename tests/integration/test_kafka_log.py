"""What only Kafka does: gaps, other clients' messages and groups, topic settings, brokers that go away."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition  # type: ignore[import-untyped]  # it comes without types
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer  # type: ignore[import-untyped]  # it comes without types
from kafka.admin import ConfigResource, ConfigResourceType  # type: ignore[import-untyped]  # it comes without types

from infra.kafka_log.administrator import MAX_MESSAGE_BYTES
from infra.kafka_log.log import KafkaLog
from infra.kafka_log.writer import MAX_REQUEST_BYTES, WRITER_OPTIONS, Writer
from infra.settings import load
from streams.event_log import LogUnavailable, Message, Outgoing
from tests.integration.conftest import kafka_settings
from tests.kafka.broker import Broker
from tests.kafka.emptying import claim, empty

SHORT = 2.0

pytestmark = [
    pytest.mark.usefixtures("collected"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


@pytest.fixture
def admin(kafka: str) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(bootstrap_servers=kafka)
    yield client
    client.close()


def whole(log: KafkaLog, topic: str) -> list[Message]:
    found: list[Message] = []
    at = 0
    while batch := log.read(topic, 0, at):
        found += batch
        at = batch[-1].offset + 1
    return found


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for what the broker does by itself."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "the broker has not done it"
        time.sleep(0.1)


# --- offsets without a message -----------------------------------------------------------------------------


def test_gaps_of_compaction_are_skipped(
    kafka: str, kafka_log: KafkaLog, admin: KafkaAdminClient, name: str
) -> None:
    quickly = {"cleanup.policy": "compact", "segment.ms": "100", "min.cleanable.dirty.ratio": "0.0"}
    admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1, "configs": quickly}})
    # Without idempotence, as Faust's: of such a producer no empty batch is kept that would tell of the gap.
    producer = KafkaProducer(bootstrap_servers=kafka, enable_idempotence=False)
    try:
        for number in range(30):
            producer.send(name, key=b"%d" % (number % 3), value=b"%d" % number).get(30)
        time.sleep(0.2)
        # A segment is closed by a message that comes after its time, and then cleaned; the last one never is.
        producer.send(name, key=b"1", value=None).get(30)
        until(lambda: len(whole(kafka_log, name)) == 4)
    finally:
        producer.close()
    kept = [(27, b"27"), (28, b"28"), (29, b"29"), (30, None)]
    assert [(one.offset, one.value) for one in whole(kafka_log, name)] == kept
    assert [one.offset for one in kafka_log.read(name, 0, 5, limit=2)] == [27, 28]
    assert kafka_log.end(name, 0) == 31


def test_markers_of_transactions_are_skipped_at_the_end_too(
    kafka: str, kafka_log: KafkaLog, name: str
) -> None:
    kafka_log.create(name, 1)
    producer = KafkaProducer(bootstrap_servers=kafka, transactional_id=name)
    try:
        producer.init_transactions()
        for first in (0, 2):
            producer.begin_transaction()
            for number in (first, first + 1):
                producer.send(name, key=b"D", value=b"%d" % number)
            producer.commit_transaction()
    finally:
        producer.close()
    assert [one.offset for one in kafka_log.read(name, 0, 0)] == [0, 1, 3, 4]
    assert kafka_log.end(name, 0) == 6
    assert kafka_log.read(name, 0, 5) == []
    assert [one.offset for one in kafka_log.read(name, 0, 2, limit=1)] == [3]
    kafka_log.append(name, [Outgoing(b"D", b"after")])
    assert [one.value for one in kafka_log.read(name, 0, 5)] == [b"after"]


def test_reading_goes_on_from_the_oldest_message_that_is_kept(
    kafka_log: KafkaLog, admin: KafkaAdminClient, name: str
) -> None:
    kafka_log.create(name, 1)
    kafka_log.append(name, [Outgoing(b"D", b"%d" % number) for number in range(10)])
    assert kafka_log.read(name, 0, 0, limit=2)[0].offset == 0
    admin.delete_records({TopicPartition(name, 0): 6})
    assert kafka_log.beginning(name, 0) == 6
    fresh = [one.offset for one in kafka_log.read(name, 0, 0)]
    assert fresh == [6, 7, 8, 9]


def test_a_topic_that_was_made_anew_is_read_from_its_new_end(
    kafka: str, kafka_log: KafkaLog, admin: KafkaAdminClient, name: str
) -> None:
    kafka_log.create(name, 1)
    kafka_log.append(name, [Outgoing(b"D", b"%d" % number) for number in range(10)])
    assert len(kafka_log.read(name, 0, 0, limit=5)) == 5
    admin.delete_topics([name])
    until(lambda: name not in admin.list_topics())
    other = KafkaLog(kafka_settings(kafka))
    try:
        other.create(name, 1)
        other.append(name, [Outgoing(b"D", b"anew")])
    finally:
        other.close()
    found: list[Message] = []

    def caught_up() -> bool:
        found[:] = kafka_log.read(name, 0, 7)
        return kafka_log.end(name, 0) == 1

    until(caught_up)
    assert kafka_log.read(name, 0, 7) == []
    assert [one.value for one in kafka_log.read(name, 0, 0)] == [b"anew"]


# --- messages and groups of other clients ------------------------------------------------------------------


def test_messages_of_others_are_read_as_they_are(kafka: str, kafka_log: KafkaLog, name: str) -> None:
    kafka_log.create(name, 1)
    producer = KafkaProducer(bootstrap_servers=kafka, compression_type="gzip")
    try:
        producer.send(name, value=b"no key", headers=[("h", b"1")]).get(30)
        producer.send(name, key=b"D", value=b"an old one", timestamp_ms=1_000).get(30)
    finally:
        producer.close()
    assert kafka_log.read(name, 0, 0)[0][4:] == (None, b"no key", (("h", b"1"),))
    assert kafka_log.read(name, 0, 1) == [Message(name, 0, 1, 1_000, b"D", b"an old one", ())]


def test_offsets_are_shared_with_the_workers_client(kafka: str, kafka_log: KafkaLog, name: str) -> None:
    """Faust commits through aiokafka; here a live group of it is looked at, and followed once it has left."""
    kafka_log.create(name, 2)
    kafka_log.append(name, [Outgoing(b"district-%d" % number, b"1") for number in range(40)])
    zero, one = TopicPartition(name, 0), TopicPartition(name, 1)

    async def member() -> None:
        consumer = AIOKafkaConsumer(
            name,
            bootstrap_servers=kafka,
            group_id=name,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            await consumer.getone()
            await consumer.commit({zero: 7})
            assert await asyncio.to_thread(kafka_log.committed, name, name, 0) == 7
            assert await asyncio.to_thread(kafka_log.committed, name, name, 1) is None
            with pytest.raises(LogUnavailable, match="live members"):
                await asyncio.to_thread(kafka_log.commit, name, {(name, 0): 1})
        finally:
            await consumer.stop()

    async def successor() -> None:
        consumer = AIOKafkaConsumer(bootstrap_servers=kafka, group_id=name, enable_auto_commit=False)
        await consumer.start()
        try:
            consumer.assign([zero, one])
            assert await consumer.committed(zero) == 9
            assert await consumer.committed(one) == 4
        finally:
            await consumer.stop()

    asyncio.run(member())
    kafka_log.commit(name, {(name, 0): 9, (name, 1): 4})
    asyncio.run(successor())


# --- topics ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("compact", "retention_ms", "policy", "retention"),
    [
        (False, None, "delete", "-1"),
        (False, 86_400_000, "delete", "86400000"),
        (True, None, "compact", "-1"),
        (True, 86_400_000, "compact,delete", "86400000"),
    ],
)
def test_a_topic_gets_its_settings(
    kafka_log: KafkaLog,
    admin: KafkaAdminClient,
    name: str,
    compact: bool,
    retention_ms: int | None,
    policy: str,
    retention: str,
) -> None:
    kafka_log.create(name, 2, compact=compact, retention_ms=retention_ms)
    configs = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    told = {key: entry["value"] for key, entry in configs["topic"][name].items()}
    assert told["cleanup.policy"] == policy
    assert told["retention.ms"] == retention
    assert told["max.message.bytes"] == str(MAX_MESSAGE_BYTES)


def test_more_copies_than_brokers_are_said(kafka: str, name: str) -> None:
    log = KafkaLog(load(broker=f"kafka://{kafka}", replication_factor=2))
    try:
        with pytest.raises(LogUnavailable, match="ROLLCALL_REPLICATION_FACTOR"):
            log.create(name, 1)
        assert log.partitions(name) == 0
    finally:
        log.close()


def test_a_message_that_is_too_large_is_said_and_the_next_one_goes_through(
    kafka_log: KafkaLog, name: str
) -> None:
    kafka_log.create(name, 1)
    large = b"0" * (MAX_REQUEST_BYTES + 1)
    with pytest.raises(LogUnavailable, match=r"max\.message\.bytes") as caught:
        kafka_log.append(name, [Outgoing(b"D", b"before"), Outgoing(b"D", large)])
    assert len(str(caught.value)) < 500
    assert kafka_log.end(name, 0) == 0
    kafka_log.append(name, [Outgoing(b"D", b"after")])
    assert [one.value for one in kafka_log.read(name, 0, 0)] == [b"after"]


def test_what_the_broker_refuses_as_too_large_is_said(
    kafka_log: KafkaLog, admin: KafkaAdminClient, name: str
) -> None:
    configs = {"max.message.bytes": "10000"}
    admin.create_topics(
        {name: {"num_partitions": 1, "replication_factor": 1, "configs": configs}}, wait_for_metadata=True
    )
    with pytest.raises(LogUnavailable, match=r"max\.message\.bytes"):
        kafka_log.append(name, [Outgoing(b"D", random.Random(1).randbytes(20_000))])
    kafka_log.append(name, [Outgoing(b"D", b"after")])
    assert [one.value for one in kafka_log.read(name, 0, 0)] == [b"after"]


# --- the broker of the tests -------------------------------------------------------------------------------


def test_an_emptied_broker_has_no_topics_and_no_groups(own_kafka: Broker, name: str) -> None:
    log = KafkaLog(kafka_settings(own_kafka.address))
    try:
        log.create(name, 3)
        log.append(name, [Outgoing(b"D", b"1")])
        log.commit(f"{name}-left", {(name, 0): 1})

        member = KafkaConsumer(name, bootstrap_servers=own_kafka.address, group_id=f"{name}-live")
        try:
            until(lambda: not member.poll(100) and bool(member.assignment()))
            empty(own_kafka.address)
        finally:
            member.close(autocommit=False, timeout_ms=1_000)
    finally:
        log.close()
    again = KafkaLog(kafka_settings(own_kafka.address))
    try:
        assert again.partitions(name) == 0
        again.create(name, 1)
        assert again.end(name, 0) == 0
        assert again.committed(f"{name}-left", name, 0) is None
        with pytest.raises(RuntimeError, match="in use"):
            claim(own_kafka.address)
    finally:
        again.close()
        empty(own_kafka.address)


# --- brokers that go away ----------------------------------------------------------------------------------


def test_a_broker_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(LogUnavailable, match="ROLLCALL_BROKER"):
        KafkaLog(load(broker="kafka://127.0.0.1:1"), timeout=1.0)


def test_a_broker_that_dies_is_said_by_every_call_and_found_again(own_kafka: Broker, name: str) -> None:
    log = KafkaLog(kafka_settings(own_kafka.address), timeout=SHORT)
    try:
        log.create(name, 1)
        log.append(name, [Outgoing(b"D", b"before")])
        log.commit(name, {(name, 0): 1})
        assert len(log.read(name, 0, 0)) == 1
        own_kafka.kill()
        for call in (
            lambda: log.append(name, [Outgoing(b"D", b"meanwhile")]),
            lambda: log.read(name, 0, 1),
            lambda: log.end(name, 0),
            lambda: log.committed(name, name, 0),
        ):
            with pytest.raises(LogUnavailable, match=own_kafka.address):
                call()
        own_kafka.start()
        until(lambda: _answers(log, name))
        log.append(name, [Outgoing(b"D", b"after")])
        assert [one.value for one in log.read(name, 0, 0)] == [b"before", b"after"]
        assert log.committed(name, name, 0) == 1
    finally:
        log.close()
        own_kafka.start_again()


def test_a_broker_that_hangs_is_said_and_nothing_comes_in_late(own_kafka: Broker, name: str) -> None:
    log = KafkaLog(kafka_settings(own_kafka.address), timeout=SHORT)
    try:
        log.create(name, 1)
        log.append(name, [Outgoing(b"D", b"before")])
        own_kafka.freeze()
        with pytest.raises(LogUnavailable, match=own_kafka.address):
            log.append(name, [Outgoing(b"D", b"meanwhile")])
        with pytest.raises(LogUnavailable, match=own_kafka.address):
            log.read(name, 0, 0)
        own_kafka.thaw()
        until(lambda: _answers(log, name))
        log.append(name, [Outgoing(b"D", b"after")])
        # What was on its way to the broker may be there, once; it may not come in behind what was sent later.
        values = [one.value for one in whole(log, name)]
        assert values in ([b"before", b"after"], [b"before", b"meanwhile", b"after"])
    finally:
        own_kafka.thaw()
        log.close()


def test_a_writer_that_is_closed_sends_nothing_more(own_kafka: Broker, name: str) -> None:
    log = KafkaLog(kafka_settings(own_kafka.address), timeout=SHORT)
    options = {**WRITER_OPTIONS, "batch_size": 1, "linger_ms": 0, "bootstrap_servers": own_kafka.address}
    producer = KafkaProducer(**options)
    try:
        log.create(name, 1)
        writer = Writer(producer, SHORT)
        writer.append(name, [Outgoing(b"D", b"before")])
        own_kafka.freeze()
        for number in range(50):
            producer.send(name, key=b"D", value=b"%d" % number)
        writer.close()
        own_kafka.thaw()
        until(lambda: _answers(log, name))
        log.append(name, [Outgoing(b"D", b"after")])
        # Of the fifty those may be there that were on their way already, but five at a time are.
        values = [one.value for one in whole(log, name)]
        assert values[-1] == b"after"
        assert len(values) <= 2 + 5
    finally:
        own_kafka.thaw()
        log.close()


def _answers(log: KafkaLog, topic: str) -> bool:
    try:
        log.end(topic, 0)
    except LogUnavailable:
        return False
    return True


def test_nothing_is_left_behind_by_a_log_that_never_answered() -> None:
    before = threading.active_count()
    for _ in range(3):
        with pytest.raises(LogUnavailable):
            KafkaLog(load(broker="kafka://127.0.0.1:1"), timeout=0.5)
    assert threading.active_count() <= before
