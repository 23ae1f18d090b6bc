"""The Faust application: parse, call the engine, publish, store, acknowledge (docs/adr/0001).

No exception leaves the agent's body, because Faust acknowledges a message whose body raised. What cannot be
made good within the deadline ends the process with the message unacknowledged, and the next start repeats it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar

import faust
import structlog
from faust.types import EventT, TopicT

from models.columns import Kind
from models.policy import PolicyOf
from streams import topics
from streams.continuity import Continuity, Places
from streams.event_log import Message, Outgoing
from streams.flow import App
from streams.processor import Plan, Processor
from streams.table import StateStore
from streams.topics import APP_ID, CHANGELOG, TABLE

# Messages of attendance are many, and take milliseconds.
_USUAL = Kind.ATTENDANCE.value.encode()

_log = structlog.get_logger()
_Result = TypeVar("_Result")


class Observer(Protocol):
    """What counts things: the metrics, and whoever else looks."""

    def done(self, message: Message, plan: Plan, seconds: float) -> None:
        """A message has been dealt with, and will be acknowledged next."""


class Fatal(Protocol):
    """Ends the process at once, so that nothing more is acknowledged."""

    def __call__(self, why: str) -> NoReturn: ...


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What the composition root decides."""

    broker: str
    partitions: int
    datadir: str
    policy_of: PolicyOf
    partition_of: Callable[[bytes], int]
    places: Places
    brake_after: int
    retry_seconds: float
    observer: Observer
    fatal: Fatal
    extra: Mapping[str, Any]


class Worker:
    """The application with its one agent. `in_hand`: it is at a message."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options
        self.in_hand = False
        self._continuity = Continuity(options.places)
        self.app = _app(options)
        table = self.app.Table(
            TABLE, default=None, partitions=options.partitions, key_type=bytes, value_type=bytes
        )
        self.store = StateStore(table, CHANGELOG)
        self.processor = Processor(self.store, options.policy_of, options.partition_of)
        self.app.agent(self._topic(topics.RECORDS.name), name="records")(self._records)
        self.app.on_partitions_revoked.connect(self._on_partitions)
        self.app.on_partitions_assigned.connect(self._on_partitions)

    def _topic(self, name: str) -> TopicT:
        return self.app.topic(
            name, partitions=self._options.partitions,
            key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw",
        )  # fmt: skip

    def partitions(self) -> set[int]:
        """The partitions of the records that this worker has now."""
        assigned = self.app.consumer.assignment()
        return {place.partition for place in assigned if place.topic == topics.RECORDS.name}

    async def _on_partitions(self, *_: Any, **__: Any) -> None:
        self.processor.forget()
        self.store.forget()
        self._continuity.forget()

    async def _records(self, stream: Any) -> None:
        async for event in stream.events():
            self.in_hand = True
            try:
                await self._one(event)
                self.in_hand = False
            except asyncio.CancelledError:
                raise
            except BaseException:
                _log.exception(
                    "message_failed", partition=event.message.partition, offset=event.message.offset
                )
                self._options.fatal("a message could not be dealt with; the line above says where")

    async def _one(self, event: EventT[Any]) -> None:
        started = time.perf_counter()
        message = _message(event)
        generation = self.app.consumer_generation_id
        if not self._continuity.is_next(message.partition, message.offset):
            await self._skipped_none(message.partition, message.offset)
        if dict(message.headers).get("kind") == _USUAL:
            plan = self.processor.process(message)
        else:
            # A code's meaning or a calendar may concern every student of a district. Meanwhile the broker is
            # to hear from this worker, or it gives the partitions to another one.
            plan = await asyncio.to_thread(self.processor.process, message)
        if plan.streak >= self._options.brake_after:
            _log.error("everything_is_refused", messages=plan.streak, reason=plan.judged.refused[0].reason)
            self._options.fatal(
                f"{plan.streak} messages in a row were wholly refused, the last for "
                f"{plan.judged.refused[0].reason}; see `rollcall export refused`, mend the cause, start again"
            )
        await self._publish(plan)
        if generation != self.app.consumer_generation_id:
            # Another worker may have gone on from here already, and must not find its state overwritten.
            self._options.fatal(
                "the partitions were assigned anew while a message was in hand; it is repeated"
            )
        producer = await self.app.maybe_start_producer()
        await self._within_deadline(partial(self.store.put, producer, message.partition, plan.writes))
        self.processor.done(plan)
        self._continuity.done(message.partition, message.offset)
        self._options.observer.done(message, plan, time.perf_counter() - started)

    async def _skipped_none(self, partition: int, offset: int) -> None:
        """End the process if a message before this one was never given; the next start reads it."""
        ask = partial(asyncio.to_thread, self._continuity.skipped, partition, offset)
        missing = await self._within_deadline(ask)
        if missing:
            self._options.fatal(
                f"{missing} messages of partition {partition} before offset {offset} were not handed to the "
                "worker; nothing of them is acknowledged, and the next start reads them"
            )

    async def _publish(self, plan: Plan) -> None:
        outgoing = (
            (topics.RECORDS.name, plan.judged.forwards),
            (topics.DEAD_LETTERS.name, plan.refused),
            (topics.FACTS.name, plan.facts),
            (topics.ALERTS.name, plan.alerts),
        )
        # All at once, since none of them waits for another one, and each waits for the log.
        await asyncio.gather(
            *(
                self._within_deadline(partial(self._send, name, messages))
                for name, messages in outgoing
                if messages
            )
        )

    async def _send(self, name: str, messages: list[Outgoing]) -> None:
        """Append to a topic; durable on return."""
        # The producer itself: what a Faust topic adds (codecs, models, sensors) is not used here, and costs.
        producer = await self.app.maybe_start_producer()
        sent = [
            await producer.send(name, key, value, None, None, list(headers))
            for key, value, headers in messages
        ]
        await asyncio.gather(*sent)

    async def _within_deadline(self, effect: Callable[[], Awaitable[_Result]]) -> _Result:
        """Try an effect until it succeeds; past the deadline the process ends."""
        deadline = time.monotonic() + self._options.retry_seconds
        pause = 0.05
        while True:
            try:
                # With a limit, because a client that has lost its broker may neither succeed nor fail.
                return await asyncio.wait_for(effect(), self._options.retry_seconds)
            except asyncio.CancelledError:
                raise
            except Exception:
                if time.monotonic() > deadline or self.app.should_stop:
                    raise
                _log.exception("publishing_is_tried_again")
            await asyncio.sleep(pause)
            pause = min(2 * pause, 5.0)


def _message(event: EventT[Any]) -> Message:
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
        tuple((name, bytes(value)) for name, value in pairs),
    )


def _app(options: WorkerOptions) -> faust.App:
    return App(
        APP_ID,
        broker=options.broker,
        store="memory://",
        datadir=options.datadir,
        topic_partitions=options.partitions,
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
        producer_max_request_size=32 * 1024 * 1024,
        **options.extra,
    )
