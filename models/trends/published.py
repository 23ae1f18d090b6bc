"""Our chronic rate of a school year beside the one that the state has published."""

from __future__ import annotations

from typing import NamedTuple

from models import percent
from models.trends.answers import Bands


class PublishedYear(NamedTuple):
    """A school year: ours at its last counted day, and what was published of the same students.

    `bands` is None where nothing of the year is held; `listed` says that a published row is known, of which
    `chronic` and `rate` (hundredths of a percent) are None where they were hidden.
    """

    school_year: int
    bands: Bands | None
    listed: bool
    chronic: int | None
    rate: int | None

    @property
    def our_rate(self) -> int | None:
        """Our chronic rate in hundredths of a percent, half up."""
        if self.bands is None or not self.bands.students:
            return None
        return percent.rounded(self.bands.chronic, self.bands.students, 2)

    @property
    def difference(self) -> int | None:
        """Ours less theirs, in hundredths of a percentage point; None where either is not known."""
        ours = self.our_rate
        return None if ours is None or self.rate is None else ours - self.rate
