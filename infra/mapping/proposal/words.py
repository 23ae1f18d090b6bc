"""What the words in a file mean where that is standard, and which words may be shown at all.

What an attendance code means is a district's own and never guessed, but for the categories of Ed-Fi, whose
standard says it. Shown are only words that look like a code: a name may stand anywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from infra.connectors.edfi_words import CALENDAR_EVENTS, CATEGORIES, GRADES, as_id
from infra.mapping.proposal.names import plain
from models.columns import NO_SCHOOL_KINDS, SCHOOL_DAY_KINDS

_CODE = re.compile(r"[A-Z0-9&+/*._-]{1,6}")
_MOST_DIGITS = 3
_DESCRIPTOR = re.compile(r"(?:uri|https?)://ed-fi\.org/\w+#")
_COMMON = frozenset(
    [
        "absent",
        "absence",
        "present",
        "tardy",
        "late",
        "excused",
        "unexcused",
        "truant",
        "suspension",
        "suspended",
        "remote",
        "illness",
        "medical",
        "unverified",
        "verified",
        "dismissed",
    ]
)
_EDFI_CATEGORY = frozenset(("attendanceeventcategory", "attendanceeventcategorydescriptor"))
_GRADE = re.compile(r"PK|K|KG|0?[1-9]|1[0-2]")
_GRADES = {**GRADES, "kf": "K", "kh": "K", "kp": "K"}
_MEALS = {
    "free": "free", "freelunch": "free", "freemeals": "free", "reduced": "reduced", "reducedlunch": "reduced",
    "reducedmeals": "reduced", "paid": "paid", "fullprice": "paid", "noteligible": "paid",
}  # fmt: skip
_YES = frozenset(("y", "yes", "true", "t", "1", "x"))
_NO = frozenset(("n", "no", "false", "f", "0"))


class Codes(NamedTuple):
    """The codes of a column: those with a standard meaning, those to be filled in, those not to be shown."""

    standard: dict[str, tuple[str, str, str]]
    open: dict[str, int]
    hidden: int
    hidden_rows: int


def codes_of(header: str, values: Counter[str], personal: Collection[str]) -> Codes:
    """What may be said of a column of codes; `personal` are words of names and ids, in small letters."""
    standard: dict[str, tuple[str, str, str]] = {}
    shown: dict[str, int] = {}
    hidden = hidden_rows = 0
    for value, count in sorted(values.items()):
        meaning = CATEGORIES.get(plain(_word(value))) if plain(header) in _EDFI_CATEGORY else None
        if meaning is not None:
            standard[value] = (as_id(_word(value)), *meaning)
        elif _looks_like_a_code(value) and value.lower() not in personal:
            shown[value] = count
        else:
            hidden += 1
            hidden_rows += count
    return Codes(standard, shown, hidden, hidden_rows)


def _looks_like_a_code(value: str) -> bool:
    if _CODE.fullmatch(value):
        return sum(letter.isdigit() for letter in value) <= _MOST_DIGITS
    words = value.lower().replace("-", " ").split()
    return bool(words) and all(word in _COMMON for word in words)


def kinds_of_day(values: Collection[str]) -> dict[str, str]:
    """The words of a calendar whose meaning is standard, with the kind of day; those that are kinds too."""
    own = {plain(kind): kind for kind in (*SCHOOL_DAY_KINDS, *NO_SCHOOL_KINDS)}
    known = {**own, **CALENDAR_EVENTS}
    return {value: known[plain(_word(value))] for value in sorted(values) if plain(_word(value)) in known}


def grades_of(values: Collection[str]) -> dict[str, str]:
    """The words for a grade that a record would not take, and whose meaning is standard."""
    return {value: _GRADES[plain(_word(value))] for value in sorted(values) if _is_word_of(value, _GRADES)}


def is_grade(value: str) -> bool:
    """Whether a record takes a grade as it is written."""
    return _GRADE.fullmatch(value) is not None


def meals_of(values: Collection[str]) -> dict[str, str]:
    """The words for meals whose meaning is standard."""
    return {value: _MEALS[plain(value)] for value in sorted(values) if plain(value) in _MEALS}


def yes_and_no(values: Collection[str]) -> tuple[list[str], list[str]]:
    """The words that mean yes, and those that mean no."""
    yes = sorted(value for value in values if value.lower() in _YES)
    return yes, sorted(value for value in values if value.lower() in _NO)


def _is_word_of(value: str, known: dict[str, str]) -> bool:
    return not is_grade(value) and plain(_word(value)) in known


def _word(value: str) -> str:
    """What a descriptor of Ed-Fi says: the part behind its #."""
    return value.rpartition("#")[2].strip() if _DESCRIPTOR.match(value) else value
