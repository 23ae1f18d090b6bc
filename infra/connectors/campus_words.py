"""What Infinite Campus says of a student's day: status, excuse and minutes (connector infinite_campus)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from infra.connectors.local_codes import ABSENT, EXCUSED, PRESENT, UNEXCUSED, Meaning, suffixed
from infra.connectors.table_call import BadCell

_HALF = Fraction(1, 2)
_MILLION = 1_000_000
_EXCUSES = {"E": EXCUSED, "U": UNEXCUSED, "K": ABSENT, "": ABSENT}
NO_CODE = "(none)"


class Mark(NamedTuple):
    """What one row has: the code, and its status and excuse in capital letters."""

    code: str
    status: str
    excuse: str


class Minutes(NamedTuple):
    """What a student missed of a day, and of how much. `scheduled` is 0 where that is not said."""

    absent: int
    scheduled: int


class Lengths(NamedTuple):
    """What a calendar says of its days, in minutes; 0 where it does not."""

    day: int
    whole: int
    half: int


@dataclass(slots=True)
class Day:
    """The rows of a student's day."""

    file: str
    line: int
    marks: Counter[Mark] = field(default_factory=Counter)
    time: str = ""
    minutes: Minutes | None = None


def meaning_of(mark: Mark) -> Meaning | None:
    """What a row says by itself; None where that is nothing clear, as of an absence that is exempt (X)."""
    match mark.status:
        case "A":
            return _EXCUSES.get(mark.excuse)
        case "T" | "E" | "P":
            return PRESENT
        case _:
            return None


def told(day: Day, lengths: Lengths) -> tuple[str, Meaning | None, str]:
    """The code of a day, what it means, and the part that was missed (blank: what the code says).

    The code is that of most rows that are not present, of equally many the one that says least. Where minutes
    are known they decide: more than half of the day missed is absent, whatever the status of the rows.
    """
    missed = None if day.minutes is None else missed_part(day.minutes, lengths)
    mark = _leading(day.marks)
    if mark is None:
        return NO_CODE, ABSENT, "" if missed is None else as_text(missed)
    meaning = meaning_of(mark)
    if missed is None:
        return mark.code, meaning, ""
    if meaning is PRESENT and missed > _HALF:
        return suffixed(mark.code, "absent"), _EXCUSES.get(mark.excuse), as_text(missed)
    return mark.code, meaning, "" if meaning is PRESENT else as_text(missed)


def _leading(marks: Counter[Mark]) -> Mark | None:
    """The row that speaks for a day."""
    if not marks:
        return None

    def weight(mark: Mark) -> tuple[bool, int, int, Mark]:
        meaning = meaning_of(mark)
        return meaning is not PRESENT, marks[mark], 9 if meaning is None else meaning.rank, mark

    return max(marks, key=weight)


def missed_part(minutes: Minutes, lengths: Lengths) -> Fraction | None:
    """The part of a day that was missed, of the minutes that the student was scheduled, else of the day.

    Without either the calendar's minutes of a whole and of a half day's absence decide; None without those.
    """
    whole = minutes.scheduled or lengths.day
    if whole:
        return min(Fraction(minutes.absent, whole), Fraction(1))
    if lengths.whole and minutes.absent >= lengths.whole:
        return Fraction(1)
    if lengths.half and lengths.whole:
        return _HALF if minutes.absent >= lengths.half else Fraction(0)
    return None


def as_text(part: Fraction) -> str:
    """A part as a decimal of six places, on the same side of a half as the part itself."""
    millionths = part.numerator * _MILLION // part.denominator
    if part > _HALF:
        millionths = max(millionths, _MILLION // 2 + 1)
    return f"{millionths // _MILLION}.{millionths % _MILLION:06}"


def whole_number(text: str, column: str) -> int:
    """A number of minutes, 0 where blank; `45.0` is read too. Raises BadCell."""
    if not text:
        return 0
    plain, _, rest = text.partition(".")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 6) or rest.strip("0"):
        raise BadCell(column, "a whole number of minutes")
    return int(plain)
