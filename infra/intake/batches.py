"""Records into messages: one kind, one district, one file, at most so many records (docs/adr/0001)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from infra.intake.events import Record
from models.columns import Kind
from models.ledger.chain import Stored


class Batch(NamedTuple):
    """What one message carries: `streams.records_message.pack(*batch)`."""

    kind: Kind
    records: list[Stored]


class Batcher:
    """Gathers records of a kind and district in the order in which they come."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._file = ""
        self._open: dict[tuple[Kind, str], list[Stored]] = {}

    def add(self, record: Record) -> list[Batch]:
        """Take a record; the batches that are full, or whose file has ended, are given back."""
        kind, held = record
        ended = self.rest() if held.file != self._file and self._open else []
        self._file = held.file
        place = (kind, held.given["district_id"])
        batch = self._open.get(place)
        if batch is None:
            batch = self._open[place] = []
        batch.append(held)
        if len(batch) >= self._size:
            del self._open[place]
            ended.append(Batch(kind, batch))
        return ended

    def rest(self) -> list[Batch]:
        """The batches that are not full, in the order in which they were begun."""
        ended = [Batch(kind, records) for (kind, _), records in self._open.items()]
        self._open = {}
        return ended


def batches(records: Iterable[Record], size: int) -> Iterator[Batch]:
    """All records in batches of at most `size`; the order within a kind and district is kept."""
    batcher = Batcher(size)
    for record in records:
        yield from batcher.add(record)
    yield from batcher.rest()
