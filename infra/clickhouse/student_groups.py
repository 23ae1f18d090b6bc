"""The students' groups, from the worker's state: what its live student records say, without names.

They are taken from the topic of the state, whose newest values hold every student that is known, whenever the
record came; the records themselves expire. A value holds a bucket of students, whole.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import NamedTuple

from models.columns import Kind
from models.ledger.chain import live
from models.ledger.groups import LETTER, decode, split_key
from streams.event_log import Message

COLUMNS = ("english_learner", "disability", "meals", "homeless", "race_ethnicity", "gender")

Groups = tuple[str, ...]
"""The values of COLUMNS; a blank is not given."""
NO_GROUPS: Groups = ("",) * len(COLUMNS)


class Bucket(NamedTuple):
    """All students of a district whose ids fall into one bucket. `version` is the value's offset."""

    district: str
    number: int
    version: int
    students: Mapping[str, Groups]


def bucket_of(message: Message) -> Bucket | None:
    """The students of a message of the state's topic; None where it is about something else.

    Raises ValueError, KeyError or TypeError where it is not as this version writes it.
    """
    if message.key is None:
        return None
    district, letter, parts = split_key(message.key)
    if letter != LETTER[Kind.STUDENT]:
        return None
    students: dict[str, Groups] = {}
    if message.value:
        try:
            held = decode(Kind.STUDENT, message.value)
        except zlib.error:
            raise ValueError("a value that is damaged") from None
        for chain in held.values():
            record = live(chain)
            if record is not None:
                groups = tuple(record.given.get(name, "") for name in COLUMNS)
                students[record.given["student_id"]] = groups
    return Bucket(district, int(parts[0], 16), message.offset, students)
