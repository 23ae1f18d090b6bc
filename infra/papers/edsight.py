"""Chronic absence in the shape of EdSight's CSV exports: our own numbers, to lay beside the state's.

The files of EdSight: a title, what it is about, a blank line, a header in two rows, codes as `="2850013"`, so
that spreadsheets keep their zeros, `*` for what is hidden, text in quotes and numbers without, CR LF.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from infra.papers.words import DIMENSIONS, STAFF, Cell, grade_word, in_order, share, value_word
from models.papers.tables import Numbers, Tables
from models.school_year import first_day, label, school_year_of
from models.spreadsheet_text import as_text
from models.student_groups import member
from models.suppression.release import HIDDEN

By = Literal["district", "school"]
TABLES = ("grade", *DIMENSIONS)
_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")


class Paper(NamedTuple):
    """What the files are made of; `staff`: with all numbers, and so marked."""

    district: str
    name: str
    as_of: date
    tables: Tables
    school_names: dict[str, str]
    staff: bool = False


def title_of(table: str) -> str:
    """What EdSight calls the column."""
    return "Grade" if table == "grade" else DIMENSIONS[table].title


def file_name(table: str, by: By, staff: bool) -> str:
    """What the file of a table is called in a folder of all."""
    mark = "MUST-NOT-LEAVE-THE-OFFICE_" if staff else ""
    return f"{mark}chronic-absenteeism_{by}_{table.replace('_', '-')}.csv"


def text(paper: Paper, table: str, by: By) -> str:
    """One file."""
    year = school_year_of(paper.as_of)
    over = (
        ""
        if paper.as_of >= date.fromordinal(first_day(year + 1).toordinal() - 1)
        else f", through {paper.as_of}"
    )
    mark = f"{STAFF} " if paper.staff else ""
    whom = "District" if by == "district" else "Schools"
    where = ["District", "District Code"] + (["School", "School Code"] if by == "school" else [])
    return render(
        f"{mark}Chronic Absenteeism, {label(year)}{over}",
        f"{whom}, {title_of(table)}",
        [*where, title_of(table)],
        _rows(paper, table, by),
    )


def render(title: str, about: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A file as EdSight writes it; `columns` are those before the count and the rate, codes are `Code`."""
    lines: list[Sequence[Cell | None]] = [
        [title],
        [about],
        [],
        ["", *[None] * (len(columns) - 1), "Chronically Absent", None],
        [*columns, "Student Count", "%"],
        *rows,
        [],
    ]
    return "".join(",".join(map(_written, line)) + "\r\n" for line in lines)


def _rows(paper: Paper, table: str, by: By) -> Iterator[list[Cell]]:
    tables = paper.tables
    for school in tables.schools if by == "school" else ("",):
        here: list[Cell] = [paper.name, Code(paper.district)]
        if by == "school":
            here += [paper.school_names.get(school, school), Code(school)]
        if table == "grade":
            for grade in tables.grades:
                if (school, grade, "") in tables.answers:
                    yield [*here, grade_word(grade), *_numbers(tables.ask(school=school, grade=grade))]
            continue
        for value in in_order(table, tables.values[table]):
            group = member(table, value)
            yield [*here, value_word(table, value), *_numbers(tables.ask(school=school, group=group))]


def _numbers(numbers: Numbers) -> tuple[Cell, Cell]:
    count = HIDDEN if numbers.chronic is None else numbers.chronic
    return count, share(numbers.chronic, numbers.students)


class Code(str):
    """The code of a district or a school."""


def _written(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    # A code of other characters could end the text in the formula, and begin another one.
    if isinstance(cell, Code) and _PLAIN.fullmatch(cell):
        return f'"=""{cell}"""'
    return '"' + as_text(cell).replace('"', '""') + '"'
