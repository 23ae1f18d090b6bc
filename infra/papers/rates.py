"""The file of last year's published rates: CSV with school_id, chronically_absent and enrolled."""

from __future__ import annotations

import csv
from pathlib import Path

from models.papers.review_teams import Rate


class RatesUnusable(ValueError):
    """The file cannot be used; the message names the line and the remedy."""


def read(path: Path) -> dict[str, Rate]:
    """The rates by school, the district's under a blank. Raises RatesUnusable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            names = [(name or "").strip() for name in table.fieldnames or ()]
            if not {"school_id", "chronically_absent", "enrolled"} <= set(names):
                raise RatesUnusable(
                    "the file of --rates needs the columns school_id, chronically_absent, enrolled"
                )
            table.fieldnames = names
            return _read(table)
    except OSError as error:
        raise RatesUnusable(f"the file of --rates cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, csv.Error):
        raise RatesUnusable("the file of --rates is not CSV in UTF-8; save it as CSV UTF-8") from None


def _read(table: csv.DictReader[str]) -> dict[str, Rate]:
    found: dict[str, Rate] = {}
    for row in table:
        at = f"line {table.line_num} of the file of --rates"
        school, chronic, enrolled = (
            (row[name] or "").strip() for name in ("school_id", "chronically_absent", "enrolled")
        )
        if not school and not chronic and not enrolled:
            continue
        if not (chronic.isdecimal() and enrolled.isdecimal() and chronic.isascii() and enrolled.isascii()):
            raise RatesUnusable(f"{at}: chronically_absent and enrolled are whole numbers")
        rate = Rate(int(chronic), int(enrolled))
        if rate.chronic > rate.enrolled:
            raise RatesUnusable(f"{at}: more chronically absent than enrolled")
        if school in found:
            raise RatesUnusable(f"{at}: this school stands above already; the blank one is the district")
        found[school] = rate
    return found
