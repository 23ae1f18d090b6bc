"""OneRoster CSV (1.1, 1.2): schools, students and enrollments.

OneRoster has no daily attendance and no calendar of school days. They stand beside it, as files in the
canonical form, whose student_id and school_id are the sourcedIds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from infra.connectors import table_call
from infra.connectors.oneroster_gather import DEFAULT_DISTRICT, DELETED, Roster, gathered, is_student
from infra.connectors.oneroster_layouts import (
    ENROLLMENTS,
    LAYOUTS,
    NOT_NEEDED,
    ORGS,
    USERS,
    gender_of,
    race_of,
)
from infra.connectors.oneroster_stays import Span, merged
from infra.connectors.table_call import BadCell, made, not_made
from infra.connectors.table_values import day_of, recorded_on, tie_of_exit, time_of, undated
from infra.files.rows import Row
from infra.files.source import Source
from infra.intake.connector import Options
from infra.intake.events import Event, Notice, Record
from models.columns import Kind
from models.instant import instant_of, read_time
from models.refusal import Reason

_FILE = "oneroster"
_ENROLLMENT = {
    "school_id": "schoolSourcedId",
    "student_id": "userSourcedId",
    "grade": "users.grades",
    "entry_date": "beginDate",
    "exit_date": "endDate",
    "recorded_at": "dateLastModified",
}
_STUDENT = {
    "student_id": "sourcedId",
    "first_name": "givenName",
    "last_name": "familyName",
    "birthdate": "demographics.birthDate",
    "recorded_at": "dateLastModified",
}
_SCHOOL = {"school_id": "sourcedId", "name": "name", "recorded_at": "dateLastModified"}


class OneRoster:
    """Files (.csv) of one export, and canonical files beside them."""

    def takes(self, path: Path) -> bool:
        """By the ending of its name."""
        return table_call.takes(path)

    def read(self, files: Sequence[Path], options: Options) -> Iterator[Event]:
        """Schools, students and enrollments; then what is canonical."""
        call = table_call.sorted_out(files, options, LAYOUTS, not_needed=NOT_NEEDED)
        yield from call.met
        yield from call.broken()
        roster = gathered(call, options.district)
        yield from _schools(roster)
        yield from _students(roster)
        yield from _changes(roster) if roster.is_delta else _whole(roster)
        yield from (Notice(_FILE, text) for text in _notices(roster))
        yield from table_call.canonical_events(call, options)


def _recorded(given: dict[str, str], otherwise: str, kind: Kind, roster: Roster) -> dict[str, str]:
    """When a row was written, and whether it deletes. Raises BadCell."""
    time = time_of(given.get("dateLastModified", ""))
    if given.get("status", "").lower() == DELETED:
        if not time:
            raise BadCell("dateLastModified", "a time where status is tobedeleted", Reason.MISSING_VALUE)
        return {"recorded_at": time, "op": "delete"}
    roster.counts[f"untimed {kind}"] += not time
    return {"recorded_at": time or otherwise}


def _schools(roster: Roster) -> Iterator[Event]:
    for source, row in roster.call.rows(ORGS.name):
        if row.given.get("type", "").lower() != "school":
            continue
        school = row.given.get("sourcedId", "")
        try:
            when = _recorded(row.given, undated(source.name), Kind.SCHOOL, roster)
        except BadCell as bad:
            yield not_made(source, row, Kind.SCHOOL, bad)
            continue
        cells = {
            "district_id": roster.district(school),
            "school_id": school,
            "name": row.given.get("name", ""),
        }
        yield made(source, row, Kind.SCHOOL, {**cells, **when}, _SCHOOL)


def _students(roster: Roster) -> Iterator[Event]:
    met: set[str] = set()
    for source, row in roster.call.rows(USERS.name):
        user = row.given.get("sourcedId", "")
        if user and user not in roster.students:
            roster.counts["others"] += 1
            continue
        met.add(user)
        known = roster.demographics.get(user)
        deleted = row.given.get("status", "").lower() == DELETED
        if roster.is_delta and known is None and not deleted:
            roster.counts["half a student"] += 1
            continue
        try:
            when = _recorded(row.given, undated(source.name), Kind.STUDENT, roster)
        except BadCell as bad:
            yield not_made(source, row, Kind.STUDENT, bad)
            continue
        more = known or {}
        cells = {
            "district_id": roster.district(_org_of(row.given)),
            "student_id": user,
            "first_name": row.given.get("givenName", ""),
            "last_name": row.given.get("familyName", ""),
            "birthdate": day_of(more.get("birthDate", "")),
            "gender": gender_of(more.get("sex", "")),
            "race_ethnicity": race_of(more),
            **when,
        }
        if not deleted:
            cells["recorded_at"] = _later(cells["recorded_at"], time_of(more.get("dateLastModified", "")))
        yield made(source, row, Kind.STUDENT, cells, _STUDENT)
    roster.counts["demographics alone"] = len(roster.demographics.keys() - met)


def _org_of(given: dict[str, str]) -> str:
    """The organisation of a user: the primary one (1.2), else the first (1.1)."""
    return given.get("primaryOrgSourcedId") or given.get("orgSourcedIds", "").partition(",")[0].strip()


def _later(one: str, other: str) -> str:
    """The later of two times; one that is none leaves the fault to the first."""
    if read_time(one) is None or read_time(other) is None:
        return one
    return other if instant_of(other) > instant_of(one) else one


def _student_rows(roster: Roster) -> Iterator[tuple[Source, Row]]:
    for source, row in roster.call.rows(ENROLLMENTS.name):
        if not is_student(row.given):
            roster.counts["no student's"] += 1
        elif roster.counts_as_stay({"classSourcedId": "", "userSourcedId": "", **row.given}):
            yield source, row
        else:
            roster.counts["no homeroom"] += 1


def _cells(roster: Roster, given: dict[str, str]) -> dict[str, str]:
    school, user = given.get("schoolSourcedId", ""), given.get("userSourcedId", "")
    return {
        "district_id": roster.district(school),
        "school_id": school,
        "student_id": user,
        "grade": roster.grades.get(user, ""),
        "entry_date": roster.begin_of({"classSourcedId": "", **given}),
        "exit_date": day_of(given.get("endDate", "")),
    }


def _changes(roster: Roster) -> Iterator[Event]:
    """Of changes each row is a record of its own."""
    for source, row in _student_rows(roster):
        cells = _cells(roster, row.given)
        try:
            when = _recorded(
                row.given, recorded_on(cells["entry_date"], source.name), Kind.ENROLLMENT, roster
            )
        except BadCell as bad:
            yield not_made(source, row, Kind.ENROLLMENT, bad)
            continue
        if "dateLastModified" not in row.given:
            cells["event_id"] = tie_of_exit(cells["exit_date"])
        yield made(source, row, Kind.ENROLLMENT, {**cells, **when}, _ENROLLMENT)


def _whole(roster: Roster) -> Iterator[Event]:
    """Of a whole file a student's classes at a school add up to stays."""
    spans: dict[tuple[str, str], list[Span]] = {}
    held: dict[int, Record] = {}
    for at, (source, row) in enumerate(_student_rows(roster)):
        if row.given.get("status", "").lower() == DELETED:
            bad = BadCell("status", "active in a whole (bulk) file; leave the row out, or export as delta")
            yield not_made(source, row, Kind.ENROLLMENT, bad)
            continue
        cells = _cells(roster, row.given)
        time = time_of(row.given.get("dateLastModified", ""))
        when = time or recorded_on(cells["entry_date"], source.name)
        tie = "" if time else tie_of_exit(cells["exit_date"])
        cells |= {"recorded_at": when, "event_id": tie}
        record = made(source, row, Kind.ENROLLMENT, cells, _ENROLLMENT)
        if not isinstance(record, Record):
            yield record
            continue
        roster.counts[f"untimed {Kind.ENROLLMENT}"] += not time
        held[at] = record
        spans.setdefault((cells["student_id"], cells["school_id"]), []).append(
            Span(cells["entry_date"], cells["exit_date"], time, at)
        )
    for each in spans.values():
        stays = list(merged(each))
        begun = {begin for begin, _, _ in stays}
        for span in each:  # a no-show is given too: an earlier export may have had a stay there
            if span.end and span.end < span.begin and span.begin not in begun:
                yield held[span.at]
        for begin, end, stay in stays:
            first = held[stay[0].at]
            times = [span.time for span in stay if span.time]
            when = max(times, key=instant_of) if times else recorded_on(begin, first.held.file)
            tie = "" if times else tie_of_exit(end)
            cells = dict(first.held.given) | {"entry_date": begin, "exit_date": end, "recorded_at": when}
            cells["event_id"] = tie
            cells = {name: cell for name, cell in cells.items() if cell}
            yield Record(Kind.ENROLLMENT, first.held._replace(given=cells))


