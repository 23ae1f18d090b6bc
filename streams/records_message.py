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
    """A message that was read. Without a kind none of its parts can be judged."""

    kind: Kind | None
    file: str
    parts: list[Part]


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
    """The records of a message. Raises WholeMessage where the schema is newer or the value is not JSON."""
    known = dict(headers)
    _check_schema(known.get("schema", b"1"))
    if not value:
        raise WholeMessage(Fault(Reason.NOT_JSON, "", "the message is empty; send a list of records"))
    kind = _kind_header(known.get("kind"))
    parts = _plain(value, kind) if kind is not None else None
    if parts is None:
        parts = _any(value)
        kind = kind or _told_kind(parts)
        if kind is not None:
            names = known_names(kind)
            parts = [part._replace(given=_only(part.given, names)) for part in parts]
    lines = _lines(known.get("lines"), len(parts))
    if lines is not None:
        parts = [part._replace(line=line) for part, line in zip(parts, lines, strict=True)]
    return Batch(kind, known.get("file", b"").decode(errors="replace"), parts)


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


def _plain(value: bytes, kind: Kind) -> list[Part] | None:
    """The usual message, a list of objects of trimmed known strings; None for whatever is not."""
    try:
        rows = orjson.loads(value)
    except ValueError:
        return None
    if type(rows) is not list:
        return None
    names = known_names(kind)
    parts = []
    for row in rows:
        if type(row) is not dict or not names.issuperset(row):
            return None
        for cell in row.values():
            if type(cell) is not str or not cell or cell[0] in " \t" or cell[-1] in " \t":
                return None
        parts.append(Part(row, 0))
    return parts


def _any(value: bytes) -> list[Part]:
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


def _lines(text: bytes | None, count: int) -> list[int] | None:
    try:
        lines = orjson.loads(text) if text else None
    except ValueError:
        return None
    if not isinstance(lines, list) or len(lines) != count or not all(type(line) is int for line in lines):
        return None
    return lines
