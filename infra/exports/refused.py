"""The rows of `rollcall export refused`: what is refused or set aside as of now (contract 1 and 4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from infra.snapshot import Snapshot, read_all
from models.columns import Kind
from models.ledger.chain import Stored
from models.refusal import Reason
from models.validate import fault_of
from models.version import Version
from streams.event_log import EventLog
from streams.refused import Refused, unpack
from streams.topics import DEAD_LETTERS

COLUMNS = ("file", "line", "kind", "reason", "field", "message", "record")
NUMBERS: frozenset[str] = frozenset()
_UNMAPPED = "no code record says what this code means on this date; add one, and the record takes its place"


class Scope(NamedTuple):
    """What narrows an export; None is everything."""

    district: str | None = None
    school: str | None = None
    student: str | None = None

    def holds(self, given: dict[str, str]) -> bool:
        """Whether a record is within, as far as it could be read."""
        return (
            self.district in (None, given.get("district_id"))
            and self.school in (None, given.get("school_id"))
            and self.student in (None, given.get("student_id"))
        )


def listed(log: EventLog) -> dict[str, Refused]:
    """What the dead-letter topic lists, by id; what newer records have superseded is still in it."""
    held: dict[str, Refused] = {}
    for partition in range(log.partitions(DEAD_LETTERS.name)):
        start = log.beginning(DEAD_LETTERS.name, partition)
        for message in read_all(log, DEAD_LETTERS.name, partition, start):
            key = (message.key or b"").decode()
            if message.value is None:
                held.pop(key, None)
            else:
                held[key] = unpack(message.value)
    return held


def superseded(refused: Refused, snapshot: Snapshot) -> bool:
    """Whether a newer version of the record is known, as far as its identity and time can be read."""
    given = refused.given
    if not refused.kind or not given or refused.reason == Reason.UNMAPPED_CODE:
        return False
    kind = Kind(refused.kind)
    identifying = {**given, "op": "delete"}
    if fault_of(kind, identifying) is not None or given["district_id"] not in snapshot.districts():
        return False
    newest = snapshot.ledger(given["district_id"]).newest(kind, given)
    return newest is not None and Version(given) <= Version(newest.given)


def current(log: EventLog, snapshot: Snapshot) -> dict[str, Refused]:
    """All refusals that still hold, by id: those of the topic, and those in messages that still wait."""
    held = listed(log)
    held |= {refused.refusal_id: refused for refused in snapshot.refused}
    return {key: refused for key, refused in held.items() if not superseded(refused, snapshot)}


def set_aside(snapshot: Snapshot) -> Iterator[Refused]:
    """The attendance records that wait for a meaning of their code."""
    for district in snapshot.districts():
        for stored in snapshot.ledger(district).set_aside():
            yield _as_refused(stored)


def _as_refused(stored: Stored) -> Refused:
    given = dict(stored.given)
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return Refused(
        stored.file, stored.line, Kind.ATTENDANCE, Reason.UNMAPPED_CODE, "code", _UNMAPPED, text, given
    )


def rows(log: EventLog, snapshot: Snapshot, scope: Scope) -> list[dict[str, str]]:
    """The rows, sorted by file and line."""
    every = [*current(log, snapshot).values(), *set_aside(snapshot)]
    within = [held for held in every if scope.holds(held.given)]
    within.sort(key=lambda held: (held.file, held.line, held.kind, held.reason, held.field, held.record))
    return [
        {
            "file": held.file,
            "line": str(held.line),
            "kind": held.kind,
            "reason": held.reason,
            "field": held.field,
            "message": held.message,
            "record": held.record,
        }
        for held in within
    ]
