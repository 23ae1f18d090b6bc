"""What a student's live records of one day at one school say together (contract 2, Absent and class)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

    `exempt` is the place in `policy.exempt` of the reason that its code is, NOT_EXEMPT where it is none;
    `remote`: its code says that the student learned from elsewhere.
    """

    class_: str
    fraction: str
    documented: bool
    exempt: int = NOT_EXEMPT
    code: str = ""
    remote: bool = False


class DayMark(NamedTuple):
    """`class_` is blank where the student is in attendance; `documented`: an mhw record says so.

    `exempt` is the reason (as of LiveRecord) of one of the records with the largest fraction. An MHW day has
    none: it is excused and out of truancy as it is, and takes no exempt day away. `code` is that of the
    record that decided the day (docs/adr/0030), blank on a day in attendance that was not remote.
    """

    class_: str
    documented: bool
    exempt: int = NOT_EXEMPT
    code: str = ""
    remote: bool = False


@lru_cache(maxsize=4096)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def day_mark(records: Iterable[LiveRecord]) -> DayMark:
    """Absent where the fractions add up to more than 1/2; the class is that of the largest fraction.

    The code is that of the record which gives the class, of several the first by bytes. A day in attendance
    is remote where all of its records are: it has the first code of those in attendance, else of the others.
    """
    records = list(records)
    absent = [held for held in records if held.class_]
    documented = any(held.class_ == "mhw" and held.documented for held in absent)
    shares = [(_fraction(held.fraction) if held.fraction else _ONE, held) for held in absent]
    if sum((share for share, _ in shares), _NONE) <= _HALF:
        return _attended(records, documented)
    largest = max(share for share, _ in shares)
    deciding = [held for share, held in shares if share == largest]
    class_ = min((held.class_ for held in deciding), key=_RANK.__getitem__)
    exempt = [held.exempt for held in deciding if held.exempt != NOT_EXEMPT]
    code, remote = min((held.code, held.remote) for held in deciding if held.class_ == class_)
    reason = min(exempt) if exempt and class_ != "mhw" else NOT_EXEMPT
    return DayMark(class_, documented, reason, code, remote)


def _attended(records: Sequence[LiveRecord], documented: bool) -> DayMark:
    if not records or not all([held.remote for held in records]):
        return DayMark("", documented)
    _, code = min((held.class_ != "", held.code) for held in records)
    return DayMark("", documented, NOT_EXEMPT, code, True)
