"""`rollcall retry`: what was refused is judged again, and published where it is valid now (contract 4)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from infra.connectors import CANONICAL
from infra.exports.refused import current, set_aside
from infra.files.source import PathUnusable
from infra.intake.events import Record
from infra.intake.ingesting import Outlet
from infra.intake.read import plan
from infra.snapshot import Snapshot
from models.columns import Kind
from models.ledger.chain import Stored
from models.quick_check import first_fault
from models.version import identity_of
from streams import refused as refused_message
from streams.event_log import EventLog, Message, Outgoing
from streams.judging import Judged, judge
from streams.refused import Refused
from streams.topics import RECORDS


@dataclass(slots=True)
class Retried:
    """What a retry did. `refused` counts by reason what still is; `set_aside` what waits for a code."""

    accepted: int = 0
    files: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    set_aside: int = 0

    @property
    def complete(self) -> bool:
        """Whether nothing is refused or set aside any more."""
        return not self.refused and not self.set_aside


class Retry:
    """One call."""

    def __init__(self, log: EventLog, snapshot: Snapshot, batch_records: int) -> None:
        self._log = log
        self._snapshot = snapshot
        self._outlet = Outlet(log, batch_records)
        self.done = Retried()

    def run(self) -> Retried:
        """Judge everything that is listed again. Raises LogUnavailable."""
        by_path: dict[str, dict[str, Refused]] = {}
        for refusal_id, refused in current(self._log, self._snapshot).items():
            if refused.path:
                by_path.setdefault(refused.path, {})[refusal_id] = refused
            else:
                self._message(refusal_id, refused)
        for path, refusals in by_path.items():
            self._file(Path(path), refusals)
        self._outlet.flush()
        self.done.set_aside = sum(1 for _ in set_aside(self._snapshot))
        return self.done

    def _file(self, path: Path, refusals: dict[str, Refused]) -> None:
        """A file that has changed is read again; of another one the records that were kept are judged."""
        changed = path.is_file() and any(_digest(path) != held.digest for held in refusals.values())
        # A connector's files hang together, so one of them is not read alone: ingest the export again.
        if changed and all(held.format == CANONICAL for held in refusals.values()):
            try:
                self._read_again(path, refusals)
                return
            except PathUnusable:
                pass
        for refusal_id, refused in refusals.items():
            self._kept(refusal_id, refused)

    def _read_again(self, path: Path, refusals: dict[str, Refused]) -> None:
        self.done.files += 1
        still: set[str] = set()
        accepted: dict[int, Record] = {}
        for event in plan([path], CANONICAL).events():
            if isinstance(event, Record):
                accepted[event.held.line] = event
                self._outlet.record(event)
            elif isinstance(event, Refused):
                still.add(event.refusal_id)
                self.done.refused[event.reason] += 1
                self._outlet.refuse(refused_message.pack(replace(event, format=CANONICAL)))
        for refusal_id in sorted(refusals.keys() - still):
            refused = refusals[refusal_id]
            if _mended(refused, accepted):
                self._accept(refusal_id, [])
            else:
                self._kept(refusal_id, refused)

    def _kept(self, refusal_id: str, refused: Refused) -> None:
        """A record of which the cells are kept."""
        if refused.kind and refused.given and first_fault(Kind(refused.kind), refused.given) is None:
            held = Stored(refused.given, refused.file, refused.line)
            self._accept(refusal_id, [Record(Kind(refused.kind), held)])
        else:
            self.done.refused[refused.reason] += 1

    def _message(self, refusal_id: str, refused: Refused) -> None:
        if not refused.origin:
            self._kept(refusal_id, refused)
            return
        topic, _, partition = refused.file.rpartition("/")
        if topic != RECORDS.name:
            self._log.append(topic, [Outgoing(refusal_id.encode(), refused.origin, refused.headers)])
            self._accept(refusal_id, [])
            return
        message = Message(topic, int(partition), refused.line, 0, None, refused.origin, refused.headers)
        judged = judge(message, lambda _: message.partition)
        if judged.wholly_refused and judged.refused[0].origin:
            self.done.refused[refused.reason] += 1
            return
        for held in judged.refused:
            self.done.refused[held.reason] += 1
            self._outlet.refuse(refused_message.pack(held))
        self._accept(refusal_id, _records(judged))

    def _accept(self, refusal_id: str, records: Iterable[Record]) -> None:
        self.done.accepted += 1
        for record in records:
            self._outlet.record(record)
        self._outlet.refuse(refused_message.resolved(refusal_id))


def _records(judged: Judged) -> Iterable[Record]:
    assert judged.kind is not None
    return [Record(judged.kind, held) for rows in judged.valid.values() for held in rows]


def _mended(refused: Refused, accepted: Mapping[int, Record]) -> bool:
    """Whether a file that was read again holds what was refused of it, and it was accepted.

    It stands on the same line, and is the same record or was written down at the same time: the file may also
    be another night's under the same name, and then what was refused is still to be mended.
    """
    if not refused.kind:
        return bool(accepted)
    record = accepted.get(refused.line)
    if record is None or record.kind != refused.kind:
        return False
    mine, theirs = refused.given, record.held.given
    return (
        not mine
        or refused.field == "recorded_at"
        or mine.get("recorded_at") == theirs["recorded_at"]
        or identity_of(record.kind, mine) == identity_of(record.kind, theirs)
    )


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
