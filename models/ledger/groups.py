"""The state's values: live records in groups that change together (docs/adr/0001).

A key is `district US letter US part ...`; ids hold no control characters, so the unit separator is safe. A
value keeps every version that matters, as written. Its records stand in columns, a value that all of them
share once: about a tenth of the size, and the changelog carries every value that is written.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import orjson

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
POLICIES = "P"
FACTS_FORM = "F"
_BUCKETS = 256

Identity = tuple[str, ...]
Group = dict[Identity, Chain]


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


def policies_key(district: str) -> bytes:
    """The key of the policies that the district's alerts were judged by."""
    return US.join((district, POLICIES)).encode()


def facts_form_key(district: str) -> bytes:
    """The key of which form the district's facts were last published in."""
    return US.join((district, FACTS_FORM)).encode()


def split_key(key: bytes) -> tuple[str, str, tuple[str, ...]]:
    """District, letter and the other parts of a key."""
    district, letter, *parts = key.decode().split(US)
    return district, letter, tuple(parts)


def district_of(key: bytes) -> str:
    """The district of a key; blank for what is no district's."""
    return key.decode().partition(US)[0]


def encode(group: Group) -> bytes:
    """The group's bytes: every version that is kept, as written, by the columns that they give."""
    return encode_rows([held for chain in group.values() for held in chain])


def encode_rows(rows: Sequence[Stored]) -> bytes:
    """The bytes of versions; their order is no matter."""
    names = [tuple(held.given) for held in rows]
    shapes = dict.fromkeys(names)
    if len(shapes) == 1:
        tables = [_table(names[0], rows)]
    else:
        tables = [
            _table(shape, [held for held, its in zip(rows, names, strict=True) if its == shape])
            for shape in shapes
        ]
    return zlib.compress(orjson.dumps(tables), 1)


def _table(names: tuple[str, ...], rows: Sequence[Stored]) -> list[Any]:
    givens, files, lines = zip(*rows, strict=True)
    columns = zip(*[given.values() for given in givens], strict=True)
    steps = [line - before for before, line in zip([0, *lines], lines, strict=False)]
    return [names, [*map(_column, columns), _column(files)], steps]


def _column(values: Any) -> Any:
    """One value where all are equal, else the list of them."""
    first = values[0]
    return first if values.count(first) == len(values) else values


def rows_of(value: bytes) -> Iterator[Stored]:
    """The records of such bytes."""
    for names, columns, steps in orjson.loads(zlib.decompress(value)):
        lines = list(accumulate(steps))
        spread: Iterable[tuple[str, ...]] = zip(
            *[[column] * len(lines) if isinstance(column, str) else column for column in columns],
            strict=True,
        )
        for line, cells in zip(lines, spread, strict=True):
            yield Stored(dict(zip(names, cells, strict=False)), cells[-1], line)


def decode(kind: Kind, value: bytes) -> Group:
    """The group of such bytes."""
    group: Group = {}
    for held in rows_of(value):
        identity = identity_of(kind, held.given)
        group[identity] = put(kind, group.get(identity, ()), held)
    return group
