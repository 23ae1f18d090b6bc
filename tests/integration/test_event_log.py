"""What the port of the event log promises, held to by both of its back ends."""

from __future__ import annotations

import itertools
import random

import aiokafka.partitioner  # type: ignore[import-untyped]  # it comes without types
import pytest

from infra.sqlite_log.partition import partition_of
from infra.topics_check import check_kept, check_topics
from streams.event_log import EventLog, LogUnavailable, Message, Outgoing
from streams.topics import TOPICS, Topic

# Keys of one, two and three bytes over a multiple of four, an empty one, and some beyond ASCII.
KEYS = [
    b"",
    b"D",
    b"09",
    b"D-1",
    b"0042",
    b"district",
    b"a-longer-district-id",
    "Ø-Bezirk".encode(),
    b"\xff\x00\x80",
]


def whole(log: EventLog, topic: str, partition: int = 0, limit: int = 500) -> list[Message]:
    """All messages of a partition, read as every reader here does."""
    found: list[Message] = []
    at = log.beginning(topic, partition)
    while batch := log.read(topic, partition, at, limit):
        found += batch
        at = batch[-1].offset + 1
    return found


def numbered(count: int, key: bytes = b"D") -> list[Outgoing]:
    return [Outgoing(key, b"%d" % number) for number in range(count)]


# --- topics ------------------------------------------------------------------------------------------------


def test_a_topic_that_is_absent_has_no_partitions_and_is_said_by_name(event_log: EventLog, name: str) -> None:
    assert event_log.partitions(name) == 0
    for ask in (
        lambda: event_log.append(name, [Outgoing(b"D", b"1")]),
        lambda: event_log.append(name, []),
        lambda: event_log.read(name, 0, 0),
        lambda: event_log.beginning(name, 0),
        lambda: event_log.end(name, 0),
        lambda: event_log.committed("group", name, 0),
        lambda: event_log.commit("group", {(name, 0): 1}),
    ):
        with pytest.raises(LogUnavailable, match=name):
            ask()
    assert event_log.partitions(name) == 0


def test_a_partition_that_is_absent_is_said(event_log: EventLog, name: str) -> None:
    event_log.create(name, 2)
    with pytest.raises(LogUnavailable, match="partition 2"):
        event_log.read(name, 2, 0)
    with pytest.raises(LogUnavailable, match="partition 2"):
        event_log.end(name, 2)


def test_create_keeps_what_is_there(event_log: EventLog, name: str) -> None:
    event_log.create(name, 3)
    event_log.append(name, numbered(4))
    event_log.create(name, 5, compact=True)
    assert event_log.partitions(name) == 3
    assert sum(event_log.end(name, partition) for partition in range(3)) == 4


def test_a_topic_without_partitions_is_refused(event_log: EventLog, name: str) -> None:
    with pytest.raises(ValueError, match="partition"):
        event_log.create(name, 0)


def test_check_topics_names_what_is_missing_or_different(event_log: EventLog, name: str) -> None:
    right, wrong, missing = Topic(f"{name}-right"), Topic(f"{name}-wrong"), Topic(f"{name}-missing")
    event_log.create(right.name, 2)
    event_log.create(wrong.name, 3)
    check_topics(event_log, [right], 2)
    with pytest.raises(LogUnavailable) as caught:
        check_topics(event_log, [right, wrong, missing], 2)
    said = str(caught.value)
    assert f"{wrong.name} has 3 partitions" in said
    assert f"{missing.name} is missing" in said
    assert "all topics need 2 partitions" in said
    assert right.name not in said
    assert event_log.partitions(missing.name) == 0


def test_every_topic_of_ours_can_be_created(event_log: EventLog, name: str) -> None:
    ours = [Topic(f"{name}.{topic.name}", topic.compact, topic.retention_ms) for topic in TOPICS]
    for topic in ours:
        event_log.create(topic.name, 2, compact=topic.compact, retention_ms=topic.retention_ms)
    check_topics(event_log, ours, 2)


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("retention_ms", [None, 86_400_000])
def test_a_topic_forgets_only_where_it_has_a_retention(
    event_log: EventLog, name: str, compact: bool, retention_ms: int | None
) -> None:
    event_log.create(name, 1, compact=compact, retention_ms=retention_ms)
    assert event_log.forgets(name) is (retention_ms is not None)
    check_kept(event_log, [Topic(name, compact, retention_ms)])


