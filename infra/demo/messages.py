"""In which messages the simulated district's records arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from infra.simulator.district import District
from models.columns import Kind
from models.ledger.chain import Stored
from streams.event_log import Outgoing
from streams.records_message import pack

_Batch = tuple[Kind, list[dict[str, str]]]


class Packed(NamedTuple):
    """A message and how many records it carries, good and bad."""

    message: Outgoing
    records: int


def setup(district: District, size: int) -> list[Packed]:
    """What is known before the first day, in messages of at most `size` records."""
    return _packed(district.setup(), size)


def past_day(district: District, index: int, size: int) -> list[Packed]:
    """What arrived on a school day, in messages as large as they may be."""
    return _packed(_joined(_arriving(district, index)), size)


def morning(district: District, index: int, size: int) -> list[Packed]:
    """The same in the small messages of a morning: each school sends its own."""
    return _packed(_arriving(district, index), size)


def _arriving(district: District, index: int) -> Iterator[_Batch]:
    """Bad rows come along with the others: it is the worker that finds and refuses them."""
    yield from district.day(index)
    for row in district.bad_rows(index):
        yield row.kind, [row.given]


def _joined(batches: Iterable[_Batch]) -> Iterator[_Batch]:
    """Neighbours of one kind as one batch; the order stays."""
    held: _Batch | None = None
    for kind, records in batches:
        if held is not None and held[0] is kind:
            held[1].extend(records)
            continue
        if held is not None:
            yield held
        held = kind, list(records)
    if held is not None:
        yield held


def _packed(batches: Iterable[_Batch], size: int) -> list[Packed]:
    found = []
    for kind, records in batches:
        for start in range(0, len(records), size):
            part = [Stored(record, "", 0) for record in records[start : start + size]]
            found.append(Packed(pack(kind, part), len(part)))
    return found
