"""The students' groups, from the worker's state: what its live student records say, without names.

They are taken from the topic of the state, whose newest values hold every student that is known, whenever the
record came; the records themselves expire. A value holds a bucket of students, whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from infra.clickhouse.state_records import state_records
from models.columns import Kind
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
    held = state_records(message, Kind.STUDENT)
    if held is None:
        return None
    students = {given["student_id"]: tuple(given.get(name, "") for name in COLUMNS) for given in held.records}
    return Bucket(held.district, int(held.parts[0], 16), message.offset, students)
