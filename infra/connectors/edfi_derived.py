"""Records that follow from an Ed-Fi export as a whole: no element of it is one of them (connector edfi)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from infra.connectors import edfi_records
from infra.connectors.edfi_gather import Gathered, Place, year_of
from infra.connectors.edfi_stays import grade, stays
from infra.connectors.edfi_words import calendar_kind
from infra.intake.closed_through import submitted
from infra.intake.events import Record
from models.columns import Kind
from models.ledger.chain import Stored


def settings(gathered: Gathered) -> Iterator[Record]:
    """Codes that have a meaning, and schools."""
    for (district, category), place in gathered.categories.items():
        given = edfi_records.code(category, district)
        if given is not None:
            yield Record(Kind.CODE, Stored(given, *place))
    for school, place in gathered.schools.items():
        given = edfi_records.school(school, gathered.names.get(school, ""), gathered.district(school))
        yield Record(Kind.SCHOOL, Stored(given, *place))


def calendar(gathered: Gathered) -> Iterator[Record]:
    """A record a date and school, of all events of the date."""
    for (school, day), date in gathered.calendar.items():
        kind = calendar_kind(date.events)
        given = edfi_records.calendar(school, day, kind, gathered.district(school))
        yield Record(Kind.CALENDAR, Stored(given, *date.place))


def enrollments(gathered: Gathered) -> Iterator[Record]:
    """Enrollments of the students that have events, and none in the data."""
    spans = _spans(gathered)
    for student, visits in gathered.visits.items():
        if student in gathered.enrolled:
            continue
        for stay in stays(visits, spans):
            level = grade(gathered.births.get(student, ""), stay.entry_date)
            given = edfi_records.enrollment(
                stay.school, student, level, stay.entry_date, stay.exit_date, gathered.district(stay.school)
            )
            yield Record(Kind.ENROLLMENT, Stored(given, *gathered.places[student]))


def submissions(gathered: Gathered) -> Iterator[Record]:
    """A `submitted` for each school day that the export closes."""
    for school, day, place in closed(gathered):
        yield submitted(gathered.district(school), school, day, *place)


def closed(gathered: Gathered) -> list[tuple[str, str, Place]]:
    """School, date and place of each school day up to the last event of its school year.

    An export is whole: a school that has events took attendance up to the last event of any school.
    """
    until: dict[int, str] = {}
    for (year, _), day in gathered.last_event.items():
        until[year] = max(until.get(year, ""), day)
    return [
        (school, day, date.place)
        for (school, day), date in sorted(gathered.calendar.items())
        if date.is_school_day and (year_of(day), school) in gathered.last_event and day <= until[year_of(day)]
    ]


def out_of_school(gathered: Gathered) -> int:
    """Events on dates that are no school days of their school."""
    school_days = {key for key, date in gathered.calendar.items() if date.is_school_day}
    return sum((school, day) not in school_days for seen in gathered.visits.values() for day, school in seen)


def repeated(gathered: Gathered) -> int:
    """Students' days with more than one event."""
    return sum(count > 1 for seen in gathered.visits.values() for count in Counter(seen).values())


def _spans(gathered: Gathered) -> dict[tuple[str, int], tuple[str, str]]:
    """The first and last date of each school's calendar, by school year."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for school, day in gathered.calendar:
        key = (school, year_of(day))
        first, last = found.get(key, (day, day))
        found[key] = (min(first, day), max(last, day))
    return found
