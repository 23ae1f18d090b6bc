"""What Faust asks of a consumer, on the log: assignment, positions, fetching and commits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from faust.transport import base
from faust.transport.consumer import RecordMap
from faust.types import TP, ConsumerMessage
from mode import Seconds, get_logger

from infra.sqlite_transport.assigning import assign
from infra.sqlite_transport.messages import consumed
from infra.sqlite_transport.reading import Reading
from infra.sqlite_transport.worker_lock import consuming

if TYPE_CHECKING:
    from infra.sqlite_transport.transport import Transport

POLL_SECONDS = 0.02

# Where the application says nothing (broker_max_poll_records).
_MOST_MESSAGES = 500


class Consumer(base.Consumer):
    """The one consumer of the log in all processes.

    Raises WorkerAlreadyRuns at the start where there is another. An error of the log while reading ends the
    application: Faust's fetcher crashes it. From then on nothing is committed, so that what was in flight
    comes again; Faust itself would acknowledge what its agents were taken out of.
    """

    logger = get_logger(__name__)

    def __post_init__(self) -> None:
        self._assigned: set[TP] = set()
        self._reading = Reading(self._shared.reader)
        self._opened = False

    @property
    def _shared(self) -> Transport:
        return cast("Transport", self.transport)

    async def on_start(self) -> None:
        """Take the lock, and open the log. Raises WorkerAlreadyRuns, LogUnavailable."""
        await super().on_start()
        self.exit_stack.enter_context(consuming(self._shared.place.path))
        await self._shared.open()
        self._opened = True

    async def on_shutdown(self) -> None:
        """Close the log, after the last commit."""
        await super().on_shutdown()
        if self._opened:
            self._opened = False
            await self._shared.close()

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Take all partitions of the topics. Raises LogUnavailable where there is no such topic."""
        partitions = {topic: await self._exists(topic) for topic in topics}
        # Not waited for: the assignment waits for the conductor, and that for the end of this call.
        self.add_future(self._rebalance(partitions))

    async def _exists(self, topic: str) -> int:
        found = self._shared.partitions(topic)
        if found:
            return found
        declared = (known.partitions for known in self.app.topics if topic in known.topics)
        wanted = next(filter(None, declared), None) or self.app.conf.topic_partitions
        return await self._shared.create(topic, wanted)

    async def _rebalance(self, partitions: Mapping[str, int]) -> None:
        self.app.on_rebalance_start()
        if self._assigned:
            await self.on_partitions_revoked(set(self._assigned))
        self._assigned = assign(self.app.assignor, partitions)
        await self.seek_to_committed()
        self.app.consumer_generation_id += 1
        await self.on_partitions_assigned(set(self._assigned), self.app.consumer_generation_id)

    def assignment(self) -> set[TP]:
        """All partitions, once subscribed."""
        return self._assigned

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go to where the group would read next; the first time as `consumer_auto_offset_reset` says."""
        conf = self.app.conf
        latest = conf.consumer_auto_offset_reset == "latest"
        committed = await self._reading.to_committed(conf.id, self._assigned, latest=latest)
        # Faust takes None for a partition without a commit; its types do not say so.
        return cast(Mapping[TP, int], committed)

    async def _seek(self, partition: TP, offset: int) -> None:
        self._reading.positions[partition] = offset

    async def seek_wait(self, partitions: Mapping[TP, int]) -> None:
        """Go to these offsets. Faust drops what lies before its own note of the offset, so that moves too."""
        for tp, offset in partitions.items():
            self._reading.positions[tp] = offset
            self._read_offset[tp] = offset or None

    async def seek_to_beginning(self, *partitions: TP) -> None:
        """Go to the oldest messages."""
        self._reading.positions.update(await self._reading.beginnings(partitions))

    async def position(self, tp: TP) -> int | None:
        """The offset that is read next."""
        return self._reading.positions.get(tp)

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        """The offset of the oldest message of each."""
        return await self._reading.beginnings(partitions)

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """The offset that the next message of each will get."""
        return await self._reading.endings(partitions)

    def highwater(self, tp: TP) -> int:
        """The same, as of the last fetch."""
        return self._reading.ends.get(tp, 0)

    async def _commit(self, offsets: Mapping[TP, int]) -> bool:
        if self.app.crashed:
            return False
        group, places = self.app.conf.id, {(tp.topic, tp.partition): at for tp, at in offsets.items()}
        await self._shared.writer.call(lambda log: log.commit(group, places))
        return True

    async def _wait_next_records(self, timeout: float) -> tuple[RecordMap | None, set[TP] | None]:
        # Faust would sleep for a second where no partition is active, as it is whenever the one buffer of a
        # topic with one partition is full.
        deadline = time.monotonic() + timeout
        while self.flow_active and not self._get_active_partitions() and not self._is_over(deadline):
            await asyncio.sleep(POLL_SECONDS)
        return await super()._wait_next_records(timeout)

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> RecordMap:
        deadline = time.monotonic() + timeout
        limit = self.app.conf.broker_max_poll_records or _MOST_MESSAGES
        while self.flow_active:
            version, active = self._shared.data_version(), set(active_partitions or ())
            records = await self._reading.fetch(active, limit)
            if records:
                return records
            while self._shared.data_version() == version and active == set(active_partitions or ()):
                if not self.flow_active or self._is_over(deadline):
                    return {}
                await self._wait_for_writing()
        return {}

    def _is_over(self, deadline: float) -> bool:
        return self.should_stop or time.monotonic() >= deadline

    async def _wait_for_writing(self) -> None:
        written = self._shared.written
        try:
            await asyncio.wait_for(written.wait(), POLL_SECONDS)
        except TimeoutError:
            return
        written.clear()

    def _to_message(self, tp: TP, record: Any) -> ConsumerMessage:
        return consumed(record, self.app.consumer_generation_id)

    def _new_topicpartition(self, topic: str, partition: int) -> TP:
        return TP(topic, partition)

    def topic_partitions(self, topic: str) -> int | None:
        """How many partitions the topic has; None where it does not exist."""
        return self._shared.partitions(topic) or None

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int | None:
        """Where a message with this key goes; None where any partition will do."""
        if partition is not None or key is None:
            return partition
        return self.app.producer.key_partition(topic, key).partition

    async def create_topic(
        self,
        topic: str,
        partitions: int,
        replication: int,
        *,
        config: Mapping[str, Any] | None = None,
        timeout: Seconds = 30.0,
        retention: Seconds | None = None,
        compacting: bool | None = None,
        deleting: bool | None = None,
        ensure_created: bool = False,
    ) -> None:
        """Create a topic (as `Producer.create_topic`)."""
        await self.app.producer.create_topic(
            topic, partitions, replication, retention=retention, compacting=compacting, deleting=deleting
        )
