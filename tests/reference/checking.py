"""Rows to records: the faults of a row in the order of contract section 1, and a record's version.

Choices where the contract leaves one:

* Of a delete, event_id and op are looked at besides identity and recorded_at: the version needs them.
* A row whose op is neither word is judged as an upsert would be.
* The faults of `class` that is missing beside `absent`, and of absent_days over enrolled_days, are named by
  `class` and `absent_days`. `too_large` names no field.
* english_learner, disability and homeless are yes or no; counselor is text.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.reference.columns import COMMON, KINDS, Column, is_id, read_date, read_time, value_fits
from tests.reference.reading import NOT_TEXT, Refusal, Row

FIRST_DATE = date(2000, 7, 1)
TEXT_LIMIT = 64 * 1024


@dataclass(frozen=True)
class Record:
    """An accepted record; `version` orders the records of one identity, the last is live."""

    kind: str
    cells: dict[str, str]
    identity: tuple[str, ...]
    version: tuple[Fraction, str, str]
    written: date
    file: str
    line: int

    @property
    def deletes(self) -> bool:
        """Say whether the record means that there is no such record."""
        return self.cells.get("op") == "delete"

    def cell(self, name: str) -> str:
        """Give a column's text, blank where it is not given."""
        return self.cells.get(name, "")

    def date(self, name: str) -> date | None:
        """Give a column as a date, None where it is not given."""
        return read_date(self.cell(name))


def text_of(cells: dict[str, str]) -> str:
    """Give the text by which versions of one instant and event_id are told apart."""
    given = {name: cell for name, cell in cells.items() if name != "event_id"}
    return json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check(row: Row) -> Record | Refusal:
    """Turn a row into a record, or say which fault of it comes first."""
    cells = row.cells
    fault = _fault(row)
    text = text_of(cells)
    if fault is None and len(text.encode()) > TEXT_LIMIT:
        fault = ("too_large", "")
    if fault is not None:
        return Refusal(row.file, row.line, row.kind, *fault)
    time = read_time(cells["recorded_at"])
    assert time is not None
    event_id = cells.get("event_id") or hashlib.sha256(text.encode()).hexdigest()
    identity = tuple(cells.get(column.name, "") for column in KINDS[row.kind] if column.identity)
    return Record(row.kind, cells, identity, (time[0], event_id, text), time[1], row.file, row.line)


def _fault(row: Row) -> tuple[str, str] | None:
    """Find the first fault: by reason in the order of the contract, then by column in that of the table."""
    cells, deletes = row.cells, row.cells.get("op") == "delete"
    looked_at = [
        column for column in KINDS[row.kind] if not deletes or column.identity or column.name == "recorded_at"
    ] + list(COMMON)
    tests = (
        ("missing_value", _missing),
        ("bad_id", lambda column, cells: column.holds == "id" and not is_id(cells[column.name])),
        ("bad_time", lambda column, cells: column.holds == "time" and read_time(cells[column.name]) is None),
        ("bad_date", lambda column, cells: column.holds == "date" and read_date(cells[column.name]) is None),
        ("date_out_of_range", _out_of_range),
        ("bad_value", _bad_value),
    )
    for reason, is_fault in tests:
        for column in looked_at:
            given = cells.get(column.name, "") not in ("", NOT_TEXT)
            weighed = given or reason == "missing_value" or (reason == "bad_value" and column.name in cells)
            if weighed and is_fault(column, cells):
                return reason, column.name
    return None


def _missing(column: Column, cells: dict[str, str]) -> bool:
    if cells.get(column.name):
        return False
    return column.required or (column.name == "class" and cells.get("status") == "absent")


def _out_of_range(column: Column, cells: dict[str, str]) -> bool:
    """`date` and `entry_date` only: before 2000-07-01, or over two calendar years after the written date."""
    if column.name not in ("date", "entry_date"):
        return False
    day, time = read_date(cells[column.name]), read_time(cells["recorded_at"])
    if day is None or time is None:  # a JSON value that is no text: it is a bad_value
        return False
    written = time[1]
    last = (written.year + 2, written.month, written.day)
    if last[1:] == (2, 29):  # two years after 29 February end on 28 February
        last = (last[0], 2, 28)
    return day < FIRST_DATE or (day.year, day.month, day.day) > last


def _bad_value(column: Column, cells: dict[str, str]) -> bool:
    cell = cells[column.name]
    if cell == NOT_TEXT or not value_fits(column.holds, cell):
        return True
    return column.name == "absent_days" and int(cell) > int(cells["enrolled_days"])
