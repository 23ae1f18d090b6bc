"""What a district calls its codes, from the worker's state: facts have the code alone, and it is short.

As with the students' groups, the newest value of the state holds every live code record, whenever it came.
"""

from __future__ import annotations

from typing import NamedTuple

from infra.clickhouse.state_records import state_records
from models.columns import Kind
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
    held = state_records(message, Kind.CODE)
    if held is None:
        return None
    labels = [
        Label(given["code"], given.get("effective_from", ""), given.get("label", ""))
        for given in held.records
    ]
    return CodeLabels(held.district, message.offset, tuple(sorted(labels)))
