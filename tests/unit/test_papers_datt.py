"""The DATT-shaped workbook, opened again: numbers as numbers, ids as text, and who may see which."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from infra.papers.datt import NUMBERS, SHEETS, STUDENT_COLUMNS, Paper, workbook
from infra.papers.words import FOOTNOTE, STAFF, share
from models.papers.tables import released_tables, true_tables
from models.trends.answers import BANDS
from tests.support.made_people import made_people

PEOPLE = made_people()
RELEASED = released_tables(PEOPLE)
MADE = datetime(2021, 12, 15)
TABLES = ["Overview", "Bands", "Schools", "Grades", *SHEETS, "Columns"]


def paper(staff: bool, **changed: object) -> Paper:
    held = Paper(
        "0042", date(2021, 12, 15), date(2021, 12, 14),
        true_tables(PEOPLE) if staff else RELEASED, {"A": "=cmd()"},
        PEOPLE if staff else (), staff,
    )  # fmt: skip
    return held._replace(**changed)


def opened(held: Paper) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(held, MADE)))


def rows(book: Workbook, name: str) -> list[tuple[object, ...]]:
    return list(book[name].iter_rows(min_row=5, values_only=True))


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert workbook(paper(False), MADE) == workbook(paper(False), MADE)
    assert workbook(paper(False), MADE) != workbook(paper(False), datetime(2021, 12, 16))


def test_without_students_it_holds_what_was_released_and_says_what_a_star_is() -> None:
    book = opened(paper(False))
    assert book.sheetnames == TABLES
    assert all(book[name]["A2"].value == FOOTNOTE for name in TABLES)
    text = str([rows(book, name) for name in TABLES])
    assert not any(each.student in text for each in PEOPLE)
    for school, row in zip("ABC", rows(book, "Schools"), strict=True):
        held = RELEASED.ask(school=school)
        assert row[2:8] == tuple(
            "*" if count is None else count
            for count in (held.students, *(getattr(held, band) for band in BANDS), held.chronic)
        )
    assert any("*" in row for row in rows(book, "Schools")) and isinstance(rows(book, "Schools")[0][2], int)


def test_with_students_every_sheet_says_that_it_must_not_leave_the_office() -> None:
    book = opened(paper(True))
    assert book.sheetnames == [*TABLES[:-1], "Students", "Columns"]
    for sheet in book.worksheets:
        assert sheet["A2"].value == STAFF
        assert STAFF in str(sheet.oddFooter.left.text)
    listed = rows(book, "Students")
    worst = {each.student: each for each in PEOPLE if each.standing.tier in ("II", "III")}
    assert {row[0] for row in listed} == set(worst)
    for row in listed:
        standing = worst[str(row[0])].standing
        assert row[1:6] == (
            standing.school, "Kindergarten" if standing.grade == "K" else f"Grade   {standing.grade}",
            standing.enrolled, standing.absent, float(standing.absent),
        )  # fmt: skip
    assert [str(row[1]) for row in listed] == sorted(str(row[1]) for row in listed)


def test_the_true_numbers_add_up() -> None:
    book = opened(paper(True))
    for name in ("Schools", "Grades", *SHEETS):
        skip = 2 if name == "Schools" else 1
        found = [row[skip:] for row in rows(book, name)]
        numbers = [tuple(cell for cell in row if isinstance(cell, int)) for row in found]
        assert sum(row[0] for row in numbers) == len(PEOPLE), name
        for row in numbers:
            assert row[0] == sum(row[1:5]) and row[5] == row[3] + row[4]
    bands = {str(row[0]).split(" (")[0]: row[1] for row in rows(book, "Bands")}
    assert sum(int(str(count)) for count in bands.values()) == len(PEOPLE)
    assert bands["Severe chronic"] == sum(each.band == "over_20" for each in PEOPLE)


def test_it_can_be_read_and_printed() -> None:
    book = opened(paper(True))
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$4:$4"
        assert all(sheet.column_dimensions[column].width >= 5 for column in "AB")
        assert sheet["A4"].font.bold
    assert [cell.value for cell in book["Grades"][4]][1:] == list(NUMBERS)
    assert tuple(cell.value for cell in book["Students"][4]) == STUDENT_COLUMNS
    assert book.properties.created == MADE


def test_no_cell_is_a_formula_and_ids_stay_text() -> None:
    book = opened(paper(True, district="-2+3"))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert not str(cell.value or "").startswith(("=", "-", "@", "+"))
    assert rows(book, "Schools")[0][1] == "'=cmd()"
    student = book["Students"]["A5"]
    assert student.data_type == "s" and student.value[0] == "0"


@pytest.mark.parametrize(
    ("count", "whole", "shown"),
    [(1, 16, 6.3), (1, 8, 12.5), (0, 5, 0.0), (5, 5, 100.0), (None, 5, "*"), (1, None, "*"), (0, 0, "")],
)
def test_a_share_is_rounded_half_up(count: int | None, whole: int | None, shown: object) -> None:
    assert share(count, whole) == shown


def test_every_column_is_explained_in_the_workbook() -> None:
    for staff in (False, True):
        book = opened(paper(staff))
        said = {row[0]: row[1] for row in rows(book, "Columns")}
        heads = {cell.value for sheet in book.worksheets[1:-1] for cell in sheet[4]}
        assert heads <= set(said) and all(said.values())
