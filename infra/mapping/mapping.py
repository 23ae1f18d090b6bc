"""What a mapping file says: which file is which kind of record, and what its columns and codes mean."""

from __future__ import annotations

import fnmatch
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from infra.mapping.code import Code
from infra.mapping.columns import DateFormat, From, ManyWords, Spec, Strict, Zone, entries, fields_of
from infra.mapping.days import Days
from infra.mapping.moments import ISO, has_offset
from models.columns import Kind
from models.instant import read_time

_GIVE_ZONE = 'give time_zone, such as "America/New_York"'
# What a wide sheet says by its columns and cells, not by a column of that name.
_OF_CELLS = ("date", "code", "record_id", "op", "event_id")


def _time(value: object) -> object:
    if isinstance(value, datetime):  # TOML has times of its own, without quotes
        value = value.isoformat()
    if isinstance(value, str) and read_time(value) is None:
        raise ValueError("takes a time with its offset in quotes, such as 2024-09-01T08:00:00-04:00")
    return value


def _kind(value: object) -> object:
    if not isinstance(value, str) or value not in list(Kind):
        raise ValueError(f"takes one of {', '.join(Kind)}")
    return Kind(value)


Time = Annotated[str, BeforeValidator(_time)]


class Skip(Strict):
    """Rows that are left out: the cell of a column is one of some words, or is none of them."""

    column: str
    is_: ManyWords | None = Field(default=None, alias="is")
    is_not: ManyWords | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Skip:
        if (self.is_ is None) == (self.is_not is None):
            raise ValueError('takes either is or is_not, a list of words; "" is a blank cell')
        return self

    def leaves_out(self, cell: str) -> bool:
        """Whether a row with this cell is left out."""
        return cell in self.is_ if self.is_ is not None else cell not in (self.is_not or ())


class Layout(Strict):
    """One `[[files]]` entry: a layout of file, and the one kind of record that is taken from it."""

    name: str = "*"
    header: ManyWords = ()
    kind: Annotated[Kind, BeforeValidator(_kind)]
    encoding: Literal["utf-8", "cp1252", "utf-16"] = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    escape: Annotated[str, Field(max_length=1)] = ""
    skip_lines: Annotated[int, Field(ge=0, le=1000)] = 0
    date_format: DateFormat | None = None
    time_zone: Zone | None = None
    exported_at: Time = ""
    exported_from_name: DateFormat = ""
    columns: dict[str, Spec]
    skip: Annotated[tuple[Skip, ...], BeforeValidator(entries)] = ()
    days: Days | None = None

    @field_validator("exported_from_name", mode="before")
    @classmethod
    def _whole_name(cls, value: object) -> object:
        if value == ISO:
            raise ValueError("takes the file's name with the date in it, such as attendance_%Y-%m-%d.csv")
        return value

    @model_validator(mode="after")
    def _fits_the_kind(self) -> Layout:
        known = fields_of(self.kind)
        if self.days is not None and self.kind is not Kind.ATTENDANCE:
            raise ValueError("days is for attendance; take it away, or correct kind")
        for name, source in self.columns.items():
            if name not in known:
                raise ValueError(f"columns: {self.kind} has no {name}; it has {', '.join(known)}")
            if self.days is not None and name in _OF_CELLS:
                raise ValueError(f"columns: {name} comes from the sheet's days; take it away")
            if fault := source.fault(known[name]):
                raise ValueError(f"columns.{name}: {fault}")
        for name in self._required():
            if name not in self.columns:
                raise ValueError(f"columns: {name} is missing; name the column that holds it")
        return self

    def _required(self) -> list[str]:
        """What each row has to give; a district and a time may also come from elsewhere."""
        elsewhere = {"district_id", "recorded_at"} | (set(_OF_CELLS) if self.days else set())
        known = fields_of(self.kind)
        return [name for name, column in known.items() if column.required and name not in elsewhere]

    def takes(self, name: str) -> bool:
        """Whether a file's name fits; upper and lower case are the same."""
        return fnmatch.fnmatchcase(name.lower(), self.name.lower())

    @property
    def needs_zone(self) -> str:
        """The first key whose times are in no zone of their own; blank where there is none."""
        if self.exported_from_name and not has_offset(self.exported_from_name):
            return "exported_from_name"
        source = self.columns.get("recorded_at")
        if source is None or source.constant or source.zone or has_offset(source.format or ISO):
            return ""
        return "columns.recorded_at"

    @property
    def sources(self) -> dict[str, From]:
        """Where each field comes from, those of a sheet's enrollments too."""
        return {**self.columns, **(self.days.columns if self.days is not None else {})}

    @property
    def used(self) -> set[str]:
        """The columns of the file that are read, but for the days of a wide sheet."""
        named = {name for source in self.sources.values() for name in source.column}
        return named | {rule.column for rule in self.skip}


class Mapping(Strict):
    """A whole mapping file."""

    district: str = ""
    time_zone: Zone | None = None
    date_format: DateFormat = ISO
    exported_at: Time = ""
    yes: ManyWords = ("yes",)
    no: ManyWords = ("no",)
    nulls: ManyWords = ()
    codes_recorded_at: Time = ""
    codes: Annotated[tuple[Code, ...], BeforeValidator(entries)] = ()
    files: Annotated[tuple[Layout, ...], BeforeValidator(entries)] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Mapping:
        if self.codes and not self.codes_recorded_at:
            raise ValueError(
                "codes_recorded_at is missing: say when the meanings of the codes were written down, and "
                "raise it whenever one is changed"
            )
        if not self.files:
            raise ValueError("files is missing: give a [[files]] entry for each layout of file")
        both = set(self.yes) & set(self.no)
        if both:
            raise ValueError("a word stands in yes and in no; keep it in one")
        self._each_code_once()
        for number, layout in enumerate(self.files, start=1):
            key = layout.needs_zone
            if key and not (layout.time_zone or self.time_zone):
                raise ValueError(f"files entry {number}: {key} has no time zone; {_GIVE_ZONE}")
        return self

    def _each_code_once(self) -> None:
        fractions: dict[str, str] = {}
        for entry in self.codes:
            if fractions.setdefault(entry.code, entry.absent_fraction) != entry.absent_fraction:
                raise ValueError("codes: the entries of one code differ in absent_fraction; make them alike")
        meanings = [(entry.code, entry.effective_from) for entry in self.codes]
        if len(set(meanings)) < len(meanings):
            raise ValueError("codes: a code stands twice with one effective_from; keep one")
        written: dict[str, str] = {}
        for entry in self.codes:
            for word in entry.written or (entry.code,):
                if written.setdefault(word, entry.code) != entry.code:
                    raise ValueError("codes: one way to write a code stands for two codes; keep one")

    @property
    def fractions(self) -> dict[str, str]:
        """The part of the day that a code stands for, of codes that have one."""
        return {entry.code: entry.absent_fraction for entry in self.codes if entry.absent_fraction}

    @property
    def ids_of_codes(self) -> dict[str, str]:
        """The code by how the files write it."""
        return {word: entry.code for entry in self.codes for word in entry.written or (entry.code,)}
