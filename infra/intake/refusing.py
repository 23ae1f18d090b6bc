"""Refusals of files and rows, in a size that a message can carry."""

from __future__ import annotations

import json
from collections.abc import Mapping

from infra.files.rows import FileRefused
from infra.files.source import Source
from models.columns import Kind
from models.plain_json import NotText
from models.refusal import Fault, Reason
from models.validate import TEXT_LIMIT
from streams.refused import Refused

CUT = " [cut]"
_GIVEN_LIMIT = 4 * TEXT_LIMIT
_UNREADABLE = (Reason.NOT_CSV, Reason.NOT_JSON)


def refuse_row(
    source: Source, line: int, kind: Kind | None, fault: Fault, raw: str, given: Mapping[str, str]
) -> Refused:
    """The refusal of a row.

    `record` is the row's text without its last line end, cut to 64 KiB. `given` is empty where the row cannot
    be judged by it: what is not CSV or JSON, has values that are no text, or is over 256 KiB. So judging
    `given` once more never lets in what was refused.
    """
    kept = dict(given)
    odd = any(isinstance(value, NotText) for value in kept.values())
    if odd or fault.reason in _UNREADABLE or len(json.dumps(kept)) > _GIVEN_LIMIT:
        kept = {}
    return Refused(
        source.name,
        line,
        "" if kind is None else kind.value,
        fault.reason.value,
        fault.field,
        fault.message,
        _cut(without_end(raw)),
        kept,
        source.path,
        source.digest,
    )


def refuse_file(source: Source, refused: FileRefused, kind: Kind | None = None) -> Refused:
    """The refusal of a whole file: line 1, and its header as the record."""
    return refuse_row(source, 1, kind, refused.fault, refused.raw, {})


def without_end(text: str) -> str:
    """A row's text without the line end behind it."""
    return text.removesuffix("\n").removesuffix("\r")


def _cut(text: str) -> str:
    if len(text) * 4 <= TEXT_LIMIT:
        return text
    held = text.encode()
    return text if len(held) <= TEXT_LIMIT else held[:TEXT_LIMIT].decode(errors="ignore") + CUT
