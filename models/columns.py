"""The kinds of record, their columns in the contract's order, and what tells the kinds apart (contract 1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, StrEnum


class Kind(StrEnum):
    """The eight kinds of record."""

    ATTENDANCE = "attendance"
    ENROLLMENT = "enrollment"
    CALENDAR = "calendar"
    SUBMISSION = "submission"
    SCHOOL = "school"
    CODE = "code"
    STUDENT = "student"
    PRIOR_YEAR = "prior_year"


class Form(Enum):
    """How a column is written."""

    ID = "1 to 64 characters from ! to ~, without spaces"
    TIME = "a time such as 2021-09-01T08:00:00-04:00"
    DATE = "a date such as 2021-09-01"
    SCHOOL_DATE = "a date such as 2021-09-01, from 2000-07-01 to two years after recorded_at"
    FRACTION = "a fraction from 0 to 1 such as 0.5"
    COUNT = "a whole number"
    YES_NO = "yes or no"
    GRADE = "PK, K or 1 to 12"
    SCHOOL_YEAR = "a school year such as 2020-21"
    CHOICE = "one of a list"
    TEXT = "any text"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is written, whether it is required, and whether it is part of the identity."""

    name: str
    form: Form
    required: bool = False
    identity: bool = False
    choices: tuple[str, ...] = ()


def _key(name: str, form: Form = Form.ID, *, required: bool = True) -> Column:
    return Column(name, form, required=required, identity=True)


def _choice(name: str, *choices: str, required: bool = False) -> Column:
    return Column(name, Form.CHOICE, required=required, choices=choices)


_RECORDED_AT = Column("recorded_at", Form.TIME, required=True)
_DISTRICT, _SCHOOL, _STUDENT = _key("district_id"), _key("school_id"), _key("student_id")
_EFFECTIVE_FROM = _key("effective_from", Form.DATE, required=False)

SCHOOL_DAY_KINDS = ("instructional", "make_up", "shortened")
NO_SCHOOL_KINDS = ("holiday", "weather", "teacher_only", "emergency", "strike", "non_instructional")
CLASSES = ("excused", "unexcused", "disciplinary", "mhw", "unknown")

COLUMNS: dict[Kind, tuple[Column, ...]] = {
    Kind.ATTENDANCE: (
        _DISTRICT,
        _SCHOOL,
        _STUDENT,
        _key("date", Form.SCHOOL_DATE),
        Column("code", Form.ID, required=True),
        _RECORDED_AT,
        _key("record_id", required=False),
        Column("absent_fraction", Form.FRACTION),
        _choice("permission", "documented", "missing"),
    ),
    Kind.ENROLLMENT: (
        _DISTRICT,
        _SCHOOL,
        _STUDENT,
        Column("grade", Form.GRADE, required=True),
        _key("entry_date", Form.SCHOOL_DATE),
        _RECORDED_AT,
        Column("exit_date", Form.DATE),
        Column("track", Form.ID),
    ),
    Kind.CALENDAR: (
        _DISTRICT,
        _SCHOOL,
        _key("date", Form.SCHOOL_DATE),
        _choice("kind", *SCHOOL_DAY_KINDS, *NO_SCHOOL_KINDS, required=True),
        _RECORDED_AT,
        _key("track", required=False),
        Column("minutes", Form.COUNT),
    ),
    Kind.SUBMISSION: (
        _DISTRICT,
        _SCHOOL,
        _key("date", Form.SCHOOL_DATE),
        _choice("state", "submitted", "reopened", required=True),
        _RECORDED_AT,
    ),
    Kind.SCHOOL: (
        _DISTRICT,
        _SCHOOL,
        _RECORDED_AT,
        _EFFECTIVE_FROM,
        Column("name", Form.TEXT),
        _choice("attendance_mode", "negative", "positive"),
        _choice("submission", "by_record", "explicit"),
    ),
    Kind.CODE: (
        _DISTRICT,
        _key("code"),
        _choice("status", "absent", "in_attendance", required=True),
        _RECORDED_AT,
        _EFFECTIVE_FROM,
        _choice("class", *CLASSES),
        Column("remote", Form.YES_NO),
        Column("label", Form.TEXT),
    ),
    Kind.STUDENT: (
        _DISTRICT,
        _STUDENT,
        _RECORDED_AT,
        Column("first_name", Form.TEXT),
        Column("last_name", Form.TEXT),
        Column("birthdate", Form.DATE),
        Column("language", Form.TEXT),
        Column("counselor", Form.TEXT),
        Column("race_ethnicity", Form.TEXT),
        Column("gender", Form.TEXT),
        Column("english_learner", Form.YES_NO),
        Column("disability", Form.YES_NO),
        _choice("meals", "free", "reduced", "paid"),
        Column("homeless", Form.YES_NO),
    ),
    Kind.PRIOR_YEAR: (
        _DISTRICT,
        _STUDENT,
        _key("school_year", Form.SCHOOL_YEAR),
        Column("enrolled_days", Form.COUNT, required=True),
        Column("absent_days", Form.COUNT, required=True),
        _RECORDED_AT,
    ),
}

# Every record may carry these two; of several faults theirs come last.
COMMON = (_choice("op", "upsert", "delete"), Column("event_id", Form.ID))


def known_names(kind: Kind) -> frozenset[str]:
    """The names that a record of this kind may carry; all others are ignored."""
    return frozenset(column.name for column in (*COLUMNS[kind], *COMMON))


def kind_of(names: Collection[str]) -> Kind | None:
    """The kind that a header tells, the first that fits of the contract's list; None where none does."""
    has = set(names).__contains__
    if has("entry_date"):
        return Kind.ENROLLMENT
    if has("student_id") and has("date"):
        return Kind.ATTENDANCE
    if has("date") and has("kind"):
        return Kind.CALENDAR
    if has("date") and has("state"):
        return Kind.SUBMISSION
    if has("school_year"):
        return Kind.PRIOR_YEAR
    if has("code") and has("status"):
        return Kind.CODE
    if has("student_id") and not has("school_id"):
        return Kind.STUDENT
    if has("school_id") and not has("student_id"):
        return Kind.SCHOOL
    return None
