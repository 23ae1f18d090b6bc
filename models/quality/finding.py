"""A finding about the data, and what of its counts may be shown."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from models.suppression.limits import CONNECTICUT

# The limits of everything that is published. A count of 0 is below them: it says something about everybody.
LEAST_PART, LEAST_WHOLE = CONNECTICUT.least_count, CONNECTICUT.least_size


class Finding(NamedTuple):
    """One thing that is doubtful, and where.

    `name` is one of REMEDIES. `school` and `code` are blank where it is not about one. `part` of `whole` are
    counts of `counted` (students, absent days, records); None where nothing about students is counted.
    `days` are dates of the school, from `first` to `last`, 0 where it is about no dates. `detail` is one of a
    few words that the name knows.
    """

    name: str
    district: str
    school: str
    detail: str = ""
    code: str = ""
    part: int | None = None
    whole: int | None = None
    counted: str = ""
    days: int = 0
    first: date | None = None
    last: date | None = None


REMEDIES = {
    "default_present": (
        "almost nobody was ever absent here: see whether attendance is taken each day, or the system's "
        "default 'present' is left standing; deliver the days again, or say `reopened` for them"
    ),
    "hidden_reasons": (
        "these absences say nothing about why: ask for the reasons while families remember them, and map "
        "codes that have one to its class"
    ),
    "unknown_or_unexcused": (
        "an absence that nobody has explained yet is unknown, one for which no valid reason was given is "
        "unexcused; agree with the school when which code is used, because only unexcused ones are truancy"
    ),
    "records_that_do_not_count": (
        "correct the date, the school or the enrollment, or the calendar where it was a school day; then "
        "these records count by themselves"
    ),
    "month_without_school_day": (
        "students were enrolled for the whole month, and the calendar has no school day for them in it: "
        "deliver the missing calendar or track, or the exit dates"
    ),
    "late_school": (
        "ask the school to report these days; until then they are in no rate, and no alert sees them"
    ),
    "model_changed": (
        "the rates before and after the change are not alike: see whether the school really changed how it "
        "takes attendance on that date, and correct effective_from where it did not"
    ),
    "mhw_label": (
        "label and class of the code disagree about mental health wellness days: correct the one that is "
        "wrong, because these days have rules of their own (CGS 10-198f)"
    ),
    "two_schools_at_once": (
        "the later entry owns the days; deliver the exit date of the school that was left, or delete the "
        "enrollment that is not real"
    ),
}
"""What to do about each finding, by its name."""


def hidden(part: int, whole: int) -> str:
    """Why a count may not be shown; blank where it may."""
    if whole < LEAST_WHOLE:
        return f"of fewer than {LEAST_WHOLE}"
    if part < LEAST_PART:
        return f"fewer than {LEAST_PART}"
    # What is left over is a small cell as well, and a subtraction away.
    return f"all but fewer than {LEAST_PART}" if 0 < whole - part < LEAST_PART else ""
