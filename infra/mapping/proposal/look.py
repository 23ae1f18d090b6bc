"""What can be seen of a file without knowing what it means: encoding, delimiter, header, values by column."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from infra.files.rows import CsvTable, FileRefused
from infra.files.source import Source, opened
from infra.mapping.cells import clean
from models.refusal import Fault, Reason

Encoding = Literal["utf-8", "cp1252", "utf-16"]
# So many lines decide about the delimiter and the header.
_SAMPLE = 60
_DELIMITERS = ",\t;|"
_NULLS = ("NULL", "null", "\\N", "N/A", "#N/A")


@dataclass(slots=True)
class Seen:
    """A column: its place (0 is the first), its name, and how often each value stands in it."""

    place: int
    name: str
    values: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Look:
    """A file. Of columns that are of no interest no value is kept."""

    name: str
    encoding: Encoding
    delimiter: str
    escape: str
    skip_lines: int
    columns: list[Seen]
    nulls: tuple[str, ...] = ()
    rows: int = 0
    unreadable: int = 0


def look(path: Path, of_interest: Callable[[str], bool]) -> Look:
    """Read a whole file. `of_interest` says of a column's name whether its values matter.

    Raises PathUnusable and FileRefused.
    """
    with opened(path) as source:
        if source.slice(0, 4) == b"PK\x03\x04":
            message = "the file is an Excel workbook or another archive; save it as CSV"
            raise FileRefused(Fault(Reason.NOT_CSV, "", message))
        encoding = _encoding(source)
        sample = list(itertools.islice(source.lines("", errors="replace", encoding=encoding), _SAMPLE))
        delimiter, width, skip_lines = _shape(sample)
        escape = "\\" if any('\\"' in line for line in sample) else ""
        table = CsvTable(
            source.lines("", errors="replace", encoding=encoding),
            delimiter=delimiter, escape=escape or None, above=skip_lines,
        )  # fmt: skip
        if width < 2 and len(table.header) < 2:
            message = "the file has one column only; is it a table?"
            raise FileRefused(Fault(Reason.NOT_CSV, "", message))
        columns = [Seen(place, name) for place, name in enumerate(table.header)]
        found = Look(source.name, encoding, delimiter, escape, skip_lines, columns)
        _read(table, found, of_interest)
        return found


def _read(table: CsvTable, found: Look, of_interest: Callable[[str], bool]) -> None:
    wanted = {str(seen.place): seen for seen in found.columns if of_interest(seen.name)}
    nulls: set[str] = set()
    for row in table.rows([str(seen.place) for seen in found.columns]):
        if row.fault is not None:
            found.unreadable += 1
            continue
        found.rows += 1
        nulls.update(cell for cell in row.given.values() if cell in _NULLS)
        for place, seen in wanted.items():
            value = clean(row.given.get(place, ""), frozenset(_NULLS))
            if value:
                seen.values[value] += 1
    found.nulls = tuple(sorted(nulls))


def _encoding(source: Source) -> Encoding:
    if source.slice(0, 2) in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    try:
        source.scan_text("utf-8")
        return "utf-8"
    except FileRefused:
        pass
    try:
        source.scan_text("cp1252")
    except FileRefused:
        message = "the file is neither UTF-8 nor of Windows (cp1252); save it as CSV in UTF-8"
        raise FileRefused(Fault(Reason.NOT_UTF8, "", message)) from None
    return "cp1252"


def _shape(sample: list[str]) -> tuple[str, int, int]:
    """The delimiter, the usual number of cells in a row, and how many lines stand above the header."""
    best = (0, 0, ",", 0)
    for delimiter in _DELIMITERS:
        rows = _rows(sample, delimiter)
        widths = Counter(width for _, width, _ in rows if width > 1)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        # A title above the header may be as wide, with cells that are blank.
        begin = next((line for line, cells, full in rows if cells == width and 2 * full >= width), 0)
        best = max(best, (count, width, delimiter, begin), key=lambda each: each[:2])
    return best[2], best[1], best[3]


def _rows(sample: list[str], delimiter: str) -> list[tuple[int, int, int]]:
    """The lines before each row, how many cells it has, and how many of them are not blank."""
    reader = csv.reader(sample, delimiter=delimiter)
    found, before = [], 0
    try:
        for cells in reader:
            full = sum(bool(cell.strip()) for cell in cells)
            if full:
                found.append((before, len(cells), full))
            before = reader.line_num
    except csv.Error:
        pass  # it is another delimiter's file, or the reading of the whole says what is wrong
    return found
