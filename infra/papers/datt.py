"""A workbook in the shape of Attendance Works' DATT: chronic absence by school, grade and group, and by band.

Its bytes follow from what is given alone: the date of making is handed in.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

import xlsxwriter  # type: ignore[import-untyped]  # it has no types

from infra.exports.dictionary import plain
from infra.exports.meanings import MEANINGS
from infra.papers.words import DIMENSIONS, FOOTNOTE, STAFF, Cell, grade_word, in_order, share, value_word
from models.papers.people import Person
from models.papers.tables import Numbers, Tables
from models.school_year import label, school_year_of
from models.spreadsheet_text import as_text
from models.standing import rate_percent
from models.student_groups import member
from models.suppression.release import HIDDEN
from models.trends.answers import BANDS

BAND_WORDS = {
    "under_5": "Satisfactory (under 5 % absent)",
    "under_10": "At risk (5 to under 10 %)",
    "under_20": "Moderate chronic (10 to under 20 %)",
    "over_20": "Severe chronic (20 % and over)",
}
NUMBERS = ("Students", *BAND_WORDS.values(), "Chronically absent (10 % and over)", "Chronic rate in %")
STUDENT_COLUMNS = (
    "Student", "School", "Grade", "Days enrolled", "Days absent", "Absence rate in %", "Band",
    *(DIMENSIONS[name].title for name in DIMENSIONS),
)  # fmt: skip
SHEETS = {
    "Race and ethnicity": "race_ethnicity",
    "Gender": "gender",
    "Special education": "disability",
    "English learners": "english_learner",
    "Free or reduced meals": "meals",
    "High needs": "high_needs",
    "Homeless": "homeless",
}


class Paper(NamedTuple):
    """What the workbook is made of. `students` is empty where it may leave the office."""

    district: str
    as_of: date
    data_through: date | None
    tables: Tables
    names: dict[str, str]
    students: Sequence[Person] = ()
    staff: bool = False


def workbook(paper: Paper, made: datetime) -> bytes:
    """The file. `made` is written into it as the time of its making."""
    held = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"title": "Attendance by school, grade and group", "created": made})
        book.set_size(1600, 1200)
        writer = _Writer(book, paper)
        writer.sheet("Overview", ("What", "Value"), _overview(paper))
        writer.sheet("Bands", ("Band", "Students", "Share in %"), _bands(paper.tables))
        writer.sheet("Schools", ("School", "Name", *NUMBERS), _schools(paper))
        writer.sheet("Grades", ("Grade", *NUMBERS), _grades(paper.tables))
        for title, dimension in SHEETS.items():
            writer.sheet(title, (DIMENSIONS[dimension].title, *NUMBERS), _groups(paper.tables, dimension))
        if paper.students:
            writer.sheet("Students", STUDENT_COLUMNS, _students(paper.students))
        writer.sheet("Columns", ("Column", "What it means"), _columns(bool(paper.students)))
    return held.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, paper: Paper) -> None:
        self._book = book
        self._mark = STAFF if paper.staff else FOOTNOTE
        year = label(school_year_of(paper.as_of))
        self._title = f"District {paper.district}, school year {year}, through {paper.as_of}"
        self._bold = book.add_format({"bold": True})
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._loud = book.add_format(
            {"bold": True, "font_color": "#9C0006"} if paper.staff else {"italic": True}
        )
        self._text = book.add_format({"num_format": "@"})
        self._whole = book.add_format({"num_format": "0"})
        # A second decimal where there is one: 19.96 % is not 20 %.
        self._rate = book.add_format({"num_format": "0.0#"})
        self._hidden = book.add_format({"align": "right"})

    def sheet(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """A title, the mark, a frozen header in the fourth row, and the rows."""
        sheet = self._book.add_worksheet(name)
        sheet.write_string(0, 0, as_text(f"{name}. {self._title}"), self._bold)
        sheet.write_string(1, 0, self._mark, self._loud)
        widths = [len(column) if len(column) < 16 else 16 for column in columns]
        for column, head in enumerate(columns):
            sheet.write_string(3, column, head, self._head)
        line = 3
        for line, row in enumerate(rows, start=4):
            for column, cell in enumerate(row):
                widths[column] = max(widths[column], len(str(cell)))
                if isinstance(cell, str):
                    shown = self._hidden if cell == HIDDEN else self._text
                    sheet.write_string(line, column, as_text(cell), shown)
                else:
                    sheet.write_number(
                        line, column, cell, self._rate if isinstance(cell, float) else self._whole
                    )
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, 60))
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.freeze_panes(4, 1)
        sheet.autofilter(3, 0, max(line, 4), len(columns) - 1)
        sheet.repeat_rows(3)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&L{_printed(self._title)}&R&A")
        sheet.set_footer(f"&L{_printed(self._mark)}&RPage &P of &N")


def _printed(text: str) -> str:
    """Text for a printed header or footer, which takes & for a command and at most 255 characters."""
    return text.replace("&", "&&")[:200]


def _overview(paper: Paper) -> Iterator[Sequence[Cell]]:
    numbers = paper.tables.ask()
    yield "District", paper.district
    yield "School year", label(school_year_of(paper.as_of))
    yield "Days up to", paper.as_of.isoformat()
    yield "Last day with data", paper.data_through.isoformat() if paper.data_through else "none"
    yield "Students (kindergarten to grade 12, leavers too)", _shown(numbers.students)
    yield "Chronically absent (10 % and over)", _shown(numbers.chronic)
    yield "Chronic rate in %", share(numbers.chronic, numbers.students)
    yield "Schools", len(paper.tables.schools)


def _bands(tables: Tables) -> Iterator[Sequence[Cell]]:
    numbers = tables.ask()
    for band in BANDS:
        count: int | None = getattr(numbers, band)
        yield BAND_WORDS[band], _shown(count), share(count, numbers.students)


def _schools(paper: Paper) -> Iterator[Sequence[Cell]]:
    for school in paper.tables.schools:
        yield school, paper.names.get(school, ""), *cells(paper.tables.ask(school=school))


def _grades(tables: Tables) -> Iterator[Sequence[Cell]]:
    for grade in tables.grades:
        yield grade_word(grade), *cells(tables.ask(grade=grade))


def _groups(tables: Tables, dimension: str) -> Iterator[Sequence[Cell]]:
    for value in in_order(dimension, tables.values[dimension]):
        yield value_word(dimension, value), *cells(tables.ask(group=member(dimension, value)))


def _students(persons: Sequence[Person]) -> Iterator[Sequence[Cell]]:
    worst = [each for each in persons if each.band in ("over_20", "under_20")]
    for each in sorted(worst, key=lambda each: (each.standing.school, each.band != "over_20", each.student)):
        held = each.standing
        yield (
            each.student, held.school, grade_word(held.grade), held.enrolled, held.absent,
            float(rate_percent(held.absent, held.enrolled)), BAND_WORDS[each.band],
            *(value_word(name, each.groups[name]) for name in DIMENSIONS),
        )  # fmt: skip


def _columns(with_students: bool) -> Iterator[Sequence[Cell]]:
    """The data dictionary of the workbook."""
    said = MEANINGS["datt"] | MEANINGS["tables"]
    used = [
        "Band",
        "Share in %",
        "School",
        "Name",
        "Grade",
        *(each.title for each in DIMENSIONS.values()),
        *NUMBERS,
    ]
    for name in dict.fromkeys([*used, *(STUDENT_COLUMNS if with_students else ())]):
        yield name, plain(said[name])


def cells(numbers: Numbers) -> tuple[Cell, ...]:
    """The cells of NUMBERS."""
    return (
        _shown(numbers.students),
        *(_shown(getattr(numbers, band)) for band in BANDS),
        _shown(numbers.chronic),
        share(numbers.chronic, numbers.students),
    )


def _shown(count: int | None) -> Cell:
    return HIDDEN if count is None else count
