"""Places of which everybody knows that they hold the same students, as a grade and its only school do.

They are one row in the decision. Were each a cell of its own, hiding one number would cost as much as hiding
several, and the search would rather hide others.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.suppression.system import Key

Line = tuple[Key, tuple[Key, ...]]
"""A whole and the parts of it that are there."""


def standing_for(places: Iterable[Key], lines: Iterable[Line]) -> dict[Key, Key]:
    """For each place the one that stands for it: a whole for its only part, of several the first one."""
    stands = {place: place for place in places}

    def of(place: Key) -> Key:
        while stands[place] != place:
            place = stands[place]
        return place

    for whole, parts in lines:
        if len(parts) == 1:
            first, second = sorted((of(whole), of(parts[0])))
            stands[second] = first
    return {place: of(place) for place in stands}
