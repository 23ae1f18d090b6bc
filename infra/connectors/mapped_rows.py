"""A row a record: the long layout of a file that a mapping describes (connector csv)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from infra.files.rows import CsvTable, Row
from infra.files.source import Source
from infra.intake.events import Event, Notice, Record
from infra.intake.refusing import refuse_row
from infra.mapping.cells import FieldOf, Writing, clean
from infra.mapping.mapping import Layout
from models.columns import COLUMNS, Kind
from models.ledger.chain import Stored
from models.quick_check import first_fault
from models.refusal import RANK, Fault
from streams.refused import Refused

Cells = dict[str, str]


@dataclass
class Reading:
    """One file that is read by one entry of the mapping."""

    source: Source
    layout: Layout
    table: CsvTable
    fields: Mapping[str, FieldOf]
    writing: Writing
    of_enrollment: Mapping[str, FieldOf] = field(default_factory=dict)
    skipped: Counter[int] = field(default_factory=Counter)

    def rows(self, also: Iterable[str] = ()) -> Iterator[Row]:
        """The rows with the columns that are used and `also`; those that the mapping skips are left out."""
        wanted = self.layout.used | set(also)
        rules, nulls = self.layout.skip, self.writing.nulls
        for row in self.table.rows([name if name in wanted else "" for name in self.table.header]):
            if row.fault is None:
                left_out = next(
                    (
                        number
                        for number, rule in enumerate(rules)
                        if rule.leaves_out(clean(row.given.get(rule.column, ""), nulls))
                    ),
                    None,
                )
                if left_out is not None:
                    self.skipped[left_out] += 1
                    continue
            yield row

    def told(self) -> Iterator[Notice]:
        """How many rows were left out, by the column that says so."""
        for number, count in sorted(self.skipped.items()):
            column = self.layout.skip[number].column
            text = f'rows left out as the mapping says, by the column "{column}": {count}'
            yield Notice(self.source.name, text)

    def refuse(self, row: Row, fault: Fault, given: Cells) -> Refused:
        """The refusal of a row, or of one cell of it."""
        return refuse_row(self.source, row.line, self.layout.kind, fault, row.raw, given)


def long_rows(reading: Reading) -> Iterator[Event]:
    """Each row as a record or a refusal."""
    kind, name = reading.layout.kind, reading.source.name
    for row in reading.rows():
        if row.fault is not None:
            yield reading.refuse(row, row.fault, {})
            continue
        given, faults = read_fields(reading.fields, row.given)
        if kind is Kind.ATTENDANCE and not faults:
            with_fraction(given, reading.writing.fractions)
        fault = judged(kind, given, faults)
        if fault is None:
            yield Record(kind, Stored(given, name, row.line))
        else:
            yield reading.refuse(row, fault, kept(kind, given) if faults else given)
    yield from reading.told()


def read_fields(fields: Mapping[str, FieldOf], cells: Mapping[str, str]) -> tuple[Cells, list[Fault]]:
    """What a row gives, and the faults of the cells that cannot be read, in the order of the columns."""
    given: Cells = {}
    faults: list[Fault] = []
    for name, each in fields.items():
        value = each.read(cells)
        if isinstance(value, Fault):
            faults.append(value)
        elif value:
            given[name] = value
    return given, faults


def with_fraction(given: Cells, fractions: Mapping[str, str]) -> None:
    """Give attendance that says no part of the day the part that its code stands for."""
    part = fractions.get(given.get("code", ""))
    if part is not None and "absent_fraction" not in given and given.get("op") != "delete":
        given["absent_fraction"] = part


def judged(kind: Kind, given: Cells, faults: list[Fault]) -> Fault | None:
    """The one fault of a row: first what cannot be read as the mapping says, then what the record lacks."""
    if given.get("op") == "delete":
        matters = {column.name for column in COLUMNS[kind] if column.identity} | {"recorded_at", "event_id"}
        faults[:] = [fault for fault in faults if fault.field in matters]
    if faults:
        return min(faults, key=lambda fault: RANK[fault.reason])
    return first_fault(kind, given)


def kept(kind: Kind, given: Cells) -> Cells:
    """What is kept of a row that cannot be read: its identity and time, and never a record that would pass.

    A refusal leaves the list when a newer record of its identity is accepted; those two are enough for it.
    """
    names = [column.name for column in COLUMNS[kind] if column.identity]
    held = {name: given[name] for name in (*names, "recorded_at") if name in given}
    if first_fault(kind, held) is None:
        del held["recorded_at"]
    return held
