"""The worker: parse, call the engine, publish, store, acknowledge (docs/adr/0001).

No exception leaves the agent's body, because Faust acknowledges a message whose body raised. What cannot be
made good within the deadline ends the process with the message unacknowledged, and the next start repeats it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar

import structlog
from faust.types import EventT, TopicT

from models.policy import PolicyOf
from streams import topics
from streams.appending import Append
from streams.continuity import Continuity, Places
from streams.effects import Effects
from streams.event_log import Message
from streams.faust_app import made_app, message_of
from streams.judging import Judged
from streams.processor import Plan, Processor
from streams.rounds import Rounds, Worked
from streams.table import StateStore
from streams.topics import CHANGELOG, TABLE
from streams.turns import Turn, Turns

# So many messages may be in hand at once; most of them wait for a long one of their district.
_MOST_IN_HAND = 32
# Of the quick ones fewer are worked out, because what they publish and store takes memory until it is done.
# With less than these the worker waits for the log at times.
_MOST_WORKED_OUT = 24

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
    append: Append
    extra: Mapping[str, Any]


class Worker:
    """The application with its one agent, and the messages that it has in hand (`turns`)."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options
        self.turns = Turns()
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads = 0
        self._room = asyncio.Semaphore(_MOST_WORKED_OUT)
        self._publishing, self._storing = Rounds(self._publish), Rounds(self._store)
        self._assignments = 0
        self._taken = False
        self._continuity = Continuity(options.places)
        self.app = made_app(options.broker, options.partitions, options.datadir, options.extra)
        table = self.app.Table(
            TABLE, default=None, partitions=options.partitions, key_type=bytes, value_type=bytes
        )
        self.store = StateStore(table, CHANGELOG, options.append)
        self._brought = Effects(self.app, self.store, options.append, options.retry_seconds)
        self.processor = Processor(self.store, options.policy_of, options.partition_of)
        self.app.agent(self._topic(topics.RECORDS.name), name="records")(self._records)
        self.app.on_partitions_revoked.connect(self._on_partitions)
        self.app.on_partitions_assigned.connect(self._on_assigned)

    def _topic(self, name: str) -> TopicT:
        return self.app.topic(
            name, partitions=self._options.partitions,
            key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw",
        )  # fmt: skip

    def partitions(self) -> set[int]:
        """The partitions of the records that this worker has now."""
        assigned = self.app.consumer.assignment()
        return {place.partition for place in assigned if place.topic == topics.RECORDS.name}

    @property
    def recovered(self) -> bool:
        """Whether the state is surely whole, so that a district may be read from it without a message.

        Messages are only taken after the recovery. Before the first of them Faust's word is taken for the
        first assignment only: a later one begins a recovery that the word of an earlier one may run into.
        """
        tables: Any = self.app.tables
        return self._taken or (self._assignments == 1 and tables.recovery.completed.is_set())

    async def _on_assigned(self, *_: Any, **__: Any) -> None:
        self._assignments += 1
        await self._on_partitions()

    async def _on_partitions(self, *_: Any, **__: Any) -> None:
        self._taken = False
        self.processor.forget()
        self.store.forget()
        self._continuity.forget()

    async def _records(self, stream: Any) -> None:
        # Each message is acknowledged when it is done, and not when the next one is asked for.
        stream.enable_acks = False
        async for event in stream.events():
            await self._or_end(event.message, self._take(event))
            await self.turns.fewer_than(_MOST_IN_HAND)

    async def _or_end(self, message: Any, work: Awaitable[None]) -> None:
        """Do the work of a message, ours or Faust's; whatever goes wrong in it ends the process."""
        try:
            await work
        except asyncio.CancelledError:
            raise
        except BaseException:
            _log.exception("message_failed", partition=message.partition, offset=message.offset)
            self._options.fatal("a message could not be dealt with; the line above says where")

    async def _take(self, event: EventT[Any]) -> None:
        """Do what takes milliseconds at once; leave the rest to a task, and go on with other districts."""
        message = message_of(event)
        self._taken = True
        if not self._continuity.is_next(message.partition, message.offset):
            await self._skipped_none(message.partition, message.offset)
        self._continuity.given(message.partition, message.offset)
        judged = self.processor.judge(message)
        turn = self.turns.take(message.partition, message.offset, frozenset(judged.valid), event.ack)
        generation = self.app.consumer_generation_id
        if turn.may_be_worked_out and self.processor.is_quick(judged):
            await self._room.acquire()
            self._work_out(message, judged, turn, generation)
        else:
            self._go_on(message, self._in_turn(message, judged, turn, generation))
        # The log takes what is published while the next message is worked out.
        await asyncio.sleep(0)

    def _go_on(self, message: Message, work: Awaitable[None]) -> None:
        """Do what is left of a message, or of a round, beside what comes next."""
        task = asyncio.create_task(self._or_end(message, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _work_out(self, message: Message, judged: Judged, turn: Turn, generation: int) -> None:
        """Apply a message for which there is room; what it brings about goes out with the next round."""
        started = time.perf_counter()
        plan = self.processor.apply(message, judged)
        self.store.promise(plan.writes)
        self.processor.done(plan)
        turn.worked_out = True
        turn.before.clear()
        self._add(self._publishing, Worked(message, plan, turn, generation, started))

    def _add(self, rounds: Rounds, worked: Worked) -> None:
        if rounds.add(worked):
            self._go_on(worked.message, rounds.run())

    async def _in_turn(self, message: Message, judged: Judged, turn: Turn, generation: int) -> None:
        await turn.comes()
        if self.processor.is_quick(judged):
            await self._room.acquire()
            self._work_out(message, judged, turn, generation)
            return
        started = time.perf_counter()
        # Meanwhile other messages go on, and the broker is to hear from this worker, or it gives the
        # partitions to another one.
        plan = await self._in_thread(partial(self.processor.apply, message, judged))
        self._brake_if(plan)
        await self._brought.publish([(message.partition, plan)])
        self._end_if_assigned_anew(generation)
        await self._brought.store(
            message.partition, plan.writes, lambda: self._end_if_assigned_anew(generation)
        )
        self.processor.done(plan)
        self._over(message, plan, turn, started)

    async def _publish(self, some: Sequence[Worked]) -> None:
        """A round of what is published. What comes before a message at which the worker stops is done."""
        last = next((at for at, each in enumerate(some) if self._brakes(each.plan)), len(some))
        await self._brought.publish([(each.message.partition, each.plan) for each in some[:last]])
        for each in some[:last]:
            self._end_if_assigned_anew(each.generation)
            self._add(self._storing, each)
        if last < len(some):
            await self._storing.idle()
            self._brake_if(some[last].plan)

    async def _store(self, some: Sequence[Worked]) -> None:
        """A round of what is stored, after which the messages may be acknowledged."""
        writes: dict[int, list[tuple[bytes, bytes]]] = {}
        for each in some:
            writes.setdefault(each.message.partition, []).extend(each.plan.writes)

        def still() -> None:
            for each in some:
                self._end_if_assigned_anew(each.generation)

        still()
        await asyncio.gather(*(self._brought.store(at, those, still) for at, those in writes.items()))
        for message, plan, turn, _, started in some:
            self._over(message, plan, turn, started)
            self._room.release()

    def _over(self, message: Message, plan: Plan, turn: Turn, started: float) -> None:
        self._options.observer.done(message, plan, time.perf_counter() - started)
        self.turns.done(turn)

    def _brakes(self, plan: Plan) -> bool:
        return plan.streak >= self._options.brake_after

    def _brake_if(self, plan: Plan) -> None:
        if not self._brakes(plan):
            return
        reason = plan.judged.refused[0].reason
        _log.error("everything_is_refused", messages=plan.streak, reason=reason)
        self._options.fatal(
            f"{plan.streak} messages in a row were wholly refused, the last for {reason}; see "
            "`rollcall export refused`, mend the cause, start again"
        )

    @property
    def in_thread(self) -> bool:
        """Whether another thread changes an engine, or makes one, meanwhile."""
        return self._threads > 0

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        self._threads += 1
        try:
            return await asyncio.to_thread(work)
        finally:
            self._threads -= 1

    async def load(self, district: str) -> None:
        """Read a district from the state, of which no message may ever come; those in hand go first."""
        turn = self.turns.reserve(district)
        generation = self.app.consumer_generation_id
        try:
            await turn.comes()
            await self._in_thread(partial(self.processor.engine, district))
        finally:
            self.turns.done(turn)
        if generation != self.app.consumer_generation_id:
            # It may have been read from a state that another worker has changed since.
            self.processor.forget()

    def _end_if_assigned_anew(self, generation: int) -> None:
        """Another worker may have gone on from here already, and must not find its state overwritten."""
        if generation != self.app.consumer_generation_id:
            self._options.fatal(
                "the partitions were assigned anew while a message was in hand; it is repeated"
            )

    async def _skipped_none(self, partition: int, offset: int) -> None:
        """End the process if a message before this one was never given; the next start reads it."""
        ask = partial(asyncio.to_thread, self._continuity.skipped, partition, offset)
        missing = await self._brought.within_deadline(ask)
        if missing:
            self._options.fatal(
                f"{missing} messages of partition {partition} before offset {offset} were not handed to the "
                "worker; nothing of them is acknowledged, and the next start reads them"
            )
