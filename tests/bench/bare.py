"""The yardstick: a consumer that reads the same messages and decodes them with pydantic, nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped]  # it comes without types
from pydantic import BaseModel, TypeAdapter

from infra.settings import Settings
from infra.sqlite_log.log import SqliteLog
from models.columns import Kind
from streams.topics import RECORDS
from tests.bench.sizes import PARTITIONS
from tests.bench.watch import Window

# As many as the worker takes at once.
_MESSAGES_A_READ = 100


class AttendanceEvent(BaseModel):
    """The columns that the events of the bench give."""

    event_id: str
    district_id: str
    school_id: str
    student_id: str
    date: date
    code: str
    recorded_at: datetime
    permission: Literal["documented", "missing"] | None = None


_EVENTS = TypeAdapter(list[AttendanceEvent])


def consume(settings: Settings, messages: int) -> Window:
    """Read all messages once."""
    window = Window(messages)
    path = settings.sqlite_path
    if path is None:
        asyncio.run(_from_kafka(settings, window))
    else:
        _from_sqlite(SqliteLog(path, synchronous=settings.sqlite_sync), window)
    return window


def _take(window: Window, headers: Mapping[str, bytes], value: bytes) -> bool:
    kind = headers["kind"]
    events = _EVENTS.validate_json(value) if kind == Kind.ATTENDANCE.value.encode() else []
    return window.note(kind, len(events))


async def _from_kafka(settings: Settings, window: Window) -> None:
    consumer = AIOKafkaConsumer(
        RECORDS.name,
        bootstrap_servers=",".join(settings.bootstrap),
        group_id="bare",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        last = False
        while not last:
            read = await consumer.getmany(timeout_ms=1000, max_records=_MESSAGES_A_READ)
            for messages in read.values():
                for message in messages:
                    last = _take(window, dict(message.headers), message.value)
    finally:
        await consumer.stop()


def _from_sqlite(log: SqliteLog, window: Window) -> None:
    positions = dict.fromkeys(range(PARTITIONS), 0)
    last = False
    while not last:
        for partition, position in positions.items():
            for message in log.read(RECORDS.name, partition, position, _MESSAGES_A_READ // PARTITIONS):
                positions[partition] = message.offset + 1
                last = _take(window, dict(message.headers), message.value or b"")
    log.close()
