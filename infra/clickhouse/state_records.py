"""Live records out of the topic of the worker's state, whose newest values hold all that are known.

The records themselves expire, and would have to be judged, and put in the order of their versions, again.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import NamedTuple

from models.columns import Kind
from models.ledger.chain import live
from models.ledger.groups import LETTER, decode, split_key
from streams.event_log import Message


class StateRecords(NamedTuple):
    """The live records of one group of the state, as written; `parts` are those of its key."""

    district: str
    parts: tuple[str, ...]
    records: list[Mapping[str, str]]


def state_records(message: Message, kind: Kind) -> StateRecords | None:
    """The records of a message of the state's topic; None where it is about another kind, or something else.

    Raises ValueError, KeyError or TypeError where it is not as this version writes it.
    """
    if message.key is None:
        return None
    district, letter, parts = split_key(message.key)
    if letter != LETTER[kind]:
        return None
    if not message.value:
        return StateRecords(district, parts, [])
    try:
        held = decode(kind, message.value)
    except zlib.error:
        raise ValueError("a value that is damaged") from None
    found = [record.given for record in map(live, held.values()) if record is not None]
    return StateRecords(district, parts, found)
