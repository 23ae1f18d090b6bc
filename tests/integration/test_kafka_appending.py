"""The state's changelog on Kafka: in batches, in order, and all of it or an error."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]  # it comes without types

from infra.kafka_log.appending import in_batches
from infra.kafka_log.log import KafkaLog

pytestmark = [
    pytest.mark.usefixtures("collected"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


class FaustProducer:
    """What `in_batches` knows of Faust's producer for Kafka."""

    def __init__(self, client: AIOKafkaProducer) -> None:
        self._client = client

    def _ensure_producer(self) -> AIOKafkaProducer:
        return self._client


def with_producer(kafka: str, work: Callable[[Any], Awaitable[Any]], **options: Any) -> Any:
    async def run() -> Any:
        client = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", **options)
        await client.start()
        try:
            return await work(FaustProducer(client))
        finally:
            await client.stop()

    return asyncio.run(run())


@pytest.mark.parametrize("most", [1_000, 16_384, 262_144])
def test_all_of_it_in_order_whatever_fits_into_a_batch(
    kafka: str, kafka_log: KafkaLog, name: str, most: int
) -> None:
    kafka_log.create(name, 2)
    # The third is larger than a batch may be.
    pairs = [
        (b"k%d" % n, bytes([n % 251]) * size) for n, size in enumerate([10, 900, 300_000, 1, 2_000] * 40)
    ]
    offset = with_producer(
        kafka,
        lambda producer: in_batches(producer, name, 1, pairs),
        max_batch_size=most,
        max_request_size=32 * 1024 * 1024,
    )
    found = []
    at = 0
    while read := kafka_log.read(name, 1, at):
        found += read
        at = read[-1].offset + 1
    assert [(message.key, message.value) for message in found] == pairs
    assert offset == found[-1].offset


def test_a_broker_that_refuses_is_an_error(kafka: str, kafka_log: KafkaLog, name: str) -> None:
    kafka_log.create(name, 2)
    pairs = [(b"small", b"1"), (b"large", bytes(20_000_000)), (b"last", b"2")]
    with pytest.raises(Exception, match="MessageSizeTooLarge"):
        with_producer(
            kafka,
            lambda producer: in_batches(producer, name, 0, pairs),
            max_request_size=64 * 1024 * 1024,
        )