def _notices(roster: Roster) -> Iterator[str]:
    counts = roster.counts
    if roster.district("") == DEFAULT_DISTRICT:
        yield f"no district is named: {DEFAULT_DISTRICT} is taken; give --district to name it"
    yield (
        "OneRoster has no attendance and no calendar: give them beside it as canonical files, with the "
        "sourcedIds as student_id and school_id"
    )
    if roster.call.has(ENROLLMENTS.name):
        way = "changes (delta)" if roster.is_delta else "a whole file (bulk)"
        yield f"enrollments are taken as {way}"
    if roster.is_delta and counts["no homeroom"]:
        yield (
            f"enrollments in classes that are no homeroom of this call: {counts['no homeroom']}; of changes "
            "only homerooms tell when a student attends a school, so give classes.csv whole"
        )
    if counts["half a student"] or counts["demographics alone"]:
        yield (
            f"students that changed in one of users and demographics alone: "
            f"{counts['half a student'] + counts['demographics alone']}; not taken, because a record takes "
            "the place of the whole record before it"
        )
    if counts["others"]:
        yield f"users of whom no file says that they are students: {counts['others']}; not read"
    for kind, layout in ((Kind.SCHOOL, ORGS), (Kind.STUDENT, USERS), (Kind.ENROLLMENT, ENROLLMENTS)):
        if untimed := counts[f"untimed {kind}"]:
            yield f"{kind} rows without dateLastModified: {untimed}; {roster.call.dating(layout.name)}"
