"""Codes whose label and class disagree about mental health wellness days."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.quality.finding import Finding
from models.quality.reasons import labels
from models.quality.view import View

NAME = "mhw_label"

_SAYS_SO = re.compile(r"mental|wellness|well-being|wellbeing|\bmhw\b|\bmhd\b", re.IGNORECASE)


def says_wellness(label: str) -> bool:
    """Whether a label speaks of mental health or wellness."""
    return _SAYS_SO.search(label) is not None


def mhw_label(view: View) -> Iterator[Finding]:
    """A finding a school and code that is used there; a code without a label says nothing and is left alone.

    `part` of `whole` are records with the code of all records that mean an absence at the school.
    """
    named = labels(view)
    every: dict[str, int] = {}
    for use, tally in view.uses.items():
        every[use.school] = every.get(use.school, 0) + tally.records
    for use, tally in sorted(view.uses.items(), key=lambda each: each[0]):
        label = named.get(use.code, "")
        if not label or says_wellness(label) == (use.class_ == "mhw"):
            continue
        detail = "class_only" if use.class_ == "mhw" else "label_only"
        yield Finding(
            NAME, view.district, use.school, detail, use.code, tally.records, every[use.school], "records",
            *view.dates(tally.days),
        )  # fmt: skip
