"""How the worker appends keys and values to one partition, in order."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

Append = Callable[[Any, str, int, Sequence[tuple[bytes, bytes]]], Awaitable[int]]
"""(Faust's producer, topic, partition, keys with values): durable on return, which is the offset of the last.

Raises what the log raises; a part may then be there.
"""


async def one_by_one(producer: Any, topic: str, partition: int, pairs: Sequence[tuple[bytes, bytes]]) -> int:
    """As every transport of Faust can."""
    sent = [await producer.send(topic, key, value, partition, None, None) for key, value in pairs]
    stored = await asyncio.gather(*sent)
    offset: int = stored[-1].offset
    return offset
