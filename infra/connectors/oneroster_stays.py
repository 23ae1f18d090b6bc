"""From enrollments in classes to a student's stays at a school (connector oneroster)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from models.instant import read_date


class Span(NamedTuple):
    """One enrollment in a class: first and last day (blank: open), its time, and where it stands."""

    begin: str
    end: str
    time: str
    at: int


def merged(spans: Iterable[Span]) -> Iterator[tuple[str, str, list[Span]]]:
    """The stays that spans add up to: first day, last day (blank: open), and the spans of each.

    Spans that overlap, or follow each other day after day, are one stay. A span that ends before it begins is
    nobody's stay, and left out. Dates are valid.
    """
    open_until: date | None = None
    begin, held = "", list[Span]()
    for span in sorted(spans):
        first, last = read_date(span.begin), read_date(span.end) if span.end else date.max
        if first is None or last is None or last < first:
            continue
        if open_until is not None and (open_until == date.max or first <= open_until + timedelta(days=1)):
            open_until = max(open_until, last)
            held.append(span)
            continue
        if open_until is not None:
            yield begin, _text(open_until), held
        begin, open_until, held = span.begin, last, [span]
    if open_until is not None:
        yield begin, _text(open_until), held


def _text(last: date) -> str:
    return "" if last == date.max else last.isoformat()
