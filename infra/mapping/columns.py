"""How one field of a record comes from the columns of a file (docs/records.md, Mapping files)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from infra.mapping.moments import format_fault, zone_of
from models.columns import COLUMNS, COMMON, Column, Form, Kind

EXPORTED_AT = "exported_at"
Words = tuple[str, ...]


class Strict(BaseModel):
    """What all tables of a mapping have: no key that is not known, and no value in an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=True)


def _format(value: object) -> object:
    if isinstance(value, str) and (fault := format_fault(value)):
        raise ValueError(fault)
    return value


def _zone(value: object) -> object:
    if isinstance(value, str):
        zone_of(value)
    return value


def _words(value: object) -> object:
    """One word or a list of them."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def entries(value: object) -> object:
    """The entries of a list of tables."""
    return tuple(value) if isinstance(value, list) else value


DateFormat = Annotated[str, BeforeValidator(_format)]
Zone = Annotated[str, BeforeValidator(_zone)]
ManyWords = Annotated[Words, BeforeValidator(_words)]


class From(Strict):
    """Where a field comes from: one column, several joined, or a constant; and how it is written there."""

    column: ManyWords = ()
    join: str = "-"
    constant: str = ""
    default: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    others: Literal["refuse", "keep"] = "refuse"
    format: DateFormat | None = None
    zone: Zone | None = None
    of: Annotated[int, Field(ge=1, le=1440)] = 1
    present: bool = False
    pad: Annotated[int, Field(ge=0, le=64)] = 0

    @model_validator(mode="after")
    def _one_source(self) -> From:
        if bool(self.column) == bool(self.constant):
            raise ValueError("takes either column, the name in the header, or constant")
        if any(not name.strip() for name in self.column):
            raise ValueError("takes the name of a column as it stands in the header")
        if self.constant and self.model_fields_set != {"constant"}:
            raise ValueError("a constant takes no other key; write it as the record has it")
        return self

    def fault(self, column: Column) -> str:
        """What does not go with the field; blank where all does."""
        given = self.model_fields_set
        for keys, forms in _ONLY_OF.items():
            if given & set(keys) and column.form not in forms:
                return f"{min(given & set(keys))} does not go with {column.name}; take it away"
        if self.default == EXPORTED_AT and column.name != "recorded_at":
            return "only recorded_at takes exported_at as its default"
        return ""


# What says how a form is written goes with that form alone.
_ONLY_OF: dict[tuple[str, ...], tuple[Form, ...]] = {
    ("format",): (Form.DATE, Form.SCHOOL_DATE, Form.TIME),
    ("zone",): (Form.TIME,),
    ("of", "present"): (Form.FRACTION,),
    ("pad",): (Form.ID,),
}


def fields_of(kind: Kind) -> dict[str, Column]:
    """The fields of a kind by name, in the contract's order, op and event_id last."""
    return {column.name: column for column in (*COLUMNS[kind], *COMMON)}


def spec(value: Any) -> Any:
    """A name alone is short for the column of that name."""
    return {"column": value} if isinstance(value, str) else value


Spec = Annotated[From, BeforeValidator(spec)]