def test_a_topic_that_would_lose_what_is_to_be_kept_is_said(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1, retention_ms=7 * 86_400_000)
    with pytest.raises(LogUnavailable, match=f"{name} needs cleanup.policy=compact"):
        check_kept(event_log, [Topic(name, compact=True)])
    with pytest.raises(LogUnavailable, match=r"retention\.ms=-1"):
        check_kept(event_log, [Topic(name)])
    with pytest.raises(LogUnavailable, match="has no topic"):
        event_log.forgets(f"{name}-missing")


# --- appending and reading ---------------------------------------------------------------------------------


def test_an_empty_partition_begins_and_ends_at_nought(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    assert (event_log.beginning(name, 0), event_log.end(name, 0)) == (0, 0)
    assert event_log.read(name, 0, 0) == []
    event_log.append(name, [])
    assert event_log.end(name, 0) == 0


def test_messages_come_back_in_order_and_whole(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    headers = (("kind", b"attendance"), ("again", b"1"), ("again", b"2"), ("again", b"1"), ("blank", b""))
    sent = [
        Outgoing(b"D", b"value", headers),
        Outgoing(b"D", b""),
        Outgoing(b"D", None, (("why", "gelöscht".encode()),)),
        Outgoing(b"", b"\x00\xff" * 10),
    ]
    event_log.append(name, sent[:1])
    event_log.append(name, sent[1:])
    found = event_log.read(name, 0, 0)
    assert [(one.key, one.value, one.headers) for one in found] == [tuple(one) for one in sent]
    assert [(one.topic, one.partition, one.offset) for one in found] == [(name, 0, n) for n in range(4)]
    assert found[0].timestamp_ms <= found[-1].timestamp_ms
    assert found[0].timestamp_ms > 1_600_000_000_000
    assert (event_log.beginning(name, 0), event_log.end(name, 0)) == (0, 4)


def test_a_key_keeps_its_order_among_others(event_log: EventLog, name: str) -> None:
    event_log.create(name, 3)
    for first in range(0, 60, 20):
        event_log.append(name, [Outgoing(KEYS[n % len(KEYS)], b"%d" % n) for n in range(first, first + 20)])
    found = [message for partition in range(3) for message in whole(event_log, name, partition)]
    assert len(found) == 60
    for key in KEYS:
        numbers = [int(message.value or b"") for message in found if message.key == key]
        assert numbers == sorted(numbers)
        assert len({message.partition for message in found if message.key == key}) == 1


def test_a_key_has_the_partition_of_murmur2(event_log: EventLog, name: str) -> None:
    event_log.create(name, 7)
    keys = KEYS + [b"district-%d" % number for number in range(40)]
    event_log.append(name, [Outgoing(key, b"1") for key in keys])
    put = {
        message.key: message.partition
        for partition in range(7)
        for message in whole(event_log, name, partition)
    }
    workers = aiokafka.partitioner.DefaultPartitioner()
    assert put == {key: partition_of(key, 7) for key in keys}
    assert put == {key: workers(key, list(range(7)), list(range(7))) for key in keys}
    assert len(set(put.values())) == 7


def test_a_limit_is_kept_and_reading_goes_on_from_there(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    event_log.append(name, numbered(10))
    assert [one.offset for one in event_log.read(name, 0, 0, limit=4)] == [0, 1, 2, 3]
    assert [one.offset for one in event_log.read(name, 0, 4, limit=4)] == [4, 5, 6, 7]
    assert [one.offset for one in event_log.read(name, 0, 8, limit=4)] == [8, 9]
    assert event_log.read(name, 0, 10, limit=4) == []
    assert event_log.read(name, 0, 99) == []
    # Back again, and to the middle of what was read in one go.
    assert [one.offset for one in event_log.read(name, 0, 3, limit=2)] == [3, 4]
    assert [one.offset for one in event_log.read(name, 0, 1, limit=1)] == [1]
    assert [one.offset for one in event_log.read(name, 0, 0)] == list(range(10))


def test_what_was_appended_after_an_empty_read_is_read(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    for offset in range(5):
        assert event_log.read(name, 0, offset) == []
        event_log.append(name, [Outgoing(b"D", b"%d" % offset)])
        assert [one.value for one in event_log.read(name, 0, offset)] == [b"%d" % offset]
    assert event_log.end(name, 0) == 5


def test_many_partitions_are_read_in_turn(event_log: EventLog, name: str) -> None:
    topics = [f"{name}-{letter}" for letter in "ab"]
    for topic in topics:
        event_log.create(topic, 4)
        event_log.append(topic, [Outgoing(b"district-%d" % n, b"%d" % n) for n in range(400)])
    places = list(itertools.product(topics, range(4)))
    at = dict.fromkeys(places, 0)
    found: dict[str, list[bytes | None]] = {topic: [] for topic in topics}
    moved = True
    while moved:
        moved = False
        for topic, partition in places:
            batch = event_log.read(topic, partition, at[topic, partition], limit=7)
            if batch:
                moved = True
                assert batch[0].offset == at[topic, partition]
                at[topic, partition] = batch[-1].offset + 1
                found[topic] += [one.value for one in batch]
    for topic in topics:
        assert sorted(found[topic], key=lambda value: int(value or b"")) == [b"%d" % n for n in range(400)]
    assert at == {place: event_log.end(*place) for place in places}


def test_a_reader_of_its_own_sees_all(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    event_log.append(name, numbered(1_200))
    found = whole(event_log, name, limit=500)
    assert [one.value for one in found] == [b"%d" % number for number in range(1_200)]


def test_messages_of_five_hundred_records(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    rows = b",".join(
        b'{"code":"A","date":"2021-09-%02d","district_id":"D","event_id":"%032x","permission":"documented",'
        b'"recorded_at":"2021-09-30T08:00:00Z","school_id":"S-%02d","student_id":"%07d"}'
        % (1 + n % 28, n * 7919**8, n % 12, n * 977)
        for n in range(500)
    )
    assert 90_000 < len(rows) < 110_000
    event_log.append(name, [Outgoing(b"D", b"[%d,%s]" % (number, rows)) for number in range(60)])
    found = whole(event_log, name)
    assert [one.value for one in found] == [b"[%d,%s]" % (number, rows) for number in range(60)]


def test_a_value_of_some_megabytes_that_does_not_compress(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1, compact=True)
    large = random.Random(1).randbytes(5_000_000)
    event_log.append(name, [Outgoing(b"a", large), Outgoing(b"b", b"small")])
    assert [one.value for one in whole(event_log, name)] == [large, b"small"]


# --- groups ------------------------------------------------------------------------------------------------


def test_a_group_begins_without_an_offset(event_log: EventLog, name: str) -> None:
    event_log.create(name, 2)
    assert event_log.committed(f"{name}-group", name, 0) is None
    event_log.commit(f"{name}-group", {(name, 0): 3})
    assert event_log.committed(f"{name}-group", name, 0) == 3
    assert event_log.committed(f"{name}-group", name, 1) is None


def test_nought_is_an_offset(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    event_log.commit(f"{name}-group", {(name, 0): 0})
    assert event_log.committed(f"{name}-group", name, 0) == 0


def test_two_groups_have_offsets_of_their_own(event_log: EventLog, name: str) -> None:
    event_log.create(name, 1)
    event_log.commit(f"{name}-one", {(name, 0): 5})
    event_log.commit(f"{name}-two", {(name, 0): 2})
    event_log.commit(f"{name}-two", {(name, 0): 1})
    assert event_log.committed(f"{name}-one", name, 0) == 5
    assert event_log.committed(f"{name}-two", name, 0) == 1


def test_one_commit_for_several_topics(event_log: EventLog, name: str) -> None:
    topics = [f"{name}-{letter}" for letter in "ab"]
    for topic in topics:
        event_log.create(topic, 2)
    offsets = {
        (topic, partition): 10 * n + partition for n, topic in enumerate(topics) for partition in (0, 1)
    }
    event_log.commit(name, offsets)
    event_log.commit(name, {})
    assert {place: event_log.committed(name, *place) for place in offsets} == offsets
