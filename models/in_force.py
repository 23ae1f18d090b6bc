"""What holds on a date: a code's meaning and a school's settings (contract 1, In force).

Days are ordinals (`date.toordinal()`); a year's days are bits of an integer (`school_year.day_index`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from models.bits import span
from models.school_year import first_day

ALWAYS = 0


class Meaning(NamedTuple):
    """What a code says: `class_` is blank where the student is in attendance; `remote` is not at school."""

    class_: str
    remote: bool = False

    @property
    def absent(self) -> bool:
        return self.class_ != ""


def effective(text: str) -> int:
    """The ordinal of an effective_from; blank means always."""
    return date.fromisoformat(text).toordinal() if text else ALWAYS


class CodeMap:
    """The meanings of a district's codes, from its live code records."""

    __slots__ = ("_by_code",)

    def __init__(self, live: Iterable[Mapping[str, str]]) -> None:
        collected: dict[str, list[tuple[int, Meaning]]] = {}
        for given in live:
            class_ = given["class"] if given["status"] == "absent" else ""
            meaning = Meaning(class_, given.get("remote") == "yes")
            collected.setdefault(given["code"], []).append(
                (effective(given.get("effective_from", "")), meaning)
            )
        self._by_code = {
            code: ([start for start, _ in sorted(held)], [meaning for _, meaning in sorted(held)])
            for code, held in collected.items()
        }

    def meaning(self, code: str, day: int) -> Meaning | None:
        """The meaning on a day, of the record with the latest effective_from not after it; None: unmapped."""
        held = self._by_code.get(code)
        if held is None:
            return None
        place = bisect_right(held[0], day)
        return held[1][place - 1] if place else None


class SchoolSettings:
    """Attendance mode and submission of one school over time, from its live school records."""

    __slots__ = ("_starts", "_values")

    def __init__(self, live: Iterable[Mapping[str, str]]) -> None:
        mode, submission = "negative", "by_record"
        self._starts: list[int] = []
        self._values: list[tuple[bool, bool]] = []
        for given in sorted(live, key=lambda held: effective(held.get("effective_from", ""))):
            mode = given.get("attendance_mode", mode)
            submission = given.get("submission", submission)
            self._starts.append(effective(given.get("effective_from", "")))
            self._values.append((mode == "positive", submission == "explicit"))

    def bits(self, year: int) -> tuple[int, int]:
        """The days of a school year that are positive, and those with explicit submission."""
        first = first_day(year).toordinal()
        last = first_day(year + 1).toordinal() - 1
        positive = explicit = 0
        for place, start in enumerate(self._starts):
            end = self._starts[place + 1] - 1 if place + 1 < len(self._starts) else last
            held = span(max(start, first) - first, min(end, last) - first)
            positive |= held if self._values[place][0] else 0
            explicit |= held if self._values[place][1] else 0
        return positive, explicit


DEFAULT_SETTINGS = SchoolSettings(())
