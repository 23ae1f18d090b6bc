"""Values of the worker's state that hold student and code records, for the tests of the store."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from models.columns import Kind
from models.ledger.chain import Stored, put
from models.ledger.groups import Group, encode, group_key
from models.version import identity_of
from streams.event_log import Outgoing

_AT = "2024-08-01T08:00:00Z"


def values(district: str, groups: Mapping[str, Mapping[str, str] | None]) -> list[Outgoing]:
    """The values after these student records alone, by id; None: deleted. Everybody is called CANARY."""
    held: dict[bytes, Group] = {}
    for student, given in groups.items():
        row = {"district_id": district, "student_id": student, "recorded_at": _AT}
        row |= {"op": "delete"} if given is None else {"first_name": "CANARY", **given}
        group = held.setdefault(group_key(Kind.STUDENT, row), {})
        group[identity_of(Kind.STUDENT, row)] = put(Kind.STUDENT, (), Stored(row, "f.csv", 1))
    return [Outgoing(key, encode(group)) for key, group in held.items()]


def codes(district: str, labels: Mapping[str, str]) -> Outgoing:
    """The value of a district's code records, with these labels by code; a blank is not given."""
    group: Group = {}
    for code, label in labels.items():
        row = {"district_id": district, "code": code, "status": "in_attendance", "recorded_at": _AT}
        row |= {"label": label} if label else {}
        group[identity_of(Kind.CODE, row)] = put(Kind.CODE, (), Stored(row, "f.csv", 1))
    return Outgoing(group_key(Kind.CODE, {"district_id": district}), encode(group))


def students(district: str, seed: int) -> list[Outgoing]:
    """Some of the students of made_facts, in some groups."""
    dice = Random(seed)
    chosen = {f"{n:04d}": {"meals": dice.choice(("free", "paid"))} for n in range(25) if dice.random() < 0.3}
    return values(district, chosen)
