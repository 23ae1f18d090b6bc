"""Rows in which a number may be hidden: it is null then, and a star in CSV."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, PrivateAttr


class StarredRow(BaseModel):
    """A row in which a number is null where it is hidden, and where there is none."""

    _stars: frozenset[str] = PrivateAttr(default=frozenset())

    @property
    def stars(self) -> frozenset[str]:
        """The columns that are hidden, and not only missing."""
        return self._stars

    def starred(self, names: Iterable[str]) -> Self:
        """The row with these columns hidden."""
        self._stars = frozenset(names)
        return self
