"""Rows of a canonical file, with the line on which each begins (contract 1: CSV and JSON Lines)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from models.refusal import Fault, Reason

csv.field_size_limit(2**31 - 1)
_BLANK = " \t"


class Row(NamedTuple):
    """One row: its line, what it gives (trimmed, blanks left out), its text, and why it cannot be read."""

    line: int
    given: dict[str, str]
    raw: str
    fault: Fault | None = None


class FileRefused(Exception):
    """A whole file that cannot be read; carries the fault."""

    def __init__(self, fault: Fault, raw: str = "") -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.raw = raw


class CsvTable:
    """A CSV file, read as it goes. `lines` end as in the file, split at CR LF, CR and LF.

    Some systems write tabs between the cells, or a backslash before what is to be taken as it stands. Raises
    FileRefused (`not_csv`) where there is no header, or its quotes are broken.
    """

    def __init__(self, lines: Iterable[str], delimiter: str = ",", escape: str | None = None) -> None:
        self._taken: list[str] = []
        self._reader = csv.reader(self._take(lines), strict=True, delimiter=delimiter, escapechar=escape)
        self.header: list[str] = []
        try:
            for cells in self._reader:
                if len(cells) > 1 or self._is_row(cells):
                    self.header = [cell.strip(_BLANK) for cell in cells]
                    break
                self._taken.clear()
        except csv.Error:
            pass
        self.raw = "".join(self._taken)
        if not self.header:
            message = "the file has no readable header row; begin it with the columns' names"
            raise FileRefused(Fault(Reason.NOT_CSV, "", message), self.raw)

    def _take(self, lines: Iterable[str]) -> Iterator[str]:
        """Hand the lines on, and keep those of the row in hand."""
        for line in lines:
            self._taken.append(line)
            yield line

    def _is_row(self, cells: list[str]) -> bool:
        """Whether a row of at most one cell is a row: a blank line is none, a quoted blank is one."""
        return bool(cells) and (bool(cells[0].strip(_BLANK)) or '"' in self._taken[0])

    def rows(self, names: Sequence[str]) -> Iterator[Row]:
        """The rows below the header; `names` are the header's, blank for a column that is left out.

        A quoted cell that is not closed, or is followed by anything but a separator, ends the reading with
        one `not_csv` row.
        """
        reader, taken, width = self._reader, self._taken, len(names)
        line = reader.line_num + 1
        taken.clear()
        try:
            for cells in reader:
                if len(cells) > 1 or self._is_row(cells):
                    raw = taken[0] if len(taken) == 1 else "".join(taken)
                    if len(cells) > width:
                        message = f"the row has {len(cells)} cells and the header {width}; quote the commas"
                        yield Row(line, {}, raw, Fault(Reason.NOT_CSV, "", message))
                    else:
                        given = {
                            name: value
                            for name, cell in zip(names, cells, strict=False)
                            if cell and name and (value := cell.strip(_BLANK))
                        }
                        yield Row(line, given, raw)
                line = reader.line_num + 1
                taken.clear()
        except csv.Error:
            message = "a quoted cell is not closed, or is followed by more than a comma; mend the quotes"
            yield Row(line, {}, "".join(taken), Fault(Reason.NOT_CSV, "", message))


def json_lines(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines of a JSON Lines file that are not blank, with their numbers, as they came (split at LF)."""
    for number, line in enumerate(lines, start=1):
        if line.strip(" \t\r\n"):
            yield number, line
