"""The files of a call that are tables: which is which, and what stands beside them in the canonical form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from infra.connectors.canonical import Canonical
from infra.connectors.judging import Names, judged, refused
from infra.connectors.table_values import export_time
from infra.files.rows import FileRefused, Row
from infra.files.source import Source, name_of, opened
from infra.files.tables import Layout, Table, check_plain, header_of, table_of
from infra.intake.connector import Options
from infra.intake.events import Event, Notice, Record
from infra.intake.refusing import refuse_file
from models.columns import Kind, kind_of
from models.refusal import Fault, Reason
from streams.refused import Refused

ENDINGS = (".csv", ".txt", ".text", ".tsv", ".tab")
_LINES = (".jsonl", ".ndjson")
_DATES = "a date such as 2021-09-01 or 9/1/2021"


class BadCell(Exception):
    """A cell that only the connector can judge; carries the fault."""

    def __init__(self, column: str, wanted: str, reason: Reason = Reason.BAD_VALUE) -> None:
        self.fault = Fault(reason, column, f"{column} takes {wanted}")
        super().__init__(self.fault.message)


@dataclass(slots=True)
class Call:
    """The tables of a call by name, the canonical files beside them, and what was met on the way."""

    tables: dict[str, list[Table]] = field(default_factory=dict)
    canonical: list[Path] = field(default_factory=list)
    met: list[Event] = field(default_factory=list)

    def rows(self, name: str) -> Iterator[tuple[Source, Row]]:
        """The rows of a table that can be read, from all its files."""
        for table in self.tables.get(name, ()):
            for source, row in table.rows():
                if row.fault is None:
                    yield source, row

    def broken(self) -> Iterator[Refused]:
        """The refusals of rows that cannot be read, of all tables."""
        for tables in self.tables.values():
            for table in tables:
                for source, row in table.rows():
                    if row.fault is not None:
                        yield refused(source, row.line, None, row.fault, row.raw)

    def dating(self, *names: str) -> str:
        """What is said of the time of rows that have none, in the files of some tables."""
        files = [table.path.name for name in names for table in self.tables.get(name, ())]
        if all(export_time(file) for file in files):
            return "recorded_at is the date of the export in the file's name"
        return (
            "recorded_at is the row's own date, and a correction need not win; put the date of the export "
            "into the file's name, such as attendance_2021-10-05.csv"
        )

    def has(self, name: str) -> bool:
        """Whether there is a file of a table."""
        return name in self.tables


def takes(path: Path) -> bool:
    """Whether a file found in a folder may hold a table, or records in the canonical form, by its name."""
    return path.suffix.lower() in (*ENDINGS, *_LINES)


def sorted_out(
    files: Sequence[Path], options: Options, layouts: Sequence[Layout], *,
    not_needed: Sequence[str] = (), nulls: frozenset[str] = frozenset(), escapes: bool = False,
) -> Call:  # fmt: skip
    """Tell the files of a call apart. Raises PathUnusable.

    A file with the columns of no table is canonical where its header is that of a kind of record. One that is
    named after a table that is `not_needed` is told, and left out.
    """
    call = Call()
    for path in files:
        check_plain(path)
        if path.suffix.lower() in _LINES:
            call.canonical.append(path)
            continue
        with opened(path) as source:
            try:
                table = table_of(source, path, layouts, nulls=nulls, escapes=escapes)
            except FileRefused as wrong:
                if wrong.fault.reason is not Reason.NOT_UTF8 and _is_canonical(source):
                    call.canonical.append(path)
                    continue
                if wrong.fault.reason is Reason.UNKNOWN_KIND and path.stem.lower() in not_needed:
                    call.met.append(Notice(name_of(path), "it is not needed, and not read"))
                else:
                    call.met.append(refuse_file(source, wrong))
            else:
                call.tables.setdefault(table.layout.name, []).append(table)
                if table.ignored:
                    call.met.append(Notice(name_of(path), table.ignored))
            if options.on_bytes is not None:
                options.on_bytes(path.stat().st_size)
    return call


def canonical_events(call: Call, options: Options) -> Iterator[Event]:
    """The records of the canonical files of a call."""
    yield from Canonical().read(call.canonical, options)


def made(source: Source, row: Row, kind: Kind, given: Mapping[str, str], names: Names) -> Record | Refused:
    """The record of a row, or its refusal; a date's says how the tables write it."""
    cells = {name: cell for name, cell in given.items() if cell}
    result = judged(source, row.line, kind, cells, row.raw, names)
    if isinstance(result, Refused) and result.reason == Reason.BAD_DATE:
        return replace(result, message=f"{result.field} takes {_DATES}")
    return result


def not_made(source: Source, row: Row, kind: Kind, bad: BadCell) -> Refused:
    """The refusal of a row with a bad cell."""
    return refused(source, row.line, kind, bad.fault, row.raw)


def _is_canonical(source: Source) -> bool:
    try:
        return kind_of(set(header_of(source))) is not None
    except FileRefused:
        return False
