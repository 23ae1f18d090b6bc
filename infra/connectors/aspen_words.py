"""What a row of Aspen's attendance says, in its indicators and codes (connector aspen)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from infra.connectors.local_codes import ABSENT, EXCUSED, PRESENT, Meaning, suffixed
from infra.connectors.table_call import BadCell
from infra.connectors.table_values import yes_or_no
from models.refusal import Reason

_PORTION = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,9})?|\.[0-9]{1,9}")
_HALF = Fraction(1, 2)


class Columns(NamedTuple):
    """What the columns are called, of the table itself and of the published export."""

    student: str
    school: str
    date: str
    absent: str
    tardy: str
    dismissed: str
    excused: str
    reason: str
    code: str = ""
    portion: str = ""
    afternoon: str = ""
    modified: str = ""


class Said(NamedTuple):
    """A row's code, what it means (None: nothing clear), and the part of the day that was missed."""

    code: str
    meaning: Meaning | None
    fraction: str


def said(given: Mapping[str, str], columns: Columns) -> Said:
    """What a row says. Raises BadCell.

    The absent indicator says whether the student was absent; a portion of more than half a day says so too.
    The excused indicator says that an absence is excused; not set may also mean that nobody knows yet.
    Absent in the afternoon alone, and no portion, is nothing clear.
    """
    absent = _flag(given, columns.absent, required=True)
    excused = _flag(given, columns.excused)
    afternoon = _flag(given, columns.afternoon)
    portion = _portion(given, columns.portion)
    code = _code(given, columns, absent, excused)
    if absent or portion > _HALF:
        fraction = given[columns.portion] if portion else ""
        # A row that says not absent, and over half a day: its code by itself still means in attendance.
        return Said(code if absent else suffixed(code, "absent"), EXCUSED if excused else ABSENT, fraction)
    if afternoon and not portion:
        return Said(f"{code}:PM", None, "")
    return Said(code, PRESENT, "")


def _code(given: Mapping[str, str], columns: Columns, absent: bool, excused: bool) -> str:
    """The code as Aspen shows it, with -E for excused and the reason behind a colon."""
    code = given.get(columns.code, "")
    if not code:
        letters = (("A", absent), ("T", _flag(given, columns.tardy)), ("D", _flag(given, columns.dismissed)))
        code = "".join(letter for letter, is_set in letters if is_set) or "none"
    if excused and "E" not in code.split("-")[1:]:
        code += "-E"
    reason = given.get(columns.reason, "")
    return f"{code}:{reason}" if reason else code


def _flag(given: Mapping[str, str], column: str, *, required: bool = False) -> bool:
    text = given.get(column, "")
    if not text:
        if required:
            raise BadCell(column, "1 or 0, or Y or N; it is required", Reason.MISSING_VALUE)
        return False
    found = yes_or_no(text)
    if found is None:
        raise BadCell(column, "1 or 0, or Y or N")
    return found


def _portion(given: Mapping[str, str], column: str) -> Fraction:
    text = given.get(column, "")
    if not text:
        return Fraction(0)
    if _PORTION.fullmatch(text) is None or Fraction(text) > 1:
        raise BadCell(column, "a part of the day from 0 to 1, such as 0.5")
    return Fraction(text)
