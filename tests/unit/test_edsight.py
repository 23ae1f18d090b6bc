"""EdSight's exports as downloaded, and what is said of files that are not quite so."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.edsight.file import Faulty, NotEdsight, is_edsight, read
from models.published import Published, same_value

SAMPLES = Path(__file__).parents[3] / "shared/data/ct_edsight"
HEAD = (
    '"Chronic Absenteeism, 2018-19"\r\n"All Districts, Grade"\r\n\r\n"",,,"Chronically Absent",\r\n'
    '"District","District Code","Grade","Student Count","%"\r\n'
)


def rows(text: str) -> list[Published | Faulty]:
    return list(read(text.splitlines(keepends=True)))


def test_a_row_is_read_as_it_stands() -> None:
    found = rows(
        HEAD + '"Andover School District","=""0010011""","Grade   1",7,7.7\r\n'
        '"Andover School District","=""0010011""","Kindergarten","*","*"\r\n'
        '"Andover School District","0010011","Grade 12",0,"*"\r\n'
        '"Ashford School District","=""0030011""","Grade 10","1,234",100\r\n'
    )
    andover = (2018, "district", "0010011", "Andover School District", "", "", "grade")
    assert found == [
        Published(*andover, "1", 7, 770),  # type: ignore[arg-type]  # a level as text
        Published(*andover, "K", None, None),  # type: ignore[arg-type]  # a level as text
        Published(*andover, "12", 0, None),  # type: ignore[arg-type]  # a level as text
        Published(2018, "district", "0030011", "Ashford School District", "", "", "grade", "10", 1234, 10000),
    ]


def test_the_state_and_schools_have_headers_of_their_own() -> None:
    (state,) = rows(
        '"Chronic Absenteeism, 2019-20"\n"State of Connecticut, English Learner Status"\n\n'
        '"",,"Chronically Absent",\n"Organization","English Learner Status","Student Count","%"\n'
        '"State of Connecticut","ELL",7806,17.2\n'
    )
    assert isinstance(state, Published)
    assert (state.level, state.district_name, state.value, state.rate) == ("state", "", "yes", 1720)
    (school,) = rows(
        '"Chronic Absenteeism, 2019-20"\n"All Schools"\n\n"",,,,"Chronically Absent",\n'
        '"District","District Code","School","School Code","Student Count","%"\n'
        '"Andover School District","=""0010011""","Andover Elementary","=""0010111""",12,8.25\n'
    )
    assert isinstance(school, Published)
    assert (school.level, school.school_code, school.dimension, school.rate) == (
        "school", "0010111", "all", 825,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ('"Andover","=""10011""","Grade 1",7,7.7', "seven digits"),
        ('"Andover","=""0010011""","Grade 13",7,7.7', "Grade 1 to Grade 12"),
        ('"Andover","=""0010011""","Grade 1",7.5,7.7', "whole number"),
        ('"Andover","=""0010011""","Grade 1",-1,7.7', "whole number"),
        ('"Andover","=""0010011""","Grade 1",7,100.1', "percentage"),
        ('"Andover","=""0010011""","Grade 1",7,7.7%', "percentage"),
        ('"Andover","=""0010011""","Grade 1",,7.7', "whole number"),
        ('"Andover","=""0010011""","Grade 1",7', "4 cells and the header 5"),
        ('"","=""0010011""","Grade 1",7,7.7', "no district"),
    ],
)
def test_a_row_that_is_none_is_told_with_its_line_and_its_neighbours_go_on(row: str, says: str) -> None:
    good = '"Andover","=""0010011""","Grade 2",7,7.7'
    found = rows(f"{HEAD}{row}\r\n{good}\r\n")
    assert isinstance(found[0], Faulty) and isinstance(found[1], Published)
    assert found[0].line == 6 and says in found[0].message


def test_a_group_that_stands_twice_is_told() -> None:
    row = '"Andover","=""0010011""","Grade 2",7,7.7\r\n'
    first, second = rows(HEAD + row + row)
    assert isinstance(first, Published) and isinstance(second, Faulty)
    assert second.line == 7


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1"),
        ("district_id,count\nD,1\n", "line 1"),
        (HEAD.replace("2018-19", "2018-20"), "line 1"),
        (HEAD.replace('"Student Count"', '"Students"'), "Student Count"),
        (HEAD.replace('"Grade","Student', '"Homeroom","Student'), "those that are"),
        (HEAD.replace("All Districts, Grade", "All Districts, Gender"), "line 2"),
        (HEAD.replace('"District","District Code"', '"District Code","District Code"'), "once"),
        ('"Chronic Absenteeism, 2018-19"\n', "ends before"),
        (HEAD + '"Andover" x,1\n', "quotes"),
    ],
)
def test_a_heading_that_is_none_is_told(text: str, says: str) -> None:
    with pytest.raises(NotEdsight, match=says):
        rows(text)


def test_values_meet_however_they_are_written() -> None:
    assert same_value("gender", "Female") == same_value("gender", "F") == "f"
    assert same_value("race_ethnicity", "Two  or more races") == same_value(
        "race_ethnicity", "Two or More Races"
    )
    assert is_edsight('"Chronic Absenteeism, 2018-19"\r\n') and not is_edsight("student_id,absent_days\n")


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the public sample data is not beside the repository")
def test_every_export_at_hand_is_read_whole() -> None:
    files = sorted(SAMPLES.glob("*.csv"))
    assert len(files) == 12
    for file in files:
        text = file.read_text()
        found = rows(text)
        assert all(isinstance(each, Published) for each in found), file.name
        assert len(found) == len(text.rstrip().splitlines()) - 5
    chronic = [
        each.chronic or 0
        for file in SAMPLES.glob("*2018-19_ell_ct.csv")
        for each in rows(file.read_text())
        if isinstance(each, Published)
    ]
    assert sum(chronic) == 53191
