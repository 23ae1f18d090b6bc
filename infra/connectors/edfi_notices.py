"""What a person should know of an Ed-Fi export: counts, and what was assumed (connector edfi)."""

from __future__ import annotations

from collections.abc import Iterator

from infra.connectors.edfi_derived import closed, out_of_school, repeated
from infra.connectors.edfi_gather import DEFAULT_DISTRICT, Gathered
from infra.connectors.edfi_stays import UNKNOWN_GRADE
from infra.intake.events import Notice
from models.instant import read_date

_FILE = "edfi"


def notices(gathered: Gathered) -> Iterator[Notice]:
    """The notices of a call; they hold counts, no student's id."""
    yield from (Notice(_FILE, text) for text in (*_assumed(gathered), *_counted(gathered)))


def _assumed(gathered: Gathered) -> Iterator[str]:
    """What the data does not say."""
    if gathered.default_district == DEFAULT_DISTRICT and not gathered.agencies and gathered.schools:
        yield f"no district is named: {DEFAULT_DISTRICT} is taken; give --district to name it"
    derived = [student for student in gathered.visits if student not in gathered.enrolled]
    if derived:
        yield (
            f"no enrollments for {len(derived)} students with events: each is taken as enrolled for the "
            "whole school year at the school of its events; students without events are not enrolled"
        )
        estimated = sum(read_date(gathered.births.get(student, "")) is not None for student in derived)
        yield (
            f"no grades: estimated from the birth date for {estimated} students, "
            f"grade {UNKNOWN_GRADE} for {len(derived) - estimated} others"
        )
    if gathered.visits and not gathered.calendar:
        yield "no calendar: no day counts until one is ingested"
    days = closed(gathered)
    if days:
        last = max(day for _, day, _ in days)
        yield f"attendance is taken as complete up to {last}: {len(days)} school days of all schools"


def _counted(gathered: Gathered) -> Iterator[str]:
    """What is odd in the data."""
    counts = gathered.counts
    if counts["no_duration"]:
        yield (
            f"events without EventDuration: {counts['no_duration']}, of which "
            f"{counts['no_duration_absent']} mean absent and count as the whole day"
        )
    if several := repeated(gathered):
        yield f"days of a student with several events: {several}; all are kept, told apart by category"
    if gathered.calendar and (strays := out_of_school(gathered)):
        yield f"events on dates that are no school days: {strays}; kept, not counted"
    if counts["no_meaning"]:
        yield (
            f"events of categories that are not in the list of Ed-Fi: {counts['no_meaning']}; set aside "
            "until a code record says what they mean"
        )
    if counts["sections"]:
        yield f"events of sections (classes): {counts['sections']}; not read, the school's events are"
