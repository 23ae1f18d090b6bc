"""A chronic absenteeism export of EdSight as downloaded: two title lines, a blank one, a header of two rows.

It is read strictly: what is not as the exports are is told with its line and what to do, and never guessed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from infra.edsight.words import DIMENSIONS, HIDDEN, STATE, known_words, value_of
from models.published import Level, Published
from models.school_year import from_label

_TITLE = re.compile(r"Chronic Absenteeism, ([0-9]{4}-[0-9]{2})")
_ABOVE = "Chronically Absent"
_COUNT, _RATE = "Student Count", "%"
_NAMES = ("Organization", "District", "District Code", "School", "School Code")
_CODE = re.compile(r'(?:="([0-9]{7})"|([0-9]{7}))')
_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+")
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")
_AGAIN = "download it from EdSight again, as CSV, and leave it as it is"
MOST_DIGITS = 9


class NotEdsight(Exception):
    """A file that is no such export, or whose heading is not as it is there. The message says what to do."""


class Faulty(NamedTuple):
    """A row that cannot be read: the line on which it ends, and what is wrong with it."""

    line: int
    message: str


class _Heading(NamedTuple):
    year: int
    columns: list[str]
    group: str


def is_edsight(first_line: str) -> bool:
    """Whether a file's first line is the title of such an export."""
    return _TITLE.fullmatch(first_line.strip().strip('"')) is not None


def read(lines: Iterable[str]) -> Iterator[Published | Faulty]:
    """The rows of an export. `lines` end as in the file. Raises NotEdsight."""
    reader = csv.reader(lines, strict=True)
    try:
        heading = _heading(reader)
        seen: set[tuple[object, ...]] = set()
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            try:
                row = _row(heading, cells)
                if row.place in seen:
                    raise ValueError(f"it says the same as a row above it; {_AGAIN}")
                seen.add(row.place)
                yield row
            except ValueError as error:
                yield Faulty(reader.line_num, str(error))
    except csv.Error:
        raise NotEdsight(f"line {reader.line_num}: the quotes are broken; {_AGAIN}") from None


def _heading(rows: Iterator[list[str]]) -> _Heading:
    title = ", ".join(next(rows, []))
    match = _TITLE.fullmatch(title.strip())
    year = from_label(match[1]) if match else None
    if year is None:
        raise NotEdsight(
            f"line 1: an export begins with a title such as Chronic Absenteeism, 2018-19; {_AGAIN}"
        )
    about = ", ".join(next(rows, []))
    above = next(rows, [])
    while not any(above):
        try:
            above = next(rows)
        except StopIteration:
            raise NotEdsight(f"the file ends before its header; {_AGAIN}") from None
    columns = [cell.strip() for cell in next(rows, [])]
    if _ABOVE not in above or columns[-2:] != [_COUNT, _RATE]:
        raise NotEdsight(f"the header's two rows should end in {_ABOVE} and {_COUNT}, {_RATE}; {_AGAIN}")
    groups = [name for name in columns[:-2] if name not in _NAMES]
    if len(groups) > 1 or any(name not in DIMENSIONS for name in groups):
        known = ", ".join(DIMENSIONS)
        raise NotEdsight(f"the header names a group that is not read; those that are: {known}")
    group = groups[0] if groups else ""
    if not {"Organization", "District"} & set(columns) or len(set(columns)) < len(columns):
        raise NotEdsight(f"the header should name each of Organization or District once; {_AGAIN}")
    if group and not about.strip().endswith(group):
        raise NotEdsight(f"line 2 should name the group of the header, {group}; {_AGAIN}")
    return _Heading(year, columns, group)


def _row(heading: _Heading, cells: list[str]) -> Published:
    """Raises ValueError with what is wrong."""
    if len(cells) != len(heading.columns):
        raise ValueError(f"it has {len(cells)} cells and the header {len(heading.columns)}; {_AGAIN}")
    given = dict(zip(heading.columns, (cell.strip() for cell in cells), strict=True))
    level, district, school = _place(given)
    dimension, value = "all", ""
    if heading.group:
        dimension = DIMENSIONS[heading.group]
        found = value_of(dimension, given[heading.group])
        if found is None:
            raise ValueError(f"{heading.group} takes one of {known_words(dimension)}")
        value = found
    return Published(
        heading.year,
        level,
        _code(given, "District Code"),
        district,
        _code(given, "School Code"),
        school,
        dimension,
        value,
        _count(given[_COUNT]),
        _rate(given[_RATE]),
    )


def _place(given: Mapping[str, str]) -> tuple[Level, str, str]:
    district = given.get("District") or given.get("Organization") or ""
    if not district:
        raise ValueError("it names no district; every row names one, or the state")
    if district == STATE:
        return "state", "", ""
    school = given.get("School", "")
    if "School" in given and not school:
        raise ValueError("it names no school; every row of this file names one")
    return ("school" if school else "district"), district, school


def _code(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "")
    if not text:
        return ""
    match = _CODE.fullmatch(text)
    if match is None:
        raise ValueError(f'{name} takes seven digits, as ="2850013"; a spreadsheet may have dropped a zero')
    return match[1] or match[2]


def _count(text: str) -> int | None:
    if text == HIDDEN:
        return None
    if _WHOLE.fullmatch(text) is None or len(text) > MOST_DIGITS:
        raise ValueError(f"{_COUNT} takes a whole number, or {HIDDEN} where it is hidden")
    return int(text.replace(",", ""))


def _rate(text: str) -> int | None:
    """In hundredths of a percent."""
    if text == HIDDEN:
        return None
    match = _PERCENT.fullmatch(text)
    hundredths = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else -1
    if not 0 <= hundredths <= 10000:
        raise ValueError(f"{_RATE} takes a percentage such as 4.2, or {HIDDEN} where it is hidden")
    return hundredths
