"""What reading files gives, in order: records, refusals and what else a person should know."""

from __future__ import annotations

from typing import NamedTuple

from models.columns import Kind
from models.ledger.chain import Stored
from streams.refused import Refused


class Record(NamedTuple):
    """A valid record."""

    kind: Kind
    held: Stored


class Notice(NamedTuple):
    """Something to tell once: `file` is a file's or folder's name, `text` holds no student's id."""

    file: str
    text: str


Event = Record | Refused | Notice
