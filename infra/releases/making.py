"""One release from beginning to end, for a caller who waits for it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from infra.clickhouse.store import Store
from infra.metrics import RULES
from infra.releases.counting import counted, data_through
from infra.releases.keeping import About, keep
from infra.releases.rows import cells
from models.releases.made import made
from models.suppression.limits import CONNECTICUT, Limits


class NothingToRelease(ValueError):
    """The district has no counted day by then."""


class Kept(NamedTuple):
    """What came of it: how many numbers, and how many of them are hidden."""

    about: About
    numbers: int
    hidden: int


def make(
    store: Store, district: str, as_of: date, *, at_ms: int, made_by: str, limits: Limits = CONNECTICUT
) -> Kept:
    """Count, decide, check and keep a release. Takes seconds to minutes.

    Raises NothingToRelease, NotProven, ValueError where the counts contradict each other, and
    StoreUnavailable.
    """
    with store.said():
        through = data_through(store.client, district, as_of)
        if through is None:
            raise NothingToRelease(
                f"district {district} has no counted day in the school year of {as_of} by then; "
                "name another date or district"
            )
        numbers = counted(store.client, district, as_of)
    rows = list(cells(made(numbers, RULES, limits), numbers.days))
    about = About(district, as_of, through, at_ms, made_by)
    keep(store, about, limits, rows)
    return Kept(about, len(rows), sum(row[-2] is None for row in rows))
