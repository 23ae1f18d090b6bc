"""What `rollcall ingest --dry-run` shows of a call: as JSON, and as tables for a person."""

from __future__ import annotations

from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from infra.intake.survey import Survey
from infra.intake.tally import Tally

_REFUSALS = 50


def keys(tally: Tally, survey: Survey) -> dict[str, object]:
    """The keys that the summary of a dry run has beside those of every call."""
    return {
        "rows": tally.rows,
        "students": len(survey.students),
        "dates": {kind.value: asdict(span) for kind, span in sorted(survey.spans.items())},
        "outside_calendar": {"school_days": len(survey.outside), "records": survey.outside.total()},
        "without_calendar": {
            "schools": len({place[:2] for place in survey.without_calendar}),
            "records": survey.without_calendar.total(),
        },
        "not_enrolled": {"students": len(survey.not_enrolled)},
        "duplicates": asdict(survey.duplicates),
        "known": asdict(survey.known),
        "refusals": [
            {
                "file": file,
                "kind": kind,
                "reason": reason,
                "field": field,
                "count": held.count,
                "first_line": held.line,
                "message": held.message,
            }
            for (file, kind, reason, field), held in sorted(survey.refusals.items())
        ],
        "notices": [{"file": notice.file, "text": notice.text} for notice in tally.notices],
    }


def show(console: Console, tally: Tally, survey: Survey) -> None:
    """The tables, on standard error."""
    table = Table("what", "count", title="what is in it", title_justify="left")
    table.columns[1].justify = "right"
    for name, count in _counts(tally, survey):
        table.add_row(name, str(count))
    console.print(table)
    if survey.spans:
        table = Table("dates of", "first", "last", title="from when to when", title_justify="left")
        for kind, span in sorted(survey.spans.items()):
            table.add_row(kind.value, span.first, span.last)
        console.print(table)
    if survey.refusals:
        _show_refusals(console, survey)


def _counts(tally: Tally, survey: Survey) -> list[tuple[str, int]]:
    """What a person has to know; what is odd only where there is some of it."""
    twice = survey.duplicates
    always = [
        ("rows: records and refusals", tally.rows),
        ("districts", len(tally.districts)),
        ("schools in attendance, calendars and settings", len(tally.schools)),
        ("students", len(survey.students)),
    ]
    odd = [
        ("attendance on dates that are no school days", survey.outside.total()),
        ("attendance in school years without a calendar", survey.without_calendar.total()),
        ("students with attendance and no enrollment", len(survey.not_enrolled)),
        ("the same record again", twice.same_text),
        ("another version of a record of this call", twice.same_identity),
        ("of those, of the same time: which one holds is chance", twice.same_time),
        ("codes, calendars and enrollments that are known already", survey.known.same_text),
        ("of them newer than what is known: they take its place", survey.known.newer),
        ("of them older than what is known: they change nothing", survey.known.older),
        ("of them different, and of the same time: chance decides", survey.known.same_time),
    ]
    return always + [(name, count) for name, count in odd if count]


def _show_refusals(console: Console, survey: Survey) -> None:
    table = Table("count", "what, and what to do", title="what would be refused", title_justify="left")
    table.columns[0].justify = "right"
    sorts = sorted(survey.refusals.items())
    for (file, kind, reason, field), held in sorts[:_REFUSALS]:
        what = " ".join(word for word in (kind, field) if word) or "the file"
        told = f"{file}, first in line {held.line}: {what}, {reason}\n{held.message}"
        table.add_row(str(held.count), Text(told))
    console.print(table)
    if len(sorts) > _REFUSALS:
        console.print(f"and {len(sorts) - _REFUSALS} more sorts of refusal; --json has them all")
