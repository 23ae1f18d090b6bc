"""Schools with days that are due and not reported, in any school year."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from models.lateness import late_in
from models.quality.finding import Finding
from models.quality.view import View

NAME = "late_school"


def late_school(view: View) -> Iterator[Finding]:
    """A finding a school."""
    for school, held in groupby(late_in(view.ledger, view.year, view.due), key=lambda each: each.school):
        days = [each.day for each in held]
        yield Finding(NAME, view.district, school, "", "", None, None, "", len(days), days[0], days[-1])
