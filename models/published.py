"""Chronic rates as the state has published them (EdSight), and how its words meet a district's own."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["state", "district", "school"]

_SAME = {
    "gender": {"female": "f", "male": "m", "non-binary": "x"},
}


class Published(NamedTuple):
    """One published row. A number that is None was hidden, as `*`.

    `school_year` is the calendar year in which it begins; codes are EdSight's, blank where a file gives none;
    `dimension` is one of models.trends.scope.DIMENSIONS, `grade` or `all`; `chronic` counts students, and
    `rate` is in hundredths of a percent.
    """

    school_year: int
    level: Level
    district_code: str
    district_name: str
    school_code: str
    school_name: str
    dimension: str
    value: str
    chronic: int | None
    rate: int | None

    @property
    def place(self) -> tuple[object, ...]:
        """What no other published row has."""
        return self[:8]


def same_value(dimension: str, value: str) -> str:
    """A group's value so that two ways to write it meet: by small letters, and Female as F."""
    folded = " ".join(value.split()).casefold()
    return _SAME.get(dimension, {}).get(folded, folded)
