"""What a student's live records of one day at one school say together (contract 2, Absent and class)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

# Of records with equal fractions the first of these gives the class: in doubt no truancy.
CLASS_ORDER = ("excused", "mhw", "disciplinary", "unknown", "unexcused")
_RANK = {name: rank for rank, name in enumerate(CLASS_ORDER)}
_HALF = Fraction(1, 2)
_ONE = Fraction(1)
_NONE = Fraction(0)


NOT_EXEMPT = -1


class LiveRecord(NamedTuple):
    """A live attendance record: its class (blank: in attendance), its fraction as written, its permission.

    `exempt` is the place in `policy.exempt` of the reason that its code is, NOT_EXEMPT where it is none.
    """

    class_: str
    fraction: str
    documented: bool
    exempt: int = NOT_EXEMPT


class DayMark(NamedTuple):
    """`class_` is blank where the student is in attendance; `documented`: an mhw record says so.

    `exempt` is the reason (as of LiveRecord) of one of the records with the largest fraction. An MHW day has
    none: it is excused and out of truancy as it is, and takes no exempt day away.
    """

    class_: str
    documented: bool
    exempt: int = NOT_EXEMPT


@lru_cache(maxsize=4096)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def day_mark(records: Iterable[LiveRecord]) -> DayMark:
    """Absent where the fractions add up to more than 1/2; the class is that of the largest fraction."""
    absent = [held for held in records if held.class_]
    documented = any(held.class_ == "mhw" and held.documented for held in absent)
    shares = [(_fraction(held.fraction) if held.fraction else _ONE, held) for held in absent]
    if sum((share for share, _ in shares), _NONE) <= _HALF:
        return DayMark("", documented)
    largest = max(share for share, _ in shares)
    deciding = [held for share, held in shares if share == largest]
    class_ = min((held.class_ for held in deciding), key=_RANK.__getitem__)
    exempt = [held.exempt for held in deciding if held.exempt != NOT_EXEMPT]
    return DayMark(class_, documented, min(exempt) if exempt and class_ != "mhw" else NOT_EXEMPT)
