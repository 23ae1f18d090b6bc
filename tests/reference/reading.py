"""Files to rows: CSV and JSON Lines as contract section 1 has them, and what is refused on the way.

Choices where the contract leaves one:

* A name ending in `.jsonl` or `.ndjson` is JSON Lines, one in `.csv` CSV; else a first `{` means JSON Lines.
* A quoted cell that never ends is like one followed by something else: it ends the reading.
* A quote within an unquoted cell is a character like others; CR LF, LF and CR each end a row.
* A line of spaces and tabs is blank. A CSV file without a header is `not_csv`; a JSON Lines file whose first
  line is no object (or missing) is `unknown_kind`, as it has no names that could tell one.
* `missing_column` is of CSV only: a JSON line may leave out what is blank, and is then a `missing_value`.
* In JSON null is a blank; true, false, lists and objects are a `bad_value` in a known column, and ignored
  elsewhere; a lone surrogate, which is no text, makes the line `not_json`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from tests.reference.columns import COMMON, KINDS, kind_of

_PLAIN = re.compile(r"[^,\r\n]*")
_BREAK = re.compile(r"\r\n|\r|\n")
NOT_TEXT = "\0not text"  # stands for a JSON value that no column can hold


@dataclass(frozen=True, order=True)
class Refusal:
    """What was refused or set aside, and why; `kind` and `field` may be blank."""

    file: str
    line: int
    kind: str
    reason: str
    field: str


@dataclass(frozen=True)
class Row:
    """A row as it came: known columns that are given, trimmed."""

    file: str
    line: int
    kind: str
    cells: dict[str, str]


def read_file(name: str, content: bytes) -> tuple[list[Row], list[Refusal]]:
    """Read a file into rows; where it is refused as a whole there are none, and one refusal on line 1."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Refusal(name, 1, "", "not_utf8", "")]
    if name.endswith((".jsonl", ".ndjson")) or (not name.endswith(".csv") and text.lstrip()[:1] == "{"):
        return _read_json_lines(name, text)
    return _read_csv(name, text)


def split_csv(text: str) -> tuple[list[tuple[int, list[str]]], int]:
    """Split CSV text into rows with the line each begins on; and the line the reading ended on, else 0."""
    rows: list[tuple[int, list[str]]] = []
    at, line = 0, 1
    while at < len(text):
        begin, cells, quoted = line, [], False
        while True:
            if text[at : at + 1] == '"':
                quoted = True
                cell, at = _quoted(text, at + 1)
                if at < 0 or text[at : at + 1] not in ("", ",", "\r", "\n"):
                    return rows, begin
                line += len(_BREAK.findall(cell))
            else:
                match = _PLAIN.match(text, at)
                assert match is not None
                cell, at = match[0], match.end()
            cells.append(cell.strip(" \t"))
            if text[at : at + 1] != ",":
                break
            at += 1
        end = _BREAK.match(text, at)
        at = end.end() if end else at
        line += 1
        if quoted or cells != [""]:
            rows.append((begin, cells))
    return rows, 0


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Read a quoted cell from behind its first quote: its value, and where it ended (-1: nowhere)."""
    value = ""
    while True:
        end = text.find('"', at)
        if end < 0:
            return value, -1
        value += text[at:end]
        if text[end + 1 : end + 2] != '"':
            return value, end + 1
        value, at = value + '"', end + 2


def known_columns(kind: str) -> list[str]:
    """Name the columns of a kind in the order of the table, op and event_id last."""
    return [column.name for column in (*KINDS[kind], *COMMON)]


def _read_csv(name: str, text: str) -> tuple[list[Row], list[Refusal]]:
    table, broken = split_csv(text)
    if not table:
        return [], [Refusal(name, 1, "", "not_csv", "")]
    header = table[0][1]
    kind = kind_of(set(header))
    if not kind:
        return [], [Refusal(name, 1, "", "unknown_kind", "")]
    for column in KINDS[kind]:
        if column.required and column.name not in header:
            return [], [Refusal(name, 1, kind, "missing_column", column.name)]
    if len(set(header)) < len(header):
        return [], [Refusal(name, 1, "", "not_csv", "")]
    rows, refused = [], []
    known = set(known_columns(kind))
    for line, cells in table[1:]:
        if len(cells) > len(header):
            refused.append(Refusal(name, line, kind, "not_csv", ""))
            continue
        # zip leaves out what a short row does not have: blanks are not given
        given = {
            column: cell for column, cell in zip(header, cells, strict=False) if cell and column in known
        }
        rows.append(Row(name, line, kind, given))
    if broken:
        refused.append(Refusal(name, broken, kind, "not_csv", ""))
    return rows, refused


def _parse_line(line: str) -> dict[str, object] | None:
    def no_constant(word: str) -> object:
        raise ValueError(f"{word} is not JSON")

    try:
        value = json.loads(line, parse_int=str, parse_float=str, parse_constant=no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _read_json_lines(name: str, text: str) -> tuple[list[Row], list[Refusal]]:
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip(" \t\r")]
    first = _parse_line(lines[0][1]) if lines else None
    kind = kind_of(set(first)) if first is not None else ""
    if not kind:
        return [], [Refusal(name, 1, "", "unknown_kind", "")]
    rows, refused = [], []
    for number, line in lines:
        record = _parse_line(line)
        if record is None:
            refused.append(Refusal(name, number, kind, "not_json", ""))
            continue
        given = {}
        for column in known_columns(kind):
            value = record.get(column)
            cell = "" if value is None else value.strip(" \t") if isinstance(value, str) else NOT_TEXT
            if cell:
                given[column] = cell
        rows.append(Row(name, number, kind, given))
    return rows, refused
