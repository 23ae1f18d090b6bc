"""What is known now, read from the log: the worker's state, and on top what it has not processed yet.

Exports and checks work on it, so that they work whether or not the service runs: a chDB folder admits one
process, and the worker's memory only itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from alerts.engine import Engine
from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.district import Ledger
from models.ledger.groups import KIND, district_of, split_key
from models.policy import PolicyOf
from streams.event_log import EventLog, Message
from streams.judging import judge
from streams.refused import Refused
from streams.topics import APP_ID, CHANGELOG, RECORDS

_READ = 500


class State:
    """The worker's state as a dict, by district (models.ledger.held.GroupStore)."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}
        self._keys: dict[str, set[bytes]] = {}

    def get(self, key: bytes) -> bytes | None:
        """The value of a key."""
        return self._values.get(key)

    def keys_of(self, district: str) -> Iterable[bytes]:
        """All keys of a district."""
        return self._keys.get(district, set())

    def put(self, key: bytes, value: bytes | None) -> None:
        """Set a key, or take it away."""
        district = district_of(key)
        if value is None:
            self._values.pop(key, None)
            self._keys.get(district, set()).discard(key)
        else:
            self._values[key] = value
            self._keys.setdefault(district, set()).add(key)

    def districts(self) -> list[str]:
        """The districts that have keys."""
        return sorted(district for district, keys in self._keys.items() if district and keys)


class Snapshot:
    """The ledgers of districts as of now.

    `districts` None is all of them; `kinds` None is all, with the alerts. With some kinds only, nothing is
    known of alerts, and of days only what these kinds say. `waiting` counts the messages of the log that the
    worker has not acknowledged; `refused` are the refusals in them. Without `with_waiting` it is what the
    worker has stored, and no more.
    """

    def __init__(
        self,
        log: EventLog,
        policy_of: PolicyOf,
        *,
        districts: Collection[str] | None = None,
        kinds: Collection[Kind] | None = None,
        with_waiting: bool = True,
    ) -> None:
        self._policy_of = policy_of
        self._districts = districts
        self._kinds = kinds
        self._state = State()
        self._engines: dict[str, Engine] = {}
        self._ledgers: dict[str, Ledger] = {}
        self.waiting = 0
        self.refused: list[Refused] = []
        # The place first, then the state: what is done in between is applied twice, which changes nothing.
        starts = _committed(log)
        self._read_state(log)
        if not with_waiting:
            return
        for partition, start in starts.items():
            for message in read_all(log, RECORDS.name, partition, start):
                self.waiting += 1
                self._apply_message(message)

    def districts(self) -> list[str]:
        """The districts that something is known of, in order."""
        known = {*self._state.districts(), *self._engines, *self._ledgers}
        return sorted(held for held in known if self.wanted(held))

    def ledger(self, district: str) -> Ledger:
        """The ledger of a district."""
        if self._kinds is None:
            return self.engine(district).ledger
        held = self._ledgers.get(district)
        if held is None:
            held = self._ledgers[district] = Ledger(district, self._state)
        return held

    def engine(self, district: str) -> Engine:
        """The engine of a district, with its alerts."""
        if self._kinds is not None:
            raise ValueError("a snapshot of some kinds knows no alerts")
        held = self._engines.get(district)
        if held is None:
            held = self._engines[district] = Engine(district, self._state, self._policy_of)
        return held

    def apply(self, kind: Kind, records: Mapping[str, list[Stored]]) -> None:
        """Put valid records by district in, for this snapshot only."""
        for district, rows in records.items():
            if not self.wanted(district) or (self._kinds is not None and kind not in self._kinds):
                continue
            if self._kinds is not None:
                self.ledger(district).put(kind, rows)
                writes = list(self.ledger(district).writes().items())
                self._store(writes)
                self.ledger(district).stored()
            else:
                engine = self.engine(district)
                engine.apply(kind, rows)
                self._store(engine.writes())
                engine.stored()

    def _store(self, writes: Iterable[tuple[bytes, bytes]]) -> None:
        for key, value in writes:
            self._state.put(key, value)

    def wanted(self, district: str) -> bool:
        """Whether it is one of the districts that were asked for."""
        return self._districts is None or district in self._districts

    def _read_state(self, log: EventLog) -> None:
        letters = None if self._kinds is None else {letter for letter in KIND if KIND[letter] in self._kinds}
        for partition in range(log.partitions(CHANGELOG)):
            for message in read_all(log, CHANGELOG, partition, log.beginning(CHANGELOG, partition)):
                if message.key is None:
                    continue
                district, letter, _ = split_key(message.key)
                if self.wanted(district) and (letters is None or letter in letters):
                    self._state.put(message.key, message.value)

    def _apply_message(self, message: Message) -> None:
        judged = judge(message, lambda _: message.partition)
        self.refused += judged.refused
        if judged.kind is not None:
            self.apply(judged.kind, judged.valid)


def _committed(log: EventLog) -> dict[int, int]:
    """Where the worker goes on, by partition of the records."""
    starts = {}
    for partition in range(log.partitions(RECORDS.name)):
        held = log.committed(APP_ID, RECORDS.name, partition)
        starts[partition] = log.beginning(RECORDS.name, partition) if held is None else held
    return starts


def read_all(log: EventLog, topic: str, partition: int, start: int) -> Iterator[Message]:
    """Every message from `start` to the end as it is when this begins."""
    end = log.end(topic, partition)
    place = start
    while place < end:
        messages = log.read(topic, partition, place, _READ)
        if not messages:
            return
        for message in messages:
            if message.offset >= end:
                return
            yield message
        place = messages[-1].offset + 1
