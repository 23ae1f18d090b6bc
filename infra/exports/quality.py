"""The findings of `rollcall quality`, as rows and as text. A count that may not be shown is null, or `*`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from models.quality.finding import REMEDIES, Finding, hidden

COLUMNS = (
    "finding",
    "district_id",
    "school_id",
    "detail",
    "code",
    "count",
    "of",
    "counted",
    "suppressed",
    "days",
    "first_date",
    "last_date",
    "what",
    "remedy",
)
SUPPRESSED = "*"

WHAT = {
    ("default_present", ""): "improbably few absences",
    ("hidden_reasons", ""): "absences whose code gives no reason",
    ("unknown_or_unexcused", "unknown_stays"): "of what is unknown or unexcused, most stays unknown",
    (
        "unknown_or_unexcused",
        "never_unknown",
    ): "of what is unknown or unexcused, nothing is ever unknown",
    ("records_that_do_not_count", "summer"): "attendance in summer",
    ("records_that_do_not_count", "no_school_day"): "attendance on days without school",
    (
        "records_that_do_not_count",
        "other_school",
    ): "attendance of students of another school on that day",
    ("records_that_do_not_count", "not_enrolled"): "attendance of students who were not enrolled that day",
    ("month_without_school_day", ""): "students enrolled for a whole month without a school day",
    ("late_school", ""): "school days that are due and not reported",
    ("model_changed", "attendance_mode"): "the attendance mode changes within the year",
    ("model_changed", "submission"): "the way of submission changes within the year",
    ("mhw_label", "label_only"): "the label says mental health or wellness, the class does not",
    ("mhw_label", "class_only"): "the class is mhw, the label does not say so",
    ("two_schools_at_once", ""): "students with a later enrollment elsewhere before they left",
}
"""What each finding is, by its name and detail."""


def row(found: Finding) -> dict[str, str | int | None]:
    """One finding by COLUMNS; `count` is null where it is suppressed, and `suppressed` says why."""
    why = "" if found.part is None or found.whole is None else hidden(found.part, found.whole)
    return {
        "finding": found.name,
        "district_id": found.district,
        "school_id": found.school,
        "detail": found.detail or None,
        "code": found.code or None,
        "count": None if why else found.part,
        "of": found.whole if not why.startswith("of") else None,
        "counted": found.counted or None,
        "suppressed": why or None,
        "days": found.days or None,
        "first_date": _written(found.first),
        "last_date": _written(found.last),
        "what": WHAT[found.name, found.detail],
        "remedy": REMEDIES[found.name],
    }


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def lines(found: Iterable[Finding]) -> Iterator[str]:
    """For a person to read: under each remedy where it is needed."""
    before = ""
    found = list(found)
    if not found:
        yield "nothing doubtful was found"
    for each in found:
        if each.name != before:
            yield from ([""] if before else [])
            yield each.name
            yield f"  to do: {REMEDIES[each.name]}"
            before = each.name
        yield f"  {_place(each)}: {WHAT[each.name, each.detail]}{_numbers(each)}"


def _place(found: Finding) -> str:
    code = f", code {found.code}" if found.code else ""
    return f"district {found.district}, school {found.school}{code}"


def _numbers(found: Finding) -> str:
    shown = row(found)
    told = ""
    if found.counted:
        count = SUPPRESSED if shown["count"] is None else f"{shown['count']:,}"
        whole = SUPPRESSED if shown["of"] is None else f"{shown['of']:,}"
        why = f" ({shown['suppressed']})" if shown["suppressed"] else ""
        told = f"; {count} of {whole} {found.counted}{why}"
    if found.name == "model_changed":
        return f"{told}; between {found.first} and {found.last}"
    if found.days == 1:
        return f"{told}; on {found.first}"
    return f"{told}; {found.days} days from {found.first} to {found.last}" if found.days else told
