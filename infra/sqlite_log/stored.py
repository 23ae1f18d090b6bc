"""How a message stands in its row, and how damage to it is noticed: SQLite itself checks no content."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

from infra.sqlite_log.connection import OFFSET_BITS
from infra.sqlite_log.headers import packed, unpacked
from streams.event_log import Headers, Message

_HEAD = struct.Struct(">qqqq")
_OFFSET = (1 << OFFSET_BITS) - 1

# id, timestamp_ms, checksum, key, value, headers: the columns of the table `message`.
Row = tuple[int, int, int, bytes | None, bytes | None, bytes | None]


class Entry(NamedTuple):
    """One message to append whose partition is already known; Faust may leave the key out."""

    topic: str
    partition: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


def row_of(tp: int, offset: int, entry: Entry) -> Row:
    """The row of a message at an offset of the partition with the id `tp`."""
    held = packed(entry.headers)
    row = row_id(tp, offset)
    checksum = _checksum(row, entry.timestamp_ms, entry.key, entry.value, held)
    return row, entry.timestamp_ms, checksum, entry.key, entry.value, held


def row_id(tp: int, offset: int) -> int:
    """The id of a message's row; that of offset 0 of the next partition is the end of this one's range."""
    return (tp << OFFSET_BITS) + offset


def offset_of(row: int) -> int:
    """The offset in its partition of a message's row."""
    return row & _OFFSET


def message_of(topic: str, partition: int, row: Row) -> Message:
    """The message of a row. Raises ValueError or TypeError where it is not what was written."""
    number, timestamp_ms, checksum, key, value, headers = row
    if _checksum(number, timestamp_ms, key, value, headers) != checksum:
        raise ValueError("the checksum differs")
    return Message(topic, partition, offset_of(number), timestamp_ms, key, value, unpacked(headers))


def _checksum(
    row: int, timestamp_ms: int, key: bytes | None, value: bytes | None, headers: bytes | None
) -> int:
    """CRC-32 of the row's id, its time, the lengths of key and value (-1: none), key, value and headers."""
    lengths = (-1 if key is None else len(key), -1 if value is None else len(value))
    found = zlib.crc32(_HEAD.pack(row, timestamp_ms, *lengths))
    for part in (key, value, headers):
        if part:
            found = zlib.crc32(part, found)
    return found
