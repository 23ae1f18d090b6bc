"""Drives engines as the worker does: apply, store, acknowledge; and restarts or crashes them in between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from alerts.engine import Applied, Engine
from alerts.fold import Alert
from alerts.student import current_alerts
from infra.exports import alerts as alert_rows
from infra.exports import documentation as documentation_rows
from infra.exports import standings as standing_rows
from infra.exports import truancy as truancy_rows
from models.columns import Kind
from models.ledger.chain import Stored
from models.policy import PolicyOf, contract
from streams.event_log import Message
from streams.processor import Plan, Processor
from streams.records_message import pack

Told = tuple[Kind, Stored]
Rows = list[dict[str, str]]


class MemoryStore(dict[bytes, bytes]):
    """A store of groups that a dict keeps."""

    def keys_of(self, district: str) -> list[bytes]:
        """All keys of a district."""
        return [key for key in self if key.decode().split("\x1f")[0] == district]


class Driver:
    """One district's engine on a store of its own."""

    def __init__(self, district: str, policy_of: PolicyOf = contract) -> None:
        self.district = district
        self.policy_of = policy_of
        self.store = MemoryStore()
        self.restart()

    def restart(self) -> None:
        """Begin again from what is stored."""
        self.engine = Engine(self.district, self.store, self.policy_of)

    def take(self, kind: Kind, records: Sequence[Stored]) -> Applied:
        """Apply a message, and store what it wrote."""
        applied = self.engine.apply(kind, records)
        self.store.update(self.engine.writes())
        self.engine.stored()
        return applied

    def feed(self, kind: Kind, records: Sequence[Stored]) -> list[object]:
        """As `take`; what alerts were told."""
        return [(each.student, each.change) for each in self.take(kind, records).changes]

    def feed_and_crash(self, kind: Kind, records: Sequence[Stored], share: float) -> list[object]:
        """Apply a message and die with only a share (0 to 1) of its writes stored; what alerts were told."""
        applied = self.engine.apply(kind, records)
        self.store_share(self.engine.writes(), share)
        self.restart()
        return [(each.student, each.change) for each in applied.changes]

    def store_share(self, writes: list[tuple[bytes, bytes]], share: float) -> None:
        """Store the first of the writes."""
        self.store.update(writes[: int(share * (len(writes) + 1))])

    def take_all(self, told: Iterable[Told], size: int = 1) -> Driver:
        """Take records in this order, at most `size` of one kind in a message."""
        for kind, records in messages(told, size):
            self.take(kind, records)
        return self

    def published(self, student: str) -> dict[str, Alert]:
        """The alerts of a student that are published and not withdrawn."""
        held = dict(self.engine.published()).get(student, {})
        return {key: each.alert for key, each in held.items() if not each.withdrawn}

    def defined(self, student: str) -> dict[str, Alert]:
        """The alerts that the definition gives from the live records."""
        return current_alerts(self.engine.ledger, student, self.policy_of)

    def assert_published_is_the_definition(self) -> None:
        """At any moment what stands published is what the live records give."""
        held = dict(self.engine.published())
        for student in {*held, *self.engine.ledger.students}:
            current = {key: each.alert for key, each in held.get(student, {}).items() if not each.withdrawn}
            assert current == self.defined(student)

    def current_rows(self) -> Rows:
        """The rows of `export alerts --current`, sorted, without `amendments`."""
        rows = alert_rows.rows(self.engine.ledger, dict(self.engine.published()))
        return sorted_alerts(row for row in rows if row["condition"] != "withdrawn")

    def rows_as_of(self, as_of: date) -> Rows:
        """The rows of `export alerts --as-of`, sorted, without `amendments`."""
        return sorted_alerts(alert_rows.rows_as_of(self.engine.ledger, {}, as_of, self.policy_of))

    def standings(self, as_of: date) -> Rows:
        """The rows of `export standings`, sorted."""
        rows = standing_rows.rows(self.engine.ledger, as_of, self.policy_of)
        return sorted(rows, key=lambda row: [row[name] for name in standing_rows.SORTED_BY])

    def meetings(self, as_of: date) -> Rows:
        """The rows of `export truancy`, sorted."""
        rows = truancy_rows.rows(self.engine.ledger, as_of, self.policy_of)
        return sorted(rows, key=lambda row: [row[name] for name in truancy_rows.SORTED_BY])

    def windows(self, as_of: date) -> Rows:
        """The rows of `export documentation`, sorted."""
        rows = documentation_rows.rows(self.engine.ledger, as_of, self.policy_of)
        return sorted(rows, key=lambda row: [row[name] for name in documentation_rows.SORTED_BY])

    def set_aside(self) -> list[tuple[str, int]]:
        """File and line of the records that wait for a meaning, sorted."""
        return sorted((held.file, held.line) for held in self.engine.ledger.set_aside())


def sorted_alerts(rows: Iterable[dict[str, str]]) -> Rows:
    """Alert rows in the order of the export, without `amendments`, which hang on the history."""
    kept = [{name: cell for name, cell in row.items() if name != "amendments"} for row in rows]
    return sorted(kept, key=lambda row: [row[name] for name in alert_rows.SORTED_BY])


def messages(told: Iterable[Told], size: int) -> Iterable[tuple[Kind, list[Stored]]]:
    """Records as messages of one kind: neighbours of one kind together, at most `size`."""
    kind: Kind | None = None
    records: list[Stored] = []
    for each, held in told:
        if records and (each is not kind or len(records) >= size):
            assert kind is not None
            yield kind, records
            records = []
        kind = each
        records.append(held)
    if records:
        assert kind is not None
        yield kind, records


class StreamedDriver(Driver):
    """The same by the bytes of messages, as the worker's agent has them: read, checked and applied."""

    offset = 0

    def restart(self) -> None:
        """Begin again from what is stored."""
        self.processor = Processor(self.store, self.policy_of, lambda key: 0)
        self.engine = self.processor.engine(self.district)

    def feed(self, kind: Kind, records: Sequence[Stored]) -> list[object]:
        """Apply messages, one for the records of each file; what alerts were told."""
        told: list[object] = []
        for message in self._messages(kind, records):
            told += self._take(message)
        return told

    def _take(self, message: Message) -> list[object]:
        plan = self.processor.process(message)
        self.store.update(plan.writes)
        self.processor.done(plan)
        return _events(plan)

    def feed_and_crash(self, kind: Kind, records: Sequence[Stored], share: float) -> list[object]:
        """Apply messages and die with only a share of the last one's writes stored; what alerts were told."""
        *whole, last = self._messages(kind, records)
        told: list[object] = []
        for message in whole:
            told += self._take(message)
        plan = self.processor.process(last)
        self.store_share(plan.writes, share)
        self.restart()
        return told + _events(plan)

    def _messages(self, kind: Kind, records: Sequence[Stored]) -> list[Message]:
        found = []
        for _, alike in groupby(records, key=lambda held: held.file):
            key, value, headers = pack(kind, list(alike))
            self.offset += 1
            found.append(Message("records", 0, self.offset, 0, key, value, headers))
        return found


def _events(plan: Plan) -> list[object]:
    """The alerts' events, without the place in the log that each carries."""
    assert not plan.judged.refused
    return [(event.student_id, event.event_id) for event in plan.events]
