"""From a message's bytes to valid records and refusals: nothing here raises for what a message holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from operator import itemgetter

from models.columns import Kind
from models.ledger.chain import Stored
from models.quick_check import all_surely_valid, first_fault
from models.refusal import Fault, Reason
from models.validate import TEXT_LIMIT
from streams.event_log import Message, Outgoing
from streams.records_message import Batch, Part, WholeMessage, pack, parts, unpack
from streams.refused import Refused

_DISTRICT = itemgetter("district_id")
# As `Stored._make`, which is written in Python, and counts what it is given.
_stored: Callable[[tuple[dict[str, str], str, int]], Stored] = partial(tuple.__new__, Stored)
_UNKNOWN = Fault(
    Reason.UNKNOWN_KIND, "", "the names fit no kind of record; name the kind in the header, or mend the names"
)


@dataclass(slots=True)
class Judged:
    """A message's records: valid ones by district, those of other partitions, and refusals."""

    kind: Kind | None = None
    valid: dict[str, list[Stored]] = field(default_factory=dict)
    forwards: list[Outgoing] = field(default_factory=list)
    forwarded: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def wholly_refused(self) -> bool:
        """Whether something was refused and nothing could be used."""
        return bool(self.refused) and not self.valid and not self.forwards


def judge(message: Message, partition_of: Callable[[bytes], int]) -> Judged:
    """Read a message. `partition_of` gives the partition that a district's key belongs to."""
    judged = Judged()
    place = f"{message.topic}/{message.partition}"
    try:
        batch = unpack(message.value, message.headers)
        if batch.kind is None:
            raise WholeMessage(_UNKNOWN)
        by_district = _quickly(batch, place, message.offset)
        if by_district is None:
            by_district = _carefully(batch, place, message, judged)
    except WholeMessage as refusal:
        judged.refused.append(_whole(message, place, refusal.fault))
        return judged
    judged.kind = batch.kind
    for district, rows in by_district.items():
        if partition_of(district.encode()) == message.partition:
            judged.valid[district] = rows
        else:
            judged.forwards.append(pack(batch.kind, rows))
            judged.forwarded += len(rows)
    return judged


def _quickly(batch: Batch, place: str, offset: int) -> dict[str, list[Stored]] | None:
    """The records by district where each is valid at first sight; None where a careful look is needed."""
    if batch.kind is None or batch.rows is None:
        return None
    kind, rows = batch.kind, batch.rows
    try:
        if not all_surely_valid(kind, rows):
            return None
    except TypeError:  # a value that is a list or an object
        return None
    file = batch.file or place
    lines = batch.lines if batch.file and len(batch.lines) == len(rows) else [offset] * len(rows)
    stored = list(map(_stored, zip(rows, repeat(file), lines, strict=False)))
    districts = set(map(_DISTRICT, rows))
    if len(districts) == 1:
        return dict.fromkeys(districts, stored)
    by_district: dict[str, list[Stored]] = {}
    for held in stored:
        by_district.setdefault(held.given["district_id"], []).append(held)
    return by_district


def _carefully(batch: Batch, place: str, message: Message, judged: Judged) -> dict[str, list[Stored]]:
    """The valid records by district; the others are refused."""
    assert batch.kind is not None
    by_district: dict[str, list[Stored]] = {}
    for part in parts(batch):
        fault = part.fault or first_fault(batch.kind, part.given)
        if fault is not None:
            judged.refused.append(_one(message, place, batch.kind, part, fault))
            continue
        line = part.line if batch.file else message.offset
        held = Stored(part.given, batch.file or place, line)
        by_district.setdefault(part.given["district_id"], []).append(held)
    return by_district


def _whole(message: Message, place: str, fault: Fault) -> Refused:
    value = message.value or b""
    headers = dict(message.headers)
    kind = headers.get("kind", b"").decode(errors="replace")
    return Refused(
        place,
        message.offset,
        kind if kind in set(Kind) else "",
        fault.reason.value,
        fault.field,
        fault.message,
        value[:TEXT_LIMIT].decode(errors="backslashreplace"),
        origin=value,
        headers=message.headers,
    )


def _one(message: Message, place: str, kind: Kind, part: Part, fault: Fault) -> Refused:
    return Refused(
        place,
        message.offset,
        kind.value,
        fault.reason.value,
        fault.field,
        fault.message,
        part.raw,
        given=dict(part.given),
    )
