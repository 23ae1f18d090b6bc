"""What a district calls its codes, from the worker's state: facts have the code alone, and it is short.

As with the students' groups, the newest value of the state holds every live code record, whenever it came.
"""

from __future__ import annotations

import zlib
from typing import NamedTuple

from models.columns import Kind
from models.ledger.chain import live
from models.ledger.groups import LETTER, decode, split_key
from streams.event_log import Message


class Label(NamedTuple):
    """A code, since when a record says what it is (a date as written; blank: always), and its label."""

    code: str
    since: str
    text: str


class CodeLabels(NamedTuple):
    """All live codes of a district. `version` is the value's offset."""

    district: str
    version: int
    labels: tuple[Label, ...]


# Of each code the label that holds on a date as written: dates as text sort as dates do.
LABELS = """SELECT district_id, code, argMax(label, start) AS label
FROM code_labels FINAL
ARRAY JOIN codes AS code, since AS start, labels AS label
WHERE start <= {labels_on:String}
GROUP BY district_id, code"""


def labels_of(message: Message) -> CodeLabels | None:
    """The codes of a message of the state's topic; None where it is about something else.

    Raises ValueError, KeyError or TypeError where it is not as this version writes it.
    """
    if message.key is None:
        return None
    district, letter, _ = split_key(message.key)
    if letter != LETTER[Kind.CODE]:
        return None
    labels: list[Label] = []
    if message.value:
        try:
            held = decode(Kind.CODE, message.value)
        except zlib.error:
            raise ValueError("a value that is damaged") from None
        for record in map(live, held.values()):
            if record is not None:
                given = record.given
                labels.append(Label(given["code"], given.get("effective_from", ""), given.get("label", "")))
    return CodeLabels(district, message.offset, tuple(sorted(labels)))
