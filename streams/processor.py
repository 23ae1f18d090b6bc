"""One message of records: what is to be published and stored because of it. No I/O; the agent does that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter

from alerts.engine import Engine
from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.groups import US
from models.ledger.held import GroupStore
from models.policy import PolicyOf
from streams import refused as refused_message
from streams.alerts_message import AlertEvent
from streams.event_log import Message, Outgoing
from streams.judging import Judged, judge
from streams.outcome import events_messages, events_of, facts_messages, facts_of

# A day of a school takes some milliseconds to be read.
_FEW_DAYS = 8

# No district begins with the unit separator, so that this key is nobody's.
STREAK_KEY = f"{US}refused in a row".encode()

_CODE_AND_DATE = itemgetter("code", "date")
_DATE = itemgetter("date")


@dataclass(slots=True)
class Plan:
    """The effects of one message, in the order in which they must happen: publish, store, acknowledge.

    `streak` counts the messages wholly refused in a row on this partition, this one included.
    """

    judged: Judged
    facts: list[Outgoing] = field(default_factory=list)
    alerts: list[Outgoing] = field(default_factory=list)
    refused: list[Outgoing] = field(default_factory=list)
    writes: list[tuple[bytes, bytes]] = field(default_factory=list)
    events: list[AlertEvent] = field(default_factory=list)
    streak: int = 0
    set_aside: int = 0
    engines: list[Engine] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """What came of the message, as `rollcall_messages_total` says it."""
        if self.judged.wholly_refused:
            return "refused"
        if self.judged.forwards and not self.judged.valid:
            return "forwarded"
        return "applied" if self.writes else "unchanged"


class Processor:
    """Keeps an engine for each district of the worker's partitions, made when its first record comes."""

    def __init__(self, store: GroupStore, policy_of: PolicyOf, partition_of: Callable[[bytes], int]) -> None:
        self._store = store
        self._policy_of = policy_of
        self._partition_of = partition_of
        self._engines: dict[str, Engine] = {}
        self._streaks: dict[int, int] = {}

    def forget(self) -> None:
        """The partitions have changed: what is known is read from the store again."""
        self._engines.clear()
        self._streaks.clear()

    @property
    def engines(self) -> Iterable[Engine]:
        """The engines that are loaded."""
        return self._engines.values()

    def progress(self, districts: Iterable[str]) -> tuple[int, int]:
        """Of messages in hand: the students judged again, and those concerned (0 until that is known)."""
        engines = [self._engines[district] for district in districts if district in self._engines]
        return sum(engine.judged for engine in engines), sum(engine.concerned for engine in engines)

    def engine(self, district: str) -> Engine:
        """The engine of a district."""
        held = self._engines.get(district)
        if held is None:
            held = self._engines[district] = Engine(district, self._store, self._policy_of)
        return held

    def process(self, message: Message) -> Plan:
        """Judge and apply a message. Call `done` when all of its effects are."""
        return self.apply(message, self.judge(message))

    def judge(self, message: Message) -> Judged:
        """What a message holds; changes nothing."""
        return judge(message, self._partition_of)

    def is_quick(self, judged: Judged) -> bool:
        """Whether it takes milliseconds: attendance of a day or some, of districts that are loaded.

        A code's meaning or a calendar may concern every student of a district. To load one reads all of its
        records, and so do records of many days, if not as many.
        """
        return not judged.valid or (
            judged.kind is Kind.ATTENDANCE
            and judged.valid.keys() <= self._engines.keys()
            and all(
                len(set(map(_DATE, [held.given for held in records]))) <= _FEW_DAYS
                for records in judged.valid.values()
            )
        )

    def apply(self, message: Message, judged: Judged) -> Plan:
        """Apply what a message holds. May run in a thread, beside messages of other districts."""
        plan = Plan(judged)
        plan.refused = [refused_message.pack(held) for held in judged.refused]
        for district, records in judged.valid.items():
            assert judged.kind is not None
            engine = self.engine(district)
            applied = engine.apply(judged.kind, records)
            if judged.kind is Kind.ATTENDANCE:
                plan.set_aside += _unmapped(engine, records)
            for facts in facts_of(district, applied.moves, message.offset):
                plan.facts += facts_messages(facts)
            events = events_of(district, applied.changes, message.offset)
            plan.events += events
            plan.alerts += events_messages(events)
            plan.writes += engine.writes()
            plan.engines.append(engine)
        self._count_streak(message.partition, plan)
        return plan

    def _count_streak(self, partition: int, plan: Plan) -> None:
        before = self._streaks.get(partition)
        if before is None:
            before = int(self._store.get(STREAK_KEY + str(partition).encode()) or b"0")
        plan.streak = before + 1 if plan.judged.wholly_refused else 0
        if plan.streak != before:
            plan.writes.append((STREAK_KEY + str(partition).encode(), str(plan.streak).encode()))
        self._streaks[partition] = plan.streak

    def done(self, plan: Plan) -> None:
        """All effects of the plan have happened."""
        for engine in plan.engines:
            engine.stored()


def _unmapped(engine: Engine, records: Sequence[Stored]) -> int:
    """How many records carry a code that has no meaning on their date."""
    codes = engine.ledger.codes
    try:
        written = set(map(_CODE_AND_DATE, [held.given for held in records]))
    except KeyError:  # a delete need not name a code
        written = None
    if written is not None and all(
        [codes.meaning(code, date.fromisoformat(day).toordinal()) is not None for code, day in written]
    ):
        return 0
    said = Counter(
        (held.given["code"], held.given["date"]) for held in records if held.given.get("op") != "delete"
    )
    return sum(
        count
        for (code, day), count in said.items()
        if codes.meaning(code, date.fromisoformat(day).toordinal()) is None
    )
