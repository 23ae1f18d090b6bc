"""The state's values: live records in groups that change together (docs/adr/0001).

A key is `district US letter US part ...`; ids hold no control characters, so the unit separator is safe.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

from models.columns import Kind
from models.ledger.chain import Chain, Stored, put
from models.version import identity_of

US = "\x1f"
LETTER = {
    Kind.ATTENDANCE: "a",
    Kind.ENROLLMENT: "e",
    Kind.CALENDAR: "c",
    Kind.SUBMISSION: "s",
    Kind.SCHOOL: "o",
    Kind.CODE: "k",
    Kind.STUDENT: "t",
    Kind.PRIOR_YEAR: "p",
}
KIND = {letter: kind for kind, letter in LETTER.items()}
ALERTS = "A"
_BUCKETS = 256

Group = dict[tuple[str, ...], Chain]


def group_key(kind: Kind, given: Mapping[str, str]) -> bytes:
    """The key of the group that holds a record."""
    parts: tuple[str, ...]
    match kind:
        case Kind.ATTENDANCE:
            parts = (given["school_id"], given["date"])
        case Kind.ENROLLMENT:
            parts = (given["school_id"], given["entry_date"])
        case Kind.CALENDAR | Kind.SUBMISSION:
            parts = (given["school_id"], given["date"][:7])
        case Kind.STUDENT | Kind.PRIOR_YEAR:
            parts = (f"{zlib.crc32(given['student_id'].encode()) % _BUCKETS:02x}",)
        case _:
            parts = ()
    return US.join((given["district_id"], LETTER[kind], *parts)).encode()


def alerts_key(district: str, student: str) -> bytes:
    """The key of what was published of one student."""
    return US.join((district, ALERTS, student)).encode()


def split_key(key: bytes) -> tuple[str, str, tuple[str, ...]]:
    """District, letter and the other parts of a key."""
    district, letter, *parts = key.decode().split(US)
    return district, letter, tuple(parts)


def encode(group: Group) -> bytes:
    """The group's bytes: every version that is kept, as written."""
    rows = [[held.given, held.file, held.line] for chain in group.values() for held in chain]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def decode(kind: Kind, value: bytes) -> Group:
    """The group of such bytes."""
    group: Group = {}
    for given, file, line in json.loads(zlib.decompress(value)):
        identity = identity_of(kind, given)
        group[identity] = put(kind, group.get(identity, ()), Stored(given, file, line))
    return group
