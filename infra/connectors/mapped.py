"""Any CSV file that a district has, read as its mapping file says (docs/records.md, Mapping files).

A file may be named by several entries of the mapping, and gives the records of each. It is refused as a whole
where no entry fits it, or where it lacks what an entry names: a column, a district, a time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from infra.connectors.mapped_days import days_of, sheet
from infra.connectors.mapped_rows import Reading, long_rows
from infra.files.rows import CsvTable, FileRefused
from infra.files.source import PathUnusable, Source, opened
from infra.intake.connector import Options
from infra.intake.events import Event, Notice, Record
from infra.intake.refusing import refuse_file
from infra.mapping.cells import Writing, fields, writing_of
from infra.mapping.mapping import Layout, Mapping
from infra.mapping.moments import read_moment
from models.columns import Kind
from models.ledger.chain import Stored
from models.refusal import Fault, Reason

CODES = "mapping"
"""The file that the `code` records of a mapping are from, with the number of their entry as line."""

# What others are judged by comes first: the result is the same in any order, with less work.
_ORDER = list(Kind)
_ORDER.sort(key=lambda kind: kind in (Kind.ATTENDANCE, Kind.SUBMISSION))


class _Work(NamedTuple):
    """A file, and an entry of the mapping that it fits."""

    path: Path
    layout: Layout
    first: bool


class MappedCsv:
    """Comma-separated files and their kin (.csv, .tsv, .txt), in layouts that a mapping describes."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return path.suffix.lower() in (".csv", ".tsv", ".txt")

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """File by file, codes and calendars before attendance, else in the order given."""
        mapping = options.mapping
        if mapping is None:
            raise ValueError("the format csv is read by a mapping")
        work: list[_Work] = []
        for path in files:
            if not path.is_file():
                raise PathUnusable(f"{path} is no plain file, and csv files are read twice; save it first")
            found = [layout for layout in mapping.files if _fits(path, layout)]
            work += [_Work(path, layout, layout is found[0]) for layout in found]
            if not found:
                yield _unknown(path, options)
        work.sort(key=lambda each: _ORDER.index(each.layout.kind))
        told: set[str] = set()
        for each in work:
            for event in _file(each, mapping, options):
                if isinstance(event, Record):
                    district = event.held.given["district_id"]
                    if district not in told:
                        told.add(district)
                        yield from _codes(mapping, district)
                yield event


def _table(source: Source, layout: Layout) -> CsvTable:
    return CsvTable(
        source.lines("", errors="replace", encoding=layout.encoding),
        delimiter=layout.delimiter,
        escape=layout.escape or None,
        above=layout.skip_lines,
    )


def _fits(path: Path, layout: Layout) -> bool:
    """Whether a file is of a layout: by its name, and by columns that its header has."""
    if not layout.takes(path.name):
        return False
    if not layout.header:
        return True
    with opened(path) as source:
        try:
            return set(layout.header) <= set(_table(source, layout).header)
        except (FileRefused, UnicodeError):
            return False


def _unknown(path: Path, options: Options) -> Event:
    with opened(path, options.on_bytes) as source:
        source.scan()
        if options.on_bytes is not None:
            options.on_bytes(path.stat().st_size)
        message = "no files entry of the mapping fits the file by name and header; add one, or leave it out"
        return refuse_file(source, FileRefused(Fault(Reason.UNKNOWN_KIND, "", message)))


def _codes(mapping: Mapping, district: str) -> Iterator[Record]:
    """What the codes of the mapping mean, for a district that its files are of."""
    for number, entry in enumerate(mapping.codes, start=1):
        given = entry.record(district, mapping.codes_recorded_at)
        yield Record(Kind.CODE, Stored(given, CODES, number))


def _file(work: _Work, mapping: Mapping, options: Options) -> Iterator[Event]:
    layout = work.layout
    # A bar counts each byte once, also where a file is read for several kinds of record.
    with opened(work.path, options.on_bytes if work.first else None) as source:
        try:
            source.scan_text(layout.encoding)
            table = _table(source, layout)
            writing = writing_of(mapping, layout, options.district or mapping.district, "")
            writing = replace(
                writing, exported_at=_exported_at(source.name, mapping, layout, writing, options)
            )
            found = fields(layout.kind, layout.columns, writing)
            reading = Reading(source, layout, table, found, writing)
            if layout.days is not None:
                reading.of_enrollment = fields(Kind.ENROLLMENT, layout.days.columns, writing)
            yield from _columns_there(reading)
            yield from (long_rows if layout.days is None else sheet)(reading)
        except FileRefused as refused:
            # As of canonical files, the kind is named where a column of it is missing.
            kind = layout.kind if refused.fault.reason is Reason.MISSING_COLUMN else None
            yield refuse_file(source, _helped(refused, layout), kind)


def _exported_at(name: str, mapping: Mapping, layout: Layout, writing: Writing, options: Options) -> str:
    """When a file was written: as the call says, else by its name, else as the mapping says."""
    if options.exported_at:
        return options.exported_at
    if layout.exported_from_name:
        told = read_moment(name, layout.exported_from_name, writing.zone)
        if told is None:
            message = "the file's name does not fit exported_from_name of the mapping; correct one of them"
            raise FileRefused(Fault(Reason.MISSING_COLUMN, "recorded_at", message))
        return told
    return layout.exported_at or mapping.exported_at


def _columns_there(reading: Reading) -> Iterator[Notice]:
    """Look whether the file has what the mapping names. Raises FileRefused."""
    layout, header = reading.layout, reading.table.header
    counted = Counter(header)
    for name, source in layout.sources.items():
        for column in source.column:
            if column not in counted:
                raise _refused(
                    Reason.MISSING_COLUMN, name, reading,
                    f'the header has no column "{column}", which the mapping names; correct one of them',
                )  # fmt: skip
    for rule in layout.skip:
        if rule.column not in counted:
            message = f'the header has no column "{rule.column}", by which the mapping skips rows'
            raise _refused(Reason.MISSING_COLUMN, "", reading, f"{message}; correct one of them")
    if any(counted[column] > 1 for column in layout.used):
        raise _refused(
            Reason.NOT_CSV, "", reading, "a column that is read stands twice in the header; rename one"
        )
    for name, remedy in _OUTSIDE.items():
        if name not in reading.fields:
            raise _refused(Reason.MISSING_COLUMN, name, reading, remedy)
    days = days_of(header, layout.days) if layout.days is not None else {}
    unread = len([name for name in header if name and name not in days]) - len(layout.used)
    if unread > 0:
        yield Notice(reading.source.name, f"columns that the mapping does not name were not read: {unread}")


_OUTSIDE = {
    "district_id": "the mapping names no district; give --district, or district there",
    "recorded_at": "the mapping has no exported_at, the time of the export; give it, or --exported-at",
}


def _refused(reason: Reason, field: str, reading: Reading, message: str) -> FileRefused:
    return FileRefused(Fault(reason, field, message), reading.table.raw)


def _helped(refused: FileRefused, layout: Layout) -> FileRefused:
    """The same, with a word on the mapping where it may be at fault."""
    fault = refused.fault
    if fault.reason is Reason.NOT_UTF8:
        other = "cp1252" if layout.encoding == "utf-8" else "utf-8"
        message = f'{fault.message}, or correct encoding in the mapping, such as "{other}"'
        return FileRefused(replace(fault, message=message), refused.raw)
    return refused
