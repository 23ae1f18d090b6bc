"""What two accounts of the same thing have that the other has not."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import NamedTuple, TypeVar

CHECKS = (
    "facts", "standings", "day_counts", "reason_counts", "district_days", "district_reasons",
    "district_bands", "school_days", "district_spans", "known_bands", "students", "code_labels", "alerts",
    "crossings",
)  # fmt: skip

Row = tuple[object, ...]
Key = TypeVar("Key", bound=Hashable)


class Difference(NamedTuple):
    """One row that two accounts have differently.

    `of` says what it is about (ids): for whoever operates the system, and not for a log. `stored` is what the
    store holds and `expected` what it should; None where one of them has no such row.
    """

    check: str
    district_id: str
    school_year: int
    of: Row
    stored: Row | None
    expected: Row | None


def differences(
    check: str, district: str, year: int, stored: Mapping[Row, Row], expected: Mapping[Row, Row]
) -> Iterator[Difference]:
    """The rows that are not in both, or not alike, in a fixed order."""
    keys = {key for key in {*stored, *expected} if stored.get(key) != expected.get(key)}
    for key in sorted(keys, key=repr):
        yield Difference(check, district, year, key, stored.get(key), expected.get(key))
