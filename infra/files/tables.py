"""Tables of a student information system as text files: which table a file holds, and its rows.

A table is told by its columns, whatever the case they are written in. Cells are separated by commas or tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.files.rows import CsvTable, FileRefused, Row
from infra.files.source import PathUnusable, Source, opened
from models.refusal import Fault, Reason

_SHOWN = 8
# `Attendance.Att_Date`, `[Attendance]Att_Date` and `'ATT_DATE'` name the column behind.
_BEFORE = re.compile(r"^\[[^\]]*\]|^.*\.")
_NULL = re.compile(r"(?:(?<=[,\t])|^)\\N(?=[,\t\r\n]|$)")


@dataclass(frozen=True, slots=True)
class Layout:
    """A table: the columns that it must have, which also tell it, and those that are read where given."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()

    @property
    def known(self) -> dict[str, str]:
        """The columns by their names in small letters."""
        return {name.lower(): name for name in (*self.required, *self.optional)}


@dataclass(slots=True)
class Table:
    """A file that holds a table. `names` are its columns in their order, blank for what is left out."""

    path: Path
    layout: Layout
    names: list[str]
    delimiter: str
    digest: str
    unknown: list[str] = field(default_factory=list)
    escape: str | None = None
    nulls: frozenset[str] = frozenset()

    def rows(self) -> Iterator[tuple[Source, Row]]:
        """The rows, each with the file that it stands in. Raises PathUnusable."""
        try:
            yield from self.rows_as_now()
        except FileRefused:  # it was readable when its table was told
            raise PathUnusable(f"{self.path} changed while it was read; ingest it again") from None

    def rows_as_now(self) -> Iterator[tuple[Source, Row]]:
        """The same; raises FileRefused where the header cannot be read."""
        with opened(self.path) as source:
            source.digest = self.digest
            table = CsvTable(_lines(source, self.escape), delimiter=self.delimiter, escape=self.escape)
            for row in table.rows(self.names):
                if self.nulls and not self.nulls.isdisjoint(row.given.values()):
                    given = {name: cell for name, cell in row.given.items() if cell not in self.nulls}
                    row = row._replace(given=given)
                yield source, row

    @property
    def ignored(self) -> str:
        """What is said of columns that are not read; blank where there is none."""
        if not self.unknown:
            return ""
        shown = ", ".join(ascii(name)[1:-1][:40] for name in self.unknown[:_SHOWN])
        more = f" and {len(self.unknown) - _SHOWN} others" if len(self.unknown) > _SHOWN else ""
        return f"columns of {self.layout.name} that are not read: {shown}{more}"


def check_plain(path: Path) -> None:
    """Raises PathUnusable for a pipe, because the files of a connector are read more than once."""
    if path.exists() and not path.is_file():
        raise PathUnusable(f"{path} is no plain file, and is read more than once; save it as a file")


def header_of(source: Source) -> list[str]:
    """The names in a file's header, as they stand there. Takes the digest. Raises FileRefused."""
    source.scan_text()
    return CsvTable(source.lines(""), delimiter=_delimiter(source)).header


def table_of(
    source: Source, path: Path, layouts: Sequence[Layout], *, nulls: frozenset[str] = frozenset(),
    escapes: bool = False,
) -> Table:  # fmt: skip
    """The table that a file holds. Takes the digest.

    Where `escapes` is, a file whose quotes only fit if a backslash escapes them is read so. Raises
    FileRefused: `not_utf8`, `not_csv`, `missing_column` where the file's name is that of a table, else
    `unknown_kind`.
    """
    source.scan_text()
    delimiter = _delimiter(source)
    header = CsvTable(source.lines(""), delimiter=delimiter)
    cells = [_BEFORE.sub("", cell.strip("'\"").strip()) for cell in header.header]
    has = {cell.lower() for cell in cells}
    layout = next((each for each in layouts if _fits(each.tells or each.required, has)), None)
    if layout is None:
        raise FileRefused(_no_table(path, layouts, has), header.raw)
    for name in layout.required:
        if name.lower() not in has:
            raise FileRefused(_missing(layout, name), header.raw)
    known = layout.known
    names = [known.get(cell.lower(), "") for cell in cells]
    given = [name for name in names if name]
    if len(set(given)) < len(given):
        message = "a column stands twice in the header; keep one"
        raise FileRefused(Fault(Reason.NOT_CSV, "", message), header.raw)
    unknown = [cell for cell, name in zip(cells, names, strict=True) if cell and not name]
    table = Table(path, layout, names, delimiter, source.digest, unknown, None, nulls)
    if escapes and _broken(table):
        table.escape = "\\"
        if _broken(table) >= _broken(_unescaped(table)):
            table.escape = None
    return table


def _unescaped(table: Table) -> Table:
    return Table(table.path, table.layout, table.names, table.delimiter, table.digest)


def _broken(table: Table) -> int:
    """How much of a file cannot be read: rows with too many cells, and a quote that ends the reading."""
    try:
        return sum(row.fault is not None for _, row in table.rows_as_now())
    except FileRefused:
        return 1 << 60


def _lines(source: Source, escape: str | None) -> Iterator[str]:
    """The lines; of a file with backslashes a \\N that is a whole cell is left out."""
    lines = source.lines("")
    return lines if escape is None else (_NULL.sub("", line) for line in lines)


def _delimiter(source: Source) -> str:
    """Tabs, where the first line that is not blank has some."""
    for line in source.lines("", errors="replace"):
        if line.strip():
            return "\t" if "\t" in line.strip(" \r\n") else ","
    return ","


def _fits(columns: Sequence[str], has: set[str]) -> bool:
    return all(name.lower() in has for name in columns)


def _no_table(path: Path, layouts: Sequence[Layout], has: set[str]) -> Fault:
    """The fault of a file that has the columns of no table."""
    stem = re.sub(r"[^a-z]", "", path.stem.lower())
    for layout in sorted(layouts, key=lambda each: -len(each.name)):
        if re.sub(r"[^a-z]", "", layout.name.lower()) in stem:
            missing = [name for name in (layout.tells or layout.required) if name.lower() not in has]
            return _missing(layout, missing[0])
    names = ", ".join(dict.fromkeys(layout.name for layout in layouts))
    message = f"the header is that of no table that is read ({names}); compare its names with docs/records.md"
    return Fault(Reason.UNKNOWN_KIND, "", message)


def _missing(layout: Layout, name: str) -> Fault:
    message = f"the header of {layout.name} has no {name}; export the column too"
    return Fault(Reason.MISSING_COLUMN, name, message)
