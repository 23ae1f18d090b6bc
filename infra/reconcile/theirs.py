"""A file with another's numbers: of students, of groups, or as EdSight has them. Its header tells which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from infra.edsight import file as edsight
from infra.edsight.words import DIMENSIONS as EDSIGHT_WORDS
from infra.edsight.words import value_of
from infra.files.rows import CsvTable, FileRefused, Row
from infra.files.source import Source, opened
from infra.reconcile.columns import GROUP_COLUMNS, STUDENT_COLUMNS, columns_of
from models.published import Published
from models.reconcile.groups import Group, TheirGroup
from models.reconcile.students import TheirCount
from models.trends.scope import DIMENSIONS

_DAYS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_RATE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,4}))?%?")
_YES = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
HIDDEN = "*"
_SAYS = ("enrolled_days", "absent_days", "attended_days", "chronic")


class TheirStudent(NamedTuple):
    """One row of a file of students; the school is blank where the file has none."""

    student: str
    school: str
    says: TheirCount


class Fault(NamedTuple):
    """A row that cannot be used: its line, and what is wrong. Shows nothing of the row."""

    line: int
    message: str


class TheirFile(NamedTuple):
    """What a file says, and the rows of it that cannot be used. One of the first three is not empty."""

    students: list[TheirStudent]
    groups: dict[Group, TheirGroup]
    published: list[Published]
    faults: list[Fault]


class FileUnclear(Exception):
    """A file that cannot be used at all. The message says what to do."""


def read(path: Path, named: Mapping[str, str]) -> TheirFile:
    """Read a file; `named` are the columns that options name.

    Raises FileUnclear, ColumnsUnclear, PathUnusable.
    """
    with opened(path) as source:
        try:
            source.scan_text()
            first = next((line for line in source.lines("") if line.strip()), "")
            if edsight.is_edsight(first):
                return _published(source)
            table = CsvTable(source.lines(""), delimiter="\t" if "\t" in first else ",")
        except FileRefused as refused:
            raise FileUnclear(refused.fault.message) from None
        except edsight.NotEdsight as error:
            raise FileUnclear(str(error)) from None
        said = columns_of(table.header, STUDENT_COLUMNS, named)
        if "student_id" in said and any(name in said for name in _SAYS):
            return _students(table.rows(said))
        said = columns_of(table.header, GROUP_COLUMNS, named)
        if any(name in said for name in ("chronic", "rate")) and any(
            name in said for name in ("school_id", "group", "students")
        ):
            return _groups(table.rows(said))
    raise FileUnclear(
        "the header is of none of the files that are read: students (student_id with one of "
        f"{', '.join(_SAYS)}), groups (school_id, group, value, students, chronic, rate), or an EdSight "
        "export with its title lines; name columns with --column NAME=HEADER"
    )


def _published(source: Source) -> TheirFile:
    rows: list[Published] = []
    faults: list[Fault] = []
    for row in edsight.read(source.lines("")):
        if isinstance(row, Published):
            rows.append(row)
        else:
            faults.append(Fault(row.line, row.message))
    return TheirFile([], {}, rows, faults)


def _students(rows: Iterator[Row]) -> TheirFile:
    students: dict[tuple[str, str], TheirStudent] = {}
    faults: list[Fault] = []
    for row in rows:
        try:
            student = _student(_whole(row))
            key = (student.student, student.school)
            if key in students:
                raise ValueError("the student stands in a row above it too, at the same school; keep one")
            students[key] = student
        except ValueError as error:
            faults.append(Fault(row.line, str(error)))
    return TheirFile(list(students.values()), {}, [], faults)


def _student(given: Mapping[str, str]) -> TheirStudent:
    if "student_id" not in given:
        raise ValueError("student_id is blank; every row names a student")
    chronic = given.get("chronic")
    if chronic is not None and chronic.lower() not in _YES:
        raise ValueError("chronic takes yes or no")
    count = TheirCount(
        _days(given, "enrolled_days"),
        _days(given, "absent_days"),
        _days(given, "attended_days"),
        None if chronic is None else _YES[chronic.lower()],
    )
    missed = count.missed
    if count.enrolled is not None and missed is not None and not 0 <= missed <= count.enrolled:
        raise ValueError("absent or attended days are more than the days enrolled")
    return TheirStudent(given["student_id"], given.get("school_id", ""), count)


def _days(given: Mapping[str, str], name: str) -> Fraction | None:
    text = given.get(name)
    if text is None:
        return None
    if _DAYS.fullmatch(text) is None:
        raise ValueError(f"{name} takes a number of days such as 12 or 12.5")
    return Fraction(text)


def _groups(rows: Iterator[Row]) -> TheirFile:
    groups: dict[Group, TheirGroup] = {}
    faults: list[Fault] = []
    for row in rows:
        try:
            given = _whole(row)
            key = Group(_school(given), *_group(given))
            if key in groups:
                raise ValueError("the group stands in a row above it too; keep one")
            groups[key] = _counts(given)
        except ValueError as error:
            faults.append(Fault(row.line, str(error)))
    return TheirFile([], groups, [], faults)


def _school(given: Mapping[str, str]) -> str:
    school = given.get("school_id", "")
    return "" if school.lower() in ("district", "all", "total") else school


def _group(given: Mapping[str, str]) -> tuple[str, str]:
    """A group's dimension and value, as ours or in EdSight's words."""
    group, value = given.get("group", "all"), given.get("value", "")
    if group.lower() in ("all", "all students", "total"):
        return "all", ""
    if group in (*DIMENSIONS, "grade"):
        return group, value
    if group in EDSIGHT_WORDS and (found := value_of(EDSIGHT_WORDS[group], value)):
        return EDSIGHT_WORDS[group], found
    for dimension in sorted(set(EDSIGHT_WORDS.values())):
        if found := value_of(dimension, group):
            return dimension, found
    raise ValueError(f"group takes all, grade or one of {', '.join(DIMENSIONS)}, with its value beside it")


def _counts(given: Mapping[str, str]) -> TheirGroup:
    rate, places = None, 0
    text = given.get("rate", HIDDEN)
    if text != HIDDEN:
        match = _RATE.fullmatch(text)
        if match is None:
            raise ValueError("rate takes a percentage such as 12.5, or * where it is hidden")
        places = len(match[2] or "")
        rate = int(match[1] + (match[2] or ""))
    found = TheirGroup(_number(given, "students"), _number(given, "chronic"), rate, places)
    if found.students is not None and found.chronic is not None and found.chronic > found.students:
        raise ValueError("chronic is more than students; are the columns exchanged?")
    return found


def _number(given: Mapping[str, str], name: str) -> int | None:
    text = given.get(name, HIDDEN)
    if text == HIDDEN:
        return None
    text = text.replace(",", "")
    if _WHOLE.fullmatch(text) is None:
        raise ValueError(f"{name} takes a whole number, or * where it is hidden")
    return int(text)


def _whole(row: Row) -> Mapping[str, str]:
    if row.fault is not None:
        raise ValueError(row.fault.message)
    return row.given
