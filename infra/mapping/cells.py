"""Cells of a file as a record writes them (docs/records.md, Mapping files)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from fractions import Fraction

from infra.mapping.columns import EXPORTED_AT, From, fields_of
from infra.mapping.mapping import Layout
from infra.mapping.mapping import Mapping as MappingFile
from infra.mapping.moments import ISO, has_offset, read_day, read_moment, zone_of
from models.columns import Column, Form, Kind
from models.refusal import Fault, Reason

# The values of a column repeat: what was read once is kept, up to so many values a column.
_KEPT = 50_000
# Fractions are cut, never rounded up: three sixths of a day must not add up to more than half of it.
_DIGITS = 9
_EXCEL_TEXT = re.compile(r'="([^"]*)"')
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}")
_LONG_YEAR = re.compile(r"([0-9]{4})[-/](?:[0-9]{2})?([0-9]{2})")
_BLANK = " \t\u00a0"

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Writing:
    """How the files of a layout write things, beside what a column says of itself."""

    date_format: str = ISO
    zone: tzinfo | None = None
    exported_at: str = ""
    district: str = ""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    nulls: frozenset[str] = frozenset()
    codes: Mapping[str, str] = field(default_factory=dict)
    fractions: Mapping[str, str] = field(default_factory=dict)


def writing_of(mapping: MappingFile, layout: Layout, district: str, exported_at: str) -> Writing:
    """How a layout's files write; `district` and `exported_at` are those of the call."""
    zone = layout.time_zone or mapping.time_zone
    return Writing(
        layout.date_format or mapping.date_format,
        zone_of(zone) if zone else None,
        exported_at,
        district,
        frozenset(mapping.yes),
        frozenset(mapping.no),
        frozenset(mapping.nulls),
        mapping.ids_of_codes,
        mapping.fractions,
    )


def clean(cell: str, nulls: frozenset[str]) -> str:
    """A cell without blanks around it or Excel's sign of a text (`="0042"`); a null word is blank."""
    match = _EXCEL_TEXT.fullmatch(cell)
    told = (match[1] if match else cell).strip(_BLANK)
    return "" if told in nulls else told


class FieldOf:
    """One field of the records of a layout."""

    __slots__ = ("_column", "_convert", "_kept", "_source", "_writing")

    def __init__(self, column: Column, source: From, writing: Writing) -> None:
        self._column = column
        self._source = source
        self._writing = writing
        self._kept: dict[tuple[str, ...], str | Fault] = {}
        self._convert = _reader(column, source, writing)

    def read(self, cells: Cells) -> str | Fault:
        """The value as the record has it; blank where it is not given."""
        raw = tuple([cells.get(name, "") for name in self._source.column])
        held = self._kept.get(raw)
        if held is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            held = self._kept[raw] = self._read(raw)
        return held

    def _read(self, raw: tuple[str, ...]) -> str | Fault:
        source = self._source
        if source.constant:
            return source.constant
        parts = [clean(cell, self._writing.nulls) for cell in raw]
        text = source.join.join(parts) if any(parts) else ""
        if text in source.values:
            return source.values[text]
        if not text:
            return self._writing.exported_at if source.default == EXPORTED_AT else source.default
        if source.values and source.others == "refuse":
            return _fault(
                Reason.BAD_VALUE, self._column, "the mapping's values do not list what stands there; add it"
            )
        return self._convert(text.zfill(source.pad) if source.pad and text.isdecimal() else text)


def fields(kind: Kind, columns: Mapping[str, From], writing: Writing) -> dict[str, FieldOf]:
    """The fields of a kind's records in the contract's order; also those that stand outside of the rows."""
    known = fields_of(kind)
    sources = dict(columns)
    for name, value in (("district_id", writing.district), ("recorded_at", writing.exported_at)):
        if name not in sources and value:
            sources[name] = From(constant=value)
    return {name: FieldOf(known[name], sources[name], writing) for name in known if name in sources}


def _reader(column: Column, source: From, writing: Writing) -> Callable[[str], str | Fault]:
    match column.form:
        case Form.DATE | Form.SCHOOL_DATE:
            format = source.format or writing.date_format
            return _or_fault(
                lambda text: read_day(text, format), Reason.BAD_DATE, column,
                f"the date does not fit {format}; correct it, or the format in the mapping",
            )  # fmt: skip
        case Form.TIME:
            format = source.format or ISO
            own = zone_of(source.zone) if source.zone else writing.zone
            zone = None if has_offset(format) else own
            return _or_fault(
                lambda text: read_moment(text, format, zone), Reason.BAD_TIME, column,
                f"the time does not fit {format}; correct it, or the format in the mapping",
            )  # fmt: skip
        case Form.FRACTION:
            return _or_fault(
                lambda text: fraction(text, source.of, source.present), Reason.BAD_VALUE, column,
                f"takes a number from 0 to {source.of}; correct it, or `of` in the mapping",
            )  # fmt: skip
        case Form.YES_NO:
            return _or_fault(
                lambda text: "yes" if text in writing.yes else "no" if text in writing.no else None,
                Reason.BAD_VALUE, column, "the mapping's yes and no do not list what stands there; add it",
            )  # fmt: skip
        case Form.SCHOOL_YEAR:
            return _school_year
    if column.name == "code":
        return lambda text: code_of(text, writing, column)
    return lambda text: text


def _school_year(text: str) -> str:
    """A school year written out, `2020-2021`, in its short form; anything else as it is."""
    match = _LONG_YEAR.fullmatch(text)
    return f"{match[1]}-{match[2]}" if match else text


def code_of(text: str, writing: Writing, column: Column) -> str | Fault:
    """A code's id: as the mapping's codes have it, else as it is written."""
    told = writing.codes.get(text, text)
    if " " in told:
        return _fault(
            Reason.BAD_ID, column, "a code with blanks needs a codes entry in the mapping that writes it so"
        )
    return told


def fraction(text: str, of: int, present: bool) -> str | None:
    """The part of the day that was missed, from a number out of `of`; cut after nine digits.

    Cutting keeps the comparison with half a day exact: a sum of minutes over half of the day is over it by
    1/2880 at least, which is far more than what is cut.
    """
    if _NUMBER.fullmatch(text) is None:
        return None
    part = Fraction(text if text[0] != "." else f"0{text}") / of
    if part > 1:
        return None
    digits = (1 - part if present else part) * 10**_DIGITS // 1
    whole, rest = divmod(digits, 10**_DIGITS)
    return f"{whole}.{rest:0{_DIGITS}d}".rstrip("0").rstrip(".")


def _fault(reason: Reason, column: Column, message: str) -> Fault:
    return Fault(reason, column.name, f"{column.name}: {message}")


def _or_fault(
    read: Callable[[str], str | None], reason: Reason, column: Column, message: str
) -> Callable[[str], str | Fault]:
    fault = _fault(reason, column, message)

    def told(text: str) -> str | Fault:
        value = read(text)
        return fault if value is None else value

    return told
