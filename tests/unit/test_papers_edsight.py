"""EdSight-shaped files: their shape is that of the published ones, byte for byte where these are there."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest

from infra.papers import edsight
from infra.papers.edsight import Code, Paper, file_name, render, text, title_of
from infra.papers.words import DIMENSIONS
from models.papers.tables import released_tables, true_tables
from tests.support.made_people import made_people

PUBLISHED = Path(__file__).parents[3] / "shared/data/ct_edsight"
PEOPLE = made_people()
RELEASED = released_tables(PEOPLE)
TITLE = re.compile(r"Chronic Absenteeism, [0-9]{4}-[0-9]{2}")


def cells(line: str) -> list[edsight.Cell]:
    """The cells of a line, as what they are: text, codes, whole numbers, rates."""
    found: list[edsight.Cell] = []
    quoted = [each.startswith('"') for each in re.findall(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)', line)]
    for cell, is_text in zip(next(csv.reader(io.StringIO(line))), quoted, strict=True):
        code = re.fullmatch(r'="(.*)"', cell)
        if code:
            found.append(Code(code[1]))
        else:
            found.append(cell if is_text else float(cell) if "." in cell else int(cell))
    return found


def check_shape(content: str, columns: int) -> None:
    """What holds of every file."""
    assert content.endswith("\r\n\r\n") and "\n" not in content.replace("\r\n", "")
    title, about, blank, above, header, *rows = content.split("\r\n")[:-2]
    assert TITLE.match(title.strip('"')) and title[0] == about[0] == '"' and blank == ""
    assert above == '""' + "," * (columns - 2) + '"Chronically Absent",'
    assert len(header.split('","')) == columns and header.endswith(',"Student Count","%"')
    assert rows
    for row in map(cells, rows):
        assert len(row) == columns
        assert isinstance(row[1], Code)
        assert row[-2] == "*" or isinstance(row[-2], int)
        assert row[-1] == "*" or isinstance(row[-1], float)


def paper(staff: bool = False, **changed: object) -> Paper:
    tables = true_tables(PEOPLE) if staff else RELEASED
    held = Paper("0042", "Our District", date(2022, 6, 30), tables, {"A": "Adams School"}, staff)
    return held._replace(**changed)


@pytest.mark.parametrize("table", edsight.TABLES)
def test_our_files_have_the_shape(table: str) -> None:
    held = paper()
    check_shape(text(held, table, "district"), 5)
    check_shape(text(held, table, "school"), 7)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the public sample data is not beside the repository")
def test_the_published_files_have_it_and_are_written_again_byte_for_byte() -> None:
    files = sorted(set(PUBLISHED.glob("*.csv")) - set(PUBLISHED.glob("*_ct.csv")))
    assert len(files) == 10
    for path in files:
        content = path.read_bytes().decode()
        check_shape(content, 5)
        title, about, _, _, header, *rows = content.split("\r\n")[:-2]
        columns = next(csv.reader([header]))[:-2]
        written = render(title.strip('"'), about.strip('"'), columns, map(cells, rows))
        assert written == content, path.name
        table = path.stem.split("_")[-1].replace("ell", "english_learner").replace("lunch", "meals")
        table = {"race": "race_ethnicity", "special-education": "disability"}.get(table, table)
        assert columns == ["District", "District Code", title_of(table)]
        words = {row[2] for row in map(cells, rows)}
        if table != "race_ethnicity":
            ours = DIMENSIONS[table].values.values() if table != "grade" else edsight_grades()
            assert words == set(ours)


def edsight_grades() -> list[str]:
    return [edsight.grade_word(grade) for grade in ("K", *map(str, range(1, 13)))]


def test_the_numbers_are_hidden_or_true() -> None:
    hidden = [cells(line) for line in text(paper(), "grade", "district").split("\r\n")[5:-2]]
    true = [cells(line) for line in text(paper(staff=True), "grade", "district").split("\r\n")[5:-2]]
    assert [row[2] for row in true] == ["Kindergarten", "Grade   1", "Grade   2"]
    chronic = [each for each in PEOPLE if each.standing.grade == "K" and each.standing.tier != "I"]
    assert true[0][3] == len(chronic)
    assert [row[3] in (other[3], "*") for row, other in zip(hidden, true, strict=True)] == [True] * 3
    assert any(row[3] != "*" for row in hidden)


def test_what_must_not_leave_the_office_says_so_in_name_and_title() -> None:
    assert "MUST-NOT-LEAVE-THE-OFFICE" in file_name("grade", "school", True)
    assert "OFFICE" not in file_name("grade", "school", False)
    assert "Must not leave the office" in text(paper(staff=True), "grade", "district").split("\r\n")[0]
    assert "office" not in text(paper(), "grade", "district")


def test_a_year_that_is_not_over_says_through_when() -> None:
    assert text(paper(), "meals", "district").startswith('"Chronic Absenteeism, 2021-22"\r\n')
    part = text(paper(as_of=date(2021, 12, 15)), "meals", "district")
    assert part.startswith('"Chronic Absenteeism, 2021-22, through 2021-12-15"\r\n')


def test_no_name_and_no_code_becomes_another_formula() -> None:
    held = paper(district='1"&HYPERLINK("http://x")&"', name="=1+1", school_names={"A": "@sum"})
    content = text(held, "grade", "school")
    assert '="' not in content.replace('"=""A"""', "").replace('"=""B"""', "").replace('"=""C"""', "")
    first = next(csv.reader([content.split("\r\n")[5]]))
    assert first[0] == "'=1+1" and first[2] == "'@sum" and first[1].startswith("1")
