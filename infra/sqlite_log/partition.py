"""Which partition a key belongs to: murmur2 of its bytes, as every client of Kafka does."""

from __future__ import annotations

from functools import lru_cache

from aiokafka.partitioner import murmur2  # type: ignore[import-untyped]  # it comes without types

_POSITIVE = 0x7FFFFFFF


@lru_cache(maxsize=65_536)
def partition_of(key: bytes, partitions: int) -> int:
    """The partition, from 0 to `partitions` - 1. The hash is plain Python, so recent keys are remembered."""
    hashed: int = murmur2(key)
    return (hashed & _POSITIVE) % partitions
