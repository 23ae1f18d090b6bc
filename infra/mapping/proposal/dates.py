"""In which format dates and times are written, as far as their values can tell."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from infra.mapping.moments import ISO, read_day, read_day_of_year, read_moment, zone_of
from models.instant import read_date, read_time

# The American order first: of two that fit it is the likelier one here.
_DATES = (
    "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%d/%m/%y", "%m-%d-%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y-%m-%d",
    "%Y%m%d", "%m%d%Y", "%m.%d.%Y", "%d.%m.%Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y",
)  # fmt: skip
_CLOCKS = (
    "", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", "T%H:%M:%S%z", " %H:%M:%S.%f",
)  # fmt: skip
_WITHOUT_YEAR = ("%m/%d", "%d/%m", "%m-%d", "%d-%m", "%b %d", "%B %d", "%d-%b", "%a %m/%d")
_SOME_YEAR = 2023
# So many values tell which formats are worth trying on all of them.
_TRIED = 40


class Guess(NamedTuple):
    """The format that fits best: how many values it does not fit (`misses`), and another one that means other
    days and fits nearly as well; blank: there is none."""

    format: str
    misses: int = 0
    other: str = ""
    other_misses: int = 0


def date_format(values: Counter[str]) -> Guess | None:
    """The format of dates; None where they fit none that is known, or there are none."""
    if values and all(read_date(value) for value in values):
        return Guess(ISO)
    return _guess(values, ("".join(parts) for parts in itertools.product(_DATES, _CLOCKS)), read_day)


def time_format(values: Counter[str]) -> Guess | None:
    """The format of times, or of dates that stand for their beginning."""
    if values and all(read_time(value) for value in values):
        return Guess(ISO)
    formats = ("".join(parts) for parts in itertools.product(_DATES, reversed(_CLOCKS)))
    utc = zone_of("+00:00")
    return _guess(values, formats, lambda value, written: read_moment(value, written, utc))


class HeaderGuess(NamedTuple):
    """The columns whose names are days: their format, whether it leaves the year out, and which they are."""

    guess: Guess
    without_year: bool
    names: frozenset[str]


def header_format(names: Iterable[str]) -> HeaderGuess | None:
    """The format in which the most names of columns are dates; None where fewer than two are."""
    best: HeaderGuess | None = None
    held = list(names)
    for formats, short in (((ISO, *_DATES), False), (_WITHOUT_YEAR, True)):
        for written in formats:
            days = {name: day for name in held if (day := _day_of(name, written, short))}
            if len(days) < 2 or (best is not None and len(days) <= len(best.names)):
                continue
            others = ({name: _day_of(name, other, short) for name in days} for other in formats)
            differ = (
                other
                for other, read in zip(formats, others, strict=True)
                if all(read.values()) and read != days
            )
            best = HeaderGuess(Guess(written, other=next(differ, "")), short, frozenset(days))
    return best


def is_day(name: str) -> bool:
    """Whether a column's name may be a date."""
    return any(_day_of(name, written, False) for written in (ISO, *_DATES)) or any(
        _day_of(name, written, True) for written in _WITHOUT_YEAR
    )


def _day_of(name: str, written: str, short: bool) -> date | None:
    if not any(letter.isdigit() for letter in name):
        return None
    if short:
        return read_day_of_year(name, written, _SOME_YEAR)
    return read_date(read_day(name, written) or "")


def _guess(
    values: Counter[str], formats: Iterable[str], read: Callable[[str, str], str | None]
) -> Guess | None:
    """Of the formats that miss fewest rows the first; None where each misses over a tenth of them."""
    some = list(itertools.islice(values, _TRIED))
    misses = {
        written: sum(count for value, count in values.items() if read(value, written) is None)
        for written in formats
        if 2 * sum(read(value, written) is not None for value in some) >= len(some) > 0
    }
    if not misses:
        return None
    best = min(misses, key=misses.__getitem__)
    if 10 * misses[best] > values.total():
        return None
    # Half of the values is little, but one mistyped date must not turn all others round unsaid.
    rivals = sorted((missed, written) for written, missed in misses.items() if 2 * missed < values.total())
    for missed, other in rivals:
        if other != best and any(
            read(value, other) not in (None, read(value, best)) for value in values if read(value, best)
        ):
            return Guess(best, misses[best], other, missed)
    return Guess(best, misses[best])
