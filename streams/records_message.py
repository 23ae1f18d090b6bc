"""Messages of records: one kind, one district, at most some hundred records (docs/adr/0001).

The value is a JSON list of objects, each the known columns of one record that are given, as strings.
Headers: `schema` (a whole number), `kind`, and where the records come from a file `file` (its name) and
`lines` (a JSON list of line numbers). A producer of somebody else may leave kind, file and lines out, and may
send one object.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import orjson

from models.columns import Kind, kind_of, known_names
from models.ledger.chain import Stored
from models.plain_json import json_object, list_items
from models.refusal import Fault, Reason
from streams.event_log import Headers, Outgoing
from streams.topics import SCHEMA_VERSION


class Part(NamedTuple):
    """One record of a message: what it gives, or why it cannot be read; `raw` is the record as it came."""

    given: dict[str, str]
    line: int
    fault: Fault | None = None
    raw: str = ""


class Batch(NamedTuple):
    """A message that was read. Without a kind none of its records can be judged.

    `rows` are the values of its list as they are, to be used where each is a valid record at first sight;
    else `parts` reads them again with care. `lines` holds a line each, or nothing.
    """

    kind: Kind | None
    file: str
    lines: list[int]
    rows: list[dict[str, str]] | None
    value: bytes


def pack(kind: Kind, records: Sequence[Stored]) -> Outgoing:
    """The message of some records of one kind, one district and one file."""
    lines = [held.line for held in records]
    headers: Headers = (
        ("schema", str(SCHEMA_VERSION).encode()),
        ("kind", kind.value.encode()),
        ("file", records[0].file.encode()),
        ("lines", orjson.dumps(lines)),
    )
    key = records[0].given["district_id"].encode()
    return Outgoing(key, orjson.dumps([dict(held.given) for held in records]), headers)


class WholeMessage(Exception):
    """A message of which nothing can be read; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def unpack(value: bytes | None, headers: Headers) -> Batch:
    """A message, read as far as its list. Raises WholeMessage for a newer schema, and what is not JSON."""
    known = dict(headers)
    _check_schema(known.get("schema", b"1"))
    if not value:
        raise WholeMessage(Fault(Reason.NOT_JSON, "", "the message is empty; send a list of records"))
    file = known.get("file", b"").decode(errors="replace")
    kind = _kind_header(known.get("kind"))
    rows = _rows(value) if kind is not None else None
    if kind is None:
        kind = _told_kind(_read(value))
    return Batch(kind, file, _lines(known.get("lines")), rows, value)


def parts(batch: Batch) -> list[Part]:
    """The records of a message one by one. Raises WholeMessage where it is not JSON."""
    read = _read(batch.value)
    if batch.kind is not None:
        names = known_names(batch.kind)
        read = [part._replace(given=_only(part.given, names)) for part in read]
    if len(batch.lines) == len(read):
        read = [part._replace(line=line) for part, line in zip(read, batch.lines, strict=True)]
    return read


def _check_schema(text: bytes) -> None:
    try:
        version = int(text)
    except ValueError:
        version = SCHEMA_VERSION + 1
    if version > SCHEMA_VERSION:
        message = f"the message has a schema after {SCHEMA_VERSION}; update the worker, then retry"
        raise WholeMessage(Fault(Reason.NEWER_SCHEMA, "", message))


def _kind_header(text: bytes | None) -> Kind | None:
    try:
        return Kind(text.decode()) if text else None
    except ValueError:
        return None


def _rows(value: bytes) -> list[dict[str, str]] | None:
    """A list of objects, not looked into; None for whatever is something else."""
    try:
        rows = orjson.loads(value)
    except ValueError:
        return None
    plain = type(rows) is list and all(type(row) is dict for row in rows)
    return rows if plain else None


def _read(value: bytes) -> list[Part]:
    """The slow way, which keeps numbers as they are written and judges each object by itself."""
    try:
        pieces = list_items(value.decode())
    except (ValueError, RecursionError):
        message = "the message is not JSON in UTF-8; send a list of records"
        raise WholeMessage(Fault(Reason.NOT_JSON, "", message)) from None
    return [_part(piece) for piece in pieces]


def _part(raw: str) -> Part:
    given = json_object(raw)
    if given is None:
        return Part({}, 0, Fault(Reason.NOT_JSON, "", "the record is not a JSON object of plain values"), raw)
    return Part(given, 0, None, raw)


def _told_kind(parts: list[Part]) -> Kind | None:
    return next((kind_of(part.given) for part in parts if part.fault is None), None)


def _only(given: dict[str, str], names: frozenset[str]) -> dict[str, str]:
    return given if names.issuperset(given) else {name: cell for name, cell in given.items() if name in names}


def _lines(text: bytes | None) -> list[int]:
    try:
        lines = orjson.loads(text) if text else None
    except ValueError:
        return []
    if not isinstance(lines, list) or set(map(type, lines)) != {int}:
        return []
    # The state keeps each as its distance from the one before, in 64 bits.
    return lines if min(lines) >= 0 and max(lines) < 1 << 63 else []
