"""Counted days for hand-worked examples: a letter a day, on weekdays from Monday 2021-08-30."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from alerts.days import Day, Finding, Year
from models.mhw import CONSECUTIVE, NOT_K12, OVER_LIMIT, VALID
from models.policy import Policy

FIRST = date(2021, 8, 30)
CLASSES = {"E": "excused", "U": "unexcused", "D": "disciplinary", "N": "unknown", "M": "mhw", "m": "mhw"}
# M: a valid MHW day without papers, m: with them; c, o and k: consecutive, over the limit, not K-12.
MHW = {"M": VALID, "m": VALID, "c": CONSECUTIVE, "o": OVER_LIMIT, "k": NOT_K12}

Find = Callable[[Year, Policy], Iterator[Finding]]
"""What finds the alerts of a rule."""


def weekday(number: int, first: date = FIRST) -> date:
    """The number-th weekday, counted from 1; `first` is a Monday."""
    weeks, rest = divmod(number - 1, 5)
    return first + timedelta(days=7 * weeks + rest)


def counted(letters: str, first: date = FIRST) -> tuple[Day, ...]:
    """A counted day a letter: `.` in attendance, E U D N M m absent, c o k invalid MHW days."""
    found = []
    for n, letter in enumerate(letters, start=1):
        absent = sum(each != "." for each in letters[:n])
        class_ = "" if letter == "." else CLASSES.get(letter, "unknown")
        found.append(Day(weekday(n, first), n, absent, class_, MHW.get(letter, ""), letter in "mcok", "A"))
    return tuple(found)


def year(
    letters: str,
    *,
    pk: str = "",
    first: date = FIRST,
    born: date | None = None,
    last_year: tuple[int, int] | None = None,
) -> Year:
    """A school year with these counted K-12 days."""
    days = counted(letters, first)
    return Year(2021, days, counted(pk), days[0].date if days else None, born, last_year)


def told(findings: Iterable[Finding]) -> list[tuple[date, date | None, int, int]]:
    """Opening, last recovery, n and a of findings."""
    return [(found.opened_on, found.recovered_on, found.n, found.a) for found in findings]
