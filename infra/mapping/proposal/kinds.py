"""Which kinds of record a file may give, by the names in its header."""

from __future__ import annotations

from infra.mapping.proposal.dates import HeaderGuess
from infra.mapping.proposal.names import fields_found
from models.columns import Kind


def kinds_of(header: list[str], days: HeaderGuess | None) -> list[Kind]:
    """The kinds of record that a header has the columns of."""
    if days is not None and "student_id" in fields_found(Kind.ATTENDANCE, header):
        return [Kind.ATTENDANCE]
    has = {kind: fields_found(kind, header) for kind in (*_ASKED, Kind.SCHOOL)}
    if {"date", "kind"} <= has[Kind.CALENDAR].keys() and "code" not in has[Kind.ATTENDANCE]:
        return [Kind.CALENDAR]
    kinds = [kind for kind, asked in _ASKED.items() if set(asked) <= has[kind].keys()]
    groups = has[Kind.STUDENT].keys() & _OF_STUDENT
    if not {Kind.ATTENDANCE, Kind.STUDENT} & set(kinds) and "student_id" in has[Kind.STUDENT] and groups:
        kinds.append(Kind.STUDENT)
    if (
        not kinds
        and {"school_id", "name"} <= has[Kind.SCHOOL].keys()
        and "student_id" not in has[Kind.STUDENT]
    ):
        kinds.append(Kind.SCHOOL)
    return kinds


_ASKED = {
    Kind.ATTENDANCE: ("student_id", "date", "code"),
    Kind.ENROLLMENT: ("student_id", "entry_date"),
    Kind.CALENDAR: ("date", "kind"),
    Kind.STUDENT: ("student_id", "birthdate"),
    Kind.PRIOR_YEAR: ("student_id", "enrolled_days", "absent_days"),
}
_OF_STUDENT = {
    "first_name",
    "last_name",
    "birthdate",
    "language",
    "counselor",
    "race_ethnicity",
    "gender",
    "meals",
}
