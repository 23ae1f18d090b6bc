"""JSON, CSV or Parquet: which one is wanted, and how rows are written in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from datetime import date, datetime
from types import UnionType
from typing import Any, Literal, get_args

from pydantic import BaseModel

from models.spreadsheet_text import as_text

Format = Literal["json", "csv", "parquet"]

MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
ONLY_JSON: tuple[Format, ...] = ("json",)
_BY_TYPE: dict[str, Format] = {
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
    "application/*": "json",
    "text/*": "csv",
    "*/*": "json",
}
HIDDEN = "*"


def wanted(asked: Format | None, accept: str, had: Collection[Format] = tuple(MEDIA_TYPES)) -> Format | None:
    """The format of an answer: as asked, else the one of those that can be `had` that `Accept` likes most;
    None where it likes none.
    """
    if asked is not None:
        return asked
    if not accept.strip():
        return "json"
    best: tuple[float, Format] | None = None
    for part in accept.split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        found, liking = _BY_TYPE.get(name), _liking(parameters)
        if found is not None and found in had and liking > 0 and (best is None or liking > best[0]):
            best = (liking, found)
    return None if best is None else best[1]


def _liking(parameters: Sequence[str]) -> float:
    for each in parameters:
        name, _, value = each.partition("=")
        if name.strip() == "q":
            # Only what RFC 9110 writes: 0 to 1 with at most three decimals; `nan` is none.
            return float(value) if value and set(value) <= set("01.23456789") and value.count(".") < 2 else 0
    return 1


def as_csv(row_type: type[BaseModel], rows: Sequence[BaseModel]) -> bytes:
    """A header and a line a row; text is safe for spreadsheets, a hidden number is `*`, null is blank."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(row_type.model_fields)
    for row in rows:
        stars: frozenset[str] = getattr(row, "stars", frozenset())
        writer.writerow([_cell(value, name in stars) for name, value in row])
    return out.getvalue().encode()


def _cell(value: object, hidden: bool) -> str:
    if value is None:
        return HIDDEN if hidden else ""
    if isinstance(value, str):
        return as_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def as_parquet(row_type: type[BaseModel], rows: Sequence[BaseModel], said: dict[str, str]) -> bytes:
    """A Parquet file; `said` goes into the metadata of its schema."""
    # Here, because it takes long to load and few ask for it.
    import pyarrow as pa  # type: ignore[import-untyped]  # it has no types
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it has no types

    types = {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: pa.timestamp("ms", "UTC"),
    }
    schema = pa.schema(
        [pa.field(name, types[_kind(row_type, name)]) for name in row_type.model_fields], metadata=said
    )
    columns = [
        pa.array([getattr(row, field.name) for row in rows], type=field.type, from_pandas=False)
        for field in schema
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), sink)
    return bytes(sink.getvalue().to_pybytes())


def _kind(row_type: type[BaseModel], name: str) -> Any:
    """The type of a column, without the null that it may be."""
    annotation = row_type.model_fields[name].annotation
    if isinstance(annotation, UnionType):
        (annotation,) = (each for each in get_args(annotation) if each is not type(None))
    return annotation
