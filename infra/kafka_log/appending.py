"""Appending to a partition of Kafka in batches of our own: a promise a batch, and not one a message.

Most of what the worker stores is small, some dozen values a message. Through `send` each of them costs what
a batch of them costs here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from typing import Any


async def in_batches(producer: Any, topic: str, partition: int, pairs: Sequence[tuple[bytes, bytes]]) -> int:
    """Append keys and values (streams.appending.Append), with the client of Faust's producer for Kafka."""
    client = producer._ensure_producer()
    sent: list[Awaitable[Any]] = []
    counts: list[int] = []
    for batch in _batches(client, pairs):
        counts.append(batch.record_count())
        sent.append(await client.send_batch(batch, topic, partition=partition))
    stored = await asyncio.gather(*sent)
    # A batch's promise gives the offset of its first message.
    offset: int = stored[-1].offset + counts[-1] - 1
    return offset


def _batches(client: Any, pairs: Sequence[tuple[bytes, bytes]]) -> Iterator[Any]:
    """As few batches as the client's limit of size allows; a value above it has one of its own."""
    batch = client.create_batch()
    for key, value in pairs:
        if batch.append(key=key, value=value, timestamp=None) is None:
            batch.close()
            yield batch
            batch = client.create_batch()
            if batch.append(key=key, value=value, timestamp=None) is None:
                raise ValueError("an empty batch takes no message")
    batch.close()
    yield batch
