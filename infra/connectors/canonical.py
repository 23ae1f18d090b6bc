"""The canonical format: CSV and JSON Lines as contract section 1 has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from infra.files.rows import CsvTable, FileRefused, json_lines
from infra.files.source import Source, opened
from infra.intake.connector import Options
from infra.intake.events import Event, Notice, Record
from infra.intake.refusing import refuse_file, refuse_row
from models.columns import COLUMNS, Kind, kind_of, known_names
from models.ledger.chain import Stored
from models.plain_json import json_cells
from models.quick_check import first_fault
from models.refusal import Fault, Reason

_JSON_LINES = (".jsonl", ".ndjson")
_SHOWN = 8
# What others are judged by comes first: the result is the same in any order, with less work.
_ORDER = (
    Kind.CODE,
    Kind.SCHOOL,
    Kind.CALENDAR,
    Kind.STUDENT,
    Kind.PRIOR_YEAR,
    Kind.ENROLLMENT,
    Kind.ATTENDANCE,
    Kind.SUBMISSION,
)


class Canonical:
    """CSV (.csv) and JSON Lines (.jsonl, .ndjson); a file of another name is told by a { at its beginning."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return path.suffix.lower() in (".csv", *_JSON_LINES)

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """File by file, codes and calendars before attendance, else in the order given."""
        for path in sorted(files, key=_rank):
            with opened(path, options.on_bytes) as source:
                yield from _read(source)


def _rank(path: Path) -> int:
    """The place of a file's kind; what has none, or can be read only once, comes last."""
    if not path.is_file():
        return len(_ORDER)
    with opened(path) as source:
        start = source.slice(0, 4096).decode("utf-8-sig", errors="replace")
        try:
            kind = kind_of(_names(source, _is_json(source, start.lstrip()[:1])))
        except FileRefused:
            kind = None
    return len(_ORDER) if kind is None else _ORDER.index(kind)


def _names(source: Source, is_json: bool) -> Collection[str]:
    """The names in the header, or in the first line."""
    if not is_json:
        return CsvTable(source.lines("", errors="replace")).header
    for _, text in json_lines(source.lines("\n", errors="replace")):
        return json_cells(text) or ()
    return ()


def _is_json(source: Source, first: str) -> bool:
    suffix = Path(source.name).suffix.lower()
    return suffix in _JSON_LINES or (suffix != ".csv" and first == "{")


def _read(source: Source) -> Iterator[Event]:
    try:
        first = source.scan_text()
        yield from _json(source) if _is_json(source, first) else _csv(source)
    except FileRefused as refused:
        yield refuse_file(source, refused)


def _csv(source: Source) -> Iterator[Event]:
    table = CsvTable(source.lines(""))
    kind = _told(table.header, table.raw)
    header = table.header
    for column in COLUMNS[kind]:
        if column.required and column.name not in header:
            message = f"the header has no {column.name}; add the column"
            missing = FileRefused(Fault(Reason.MISSING_COLUMN, column.name, message), table.raw)
            yield refuse_file(source, missing, kind)
            return
    given = [name for name in header if name]
    if len(set(given)) < len(given):
        raise FileRefused(
            Fault(Reason.NOT_CSV, "", "a column stands twice in the header; keep one"), table.raw
        )
    known = known_names(kind)
    unknown = [name for name in given if name not in known]
    if unknown:
        yield _unknown_columns(source, unknown)
    name = source.name
    for row in table.rows([each if each in known else "" for each in header]):
        fault = row.fault or first_fault(kind, row.given)
        if fault is None:
            yield Record(kind, Stored(row.given, name, row.line))
        else:
            yield refuse_row(source, row.line, kind, fault, row.raw, row.given)


def _json(source: Source) -> Iterator[Event]:
    lines = json_lines(source.lines("\n"))
    kind: Kind | None = None
    known: frozenset[str] = frozenset()
    unknown: dict[str, None] = {}
    name = source.name
    for line, text in lines:
        cells = json_cells(text)
        if kind is None:
            kind = _told(cells or (), text)
            known = known_names(kind)
        if cells is None:
            fault: Fault | None = Fault(Reason.NOT_JSON, "", "the line is not a JSON object; mend the line")
            given: dict[str, str] = {}
        else:
            given = {name: cell for name, cell in cells.items() if cell and name in known}
            if not known.issuperset(cells) and len(unknown) < _SHOWN:
                unknown.update(dict.fromkeys(name for name in cells if name not in known))
            fault = first_fault(kind, given)
        if fault is None:
            yield Record(kind, Stored(given, name, line))
        else:
            yield refuse_row(source, line, kind, fault, text, given)
    if kind is None:
        _told((), "")
    if unknown:
        yield _unknown_columns(source, list(unknown))


def _told(names: Iterable[str], raw: str) -> Kind:
    """The kind that the names tell. Raises FileRefused."""
    kind = kind_of(set(names))
    if kind is None:
        message = "the header fits no kind of record; compare its names with those in docs/records.md"
        raise FileRefused(Fault(Reason.UNKNOWN_KIND, "", message), raw)
    return kind


def _unknown_columns(source: Source, names: list[str]) -> Notice:
    shown = ", ".join(ascii(name)[1:-1][:40] for name in names[:_SHOWN])
    more = " and others" if len(names) > _SHOWN else ""
    return Notice(source.name, f"columns that are not known were ignored: {shown}{more}")
