"""All findings about a district's school year, in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from models.quality.calendars import model_changed, month_without_school_day
from models.quality.default_present import default_present
from models.quality.enrollments import two_schools_at_once
from models.quality.finding import Finding
from models.quality.late import late_school
from models.quality.misplaced import records_that_do_not_count
from models.quality.reasons import hidden_reasons, unknown_or_unexcused
from models.quality.view import View
from models.quality.wellness import mhw_label

Finder = Callable[[View], Iterator[Finding]]

FINDERS: tuple[Finder, ...] = (
    default_present,
    hidden_reasons,
    unknown_or_unexcused,
    records_that_do_not_count,
    month_without_school_day,
    late_school,
    model_changed,
    mhw_label,
    two_schools_at_once,
)


def findings(view: View) -> list[Finding]:
    """Every finding, by its kind and then by school."""
    return [found for finder in FINDERS for found in finder(view)]
