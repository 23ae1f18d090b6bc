"""The Faust application of the worker, and its events as messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import faust
from faust.types import EventT

from streams.event_log import Message
from streams.flow import App
from streams.topics import APP_ID


def message_of(event: EventT[Any]) -> Message:
    """The message of an event."""
    held = event.message
    headers = held.headers or {}
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return Message(
        held.topic,
        held.partition,
        held.offset,
        round((held.timestamp or 0) * 1000),
        held.key,
        held.value,
        # A producer may send a header without a value.
        tuple((name, bytes(value or b"")) for name, value in pairs),
    )


def made_app(broker: str, partitions: int, datadir: str, extra: Mapping[str, Any]) -> faust.App:
    """The application; `extra` are settings that the broker needs."""
    return App(
        APP_ID,
        broker=broker,
        store="memory://",
        datadir=datadir,
        topic_partitions=partitions,
        topic_disable_leader=True,
        # Topics are made by infra with their settings, and checked; Faust is not to make its own.
        topic_allow_declare=False,
        web_enabled=False,
        stream_wait_empty=True,
        table_standby_replicas=0,
        broker_commit_interval=0.5,
        # How long the partitions of a worker that was killed wait for another one; by default a minute.
        broker_session_timeout=10.0,
        broker_heartbeat_interval=2.0,
        broker_max_poll_records=100,
        stream_buffer_maxsize=64,
        consumer_auto_offset_reset="earliest",
        producer_acks=-1,
        producer_compression_type="lz4",
        # Less would end in several rounds to the broker for what one message stores.
        producer_max_batch_size=256 * 1024,
        producer_max_request_size=32 * 1024 * 1024,
        **extra,
    )
