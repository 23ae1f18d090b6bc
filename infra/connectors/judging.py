"""A made record is judged, and a fault is told in the words of the file it came from."""

from __future__ import annotations

from collections.abc import Mapping

from infra.files.source import Source
from infra.intake.events import Record
from infra.intake.refusing import refuse_row
from models.columns import Kind
from models.ledger.chain import Stored
from models.quick_check import first_fault
from models.refusal import Fault
from streams.refused import Refused

Names = Mapping[str, str]
"""By a record's column, what the file calls that from which it was made."""


def judged(
    source: Source, line: int, kind: Kind, given: dict[str, str], raw: str, names: Names
) -> Record | Refused:
    """The record, or its refusal, which names the file's own field."""
    fault = first_fault(kind, given)
    if fault is None:
        return Record(kind, Stored(given, source.name, line))
    return refuse_row(source, line, kind, renamed(fault, names), raw, given)


def refused(source: Source, line: int, kind: Kind | None, fault: Fault, raw: str) -> Refused:
    """A refusal for what only the connector can judge: without cells, so that no retry lets it in."""
    return refuse_row(source, line, kind, fault, raw, {})


def renamed(fault: Fault, names: Names) -> Fault:
    """The fault, with the file's name of the field."""
    name = names.get(fault.field)
    if not name:
        return fault
    return Fault(fault.reason, name, fault.message.replace(fault.field, name, 1))
