"""Rows of a canonical file, with the line on which each begins (contract 1: CSV and JSON Lines)."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from models.refusal import Fault, Reason

csv.field_size_limit(sys.maxsize)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line, what it gives (trimmed, blanks left out), and what kept it from being read."""

    line: int
    given: dict[str, str]
    fault: Fault | None = None


class FileRefused(Exception):
    """A whole file that cannot be read; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def decode(content: bytes) -> str:
    """The text of a file, with or without BOM. Raises FileRefused where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 at byte {error.start}; save it as UTF-8"
        raise FileRefused(Fault(Reason.NOT_UTF8, "", message)) from None


def csv_rows(text: str) -> tuple[list[str], Iterator[Row]]:
    """The header's names and the rows below it.

    Raises FileRefused (`not_csv`) where no header can be read or a column stands in it twice. A quoted cell
    followed by anything but a separator ends the reading with one `not_csv` row.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    try:
        while not any(header):
            header = [cell.strip(" \t") for cell in next(reader)]
    except (StopIteration, csv.Error):
        raise FileRefused(Fault(Reason.NOT_CSV, "", "the file has no readable header row")) from None
    named = [name for name in header if name]
    twice = next((name for name in named if named.count(name) > 1), None)
    if twice is not None:
        raise FileRefused(Fault(Reason.NOT_CSV, "", "a column stands twice in the header; keep one"))
    return header, _body(reader, header)


def _body(reader: Any, header: list[str]) -> Iterator[Row]:
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip(" \t") for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            message = "a quoted cell is not closed, or is followed by more than a comma; mend the quotes"
            yield Row(line, {}, Fault(Reason.NOT_CSV, "", message))
            return
        if not cells or cells == [""]:
            continue
        given = {name: cell for name, cell in zip(header, cells, strict=False) if name and cell}
        if len(cells) > len(header):
            message = f"the row has {len(cells)} cells and the header {len(header)}"
            yield Row(line, given, Fault(Reason.NOT_CSV, "", message))
        else:
            yield Row(line, given)


def json_rows(text: str) -> Iterator[Row]:
    """The objects of a JSON Lines file; a number is kept as it stands, null is not given."""
    for line, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip(" \t\r")
        if stripped:
            given = json_object(stripped)
            if given is None:
                message = "the line is not a JSON object of plain values"
                yield Row(line, {}, Fault(Reason.NOT_JSON, "", message))
            else:
                yield Row(line, given)


def json_object(text: str) -> dict[str, str] | None:
    """One flat JSON object as strings, trimmed, blanks left out; None where it is not one."""
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
        if not isinstance(value, dict):
            return None
        given = {str(name): _as_text(cell) for name, cell in value.items()}
        "".join((*given, *given.values())).encode()
    except (ValueError, RecursionError):
        return None
    return {name: cell for name, cell in given.items() if cell}


def _refuse(constant: str) -> str:
    raise ValueError(f"{constant} is not JSON")


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip(" \t")
    raise ValueError("a nested value")
