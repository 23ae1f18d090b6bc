"""The worker's messages are compressed lightly, which nothing of aiokafka offers."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from aiokafka.codec import lz4_decode, lz4_encode  # type: ignore[import-untyped]  # it comes without types
from aiokafka.record.default_records import (  # type: ignore[import-untyped]  # it comes without types
    DefaultRecordBatchBuilder,
)

from infra.kafka_log.compression import LEVEL, compress_lightly

_LZ4 = 3  # as the format of batches numbers it

# As a day of many students: much is alike, and yet each level finds another way.
_VALUE = " ".join(str(random.Random(n).randrange(3000)) for n in range(20_000)).encode()


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = lz4_encode.__defaults__
    yield
    lz4_encode.__defaults__ = before


def batch() -> bytes:
    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=_LZ4, is_transactional=0,
        producer_id=-1, producer_epoch=-1, base_sequence=-1, batch_size=1 << 20,
    )  # fmt: skip
    assert builder.append(offset=0, timestamp=1, key=b"k", value=_VALUE, headers=[]) is not None
    return bytes(builder.build())


def test_a_batch_is_compressed_at_our_level_and_can_be_read() -> None:
    before = batch()
    compress_lightly()
    after = batch()
    # The head of a batch of version 2 has 61 bytes.
    records = lz4_decode(after[61:])
    assert after[61:] == lz4_encode(records, level=LEVEL)
    assert _VALUE in records and len(before) < len(after)
