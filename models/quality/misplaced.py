"""Records that are kept and do not count (contract 2: kept, not counted, and listed)."""

from __future__ import annotations

from collections.abc import Iterator

from models.quality.finding import Finding
from models.quality.view import View

NAME = "records_that_do_not_count"


def records_that_do_not_count(view: View) -> Iterator[Finding]:
    """A finding a school and reason; `part` of `whole` are records of all of the school's."""
    for (school, why), tally in sorted(view.misplaced.items()):
        whole = view.records[school]
        dates = view.dates(tally.days)
        yield Finding(NAME, view.district, school, why, "", tally.records, whole, "records", *dates)
