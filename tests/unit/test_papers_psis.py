"""The PSIS monthly file: what a day is, who is a row, and how the file is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infra.files.sasids import SasidsUnusable, read
from infra.papers import psis
from models.columns import Kind
from tests.support.made_district import Town

OCTOBER = date(2021, 10, 1)
ANN, BEN = "1000000001", "1000000002"


def town() -> Town:
    """Ten days of October and two of November at S, where Ann and Ben are enrolled."""
    held = Town().code("E", "excused").code("P")
    held.put(Kind.CODE, code="R", status="in_attendance", remote="yes")
    held.put(Kind.CODE, code="RA", status="absent", class_="unknown", remote="yes")
    held.calendar("S", "2021-10-18", 12).enroll("S", ANN).enroll("S", BEN, entry="2021-10-25")
    held.put(Kind.STUDENT, student_id=ANN, birthdate="2013-02-03", first_name="CANARY")
    held.put(Kind.STUDENT, student_id=BEN, birthdate="2012-12-31")
    return held.close("S", *(f"2021-10-{day}" for day in (18, 19, 20, 21, 22, 25, 26, 27, 28, 29)))


def days(made: psis.Month) -> dict[str, list[int]]:
    return {row["SASID"]: [int(row[name]) for name in psis.COLUMNS[5:]] for row in made.rows}


def test_a_day_is_remote_by_its_record_and_an_absence_is_in_person() -> None:
    held = town().mark("S", ANN, "2021-10-18", "R").mark("S", ANN, "2021-10-19", "RA")
    held.mark("S", ANN, "2021-10-20", "E").mark("S", BEN, "2021-10-25", "P")
    made = psis.month(held.ledger, OCTOBER, "042", {})
    assert days(made) == {ANN: [8, 7, 2, 1], BEN: [5, 5, 0, 0]}
    assert made.missing == [] and made.unreported == {}


def test_a_code_is_remote_from_the_day_on_which_it_is() -> None:
    held = town()
    held.put(Kind.CODE, code="R", status="in_attendance", effective_from="2021-10-20")
    for day in ("2021-10-19", "2021-10-20"):
        held.mark("S", ANN, day, "R")
    assert days(psis.month(held.ledger, OCTOBER, "042", {}))[ANN] == [9, 9, 1, 1]


def test_a_day_that_was_partly_at_school_is_in_person() -> None:
    held = town()
    for record_id, code in (("am", "R"), ("pm", "P")):
        held.put(
            Kind.ATTENDANCE, school_id="S", student_id=ANN, date="2021-10-18", code=code, record_id=record_id
        )
        held.put(
            Kind.ATTENDANCE, school_id="S", student_id=ANN, date="2021-10-19", code="R", record_id=record_id
        )
    assert days(psis.month(held.ledger, OCTOBER, "042", {}))[ANN] == [9, 9, 1, 1]


def test_a_record_at_another_school_makes_no_day_remote() -> None:
    held = town().calendar("T", "2021-10-18", 10).mark("T", ANN, "2021-10-18", "R")
    assert days(psis.month(held.ledger, OCTOBER, "042", {}))[ANN] == [10, 10, 0, 0]


def test_the_lines_are_those_of_the_states_layout() -> None:
    made = psis.month(town().ledger, OCTOBER, "042", {})
    assert list(made.rows[0].values()) == ["042", ANN, "02032013", "10", "2021", "10", "10", "0", "0"]
    assert psis.fixed(made.rows[0]) == "04210000000010203201310202110100000"
    assert len(psis.fixed(made.rows[1])) == sum(psis.WIDTHS) == 35


def test_days_that_are_not_reported_are_told_by_school() -> None:
    held = town().put(Kind.SUBMISSION, school_id="S", date="2021-10-29", state="reopened")
    made = psis.month(held.ledger, OCTOBER, "042", {})
    assert made.unreported == {"S": (date(2021, 10, 29),)}
    assert days(made)[BEN] == [5, 4, 0, 0]
    assert psis.month(held.ledger, date(2021, 11, 1), "042", {}).unreported["S"][0] == date(2021, 11, 1)


def test_who_cannot_be_a_row_is_listed_with_what_is_missing() -> None:
    held = town().enroll("S", "0042").enroll("S", "43").enroll("S", "44").enroll("S", "gone", "2021-11-01")
    held.put(Kind.STUDENT, student_id="0042", birthdate="2012-01-01")
    made = psis.month(held.ledger, OCTOBER, "042", {"43": "1000000009", "44": ANN})
    assert [row["SASID"] for row in made.rows] == [BEN]
    assert [(row["student_id"], row["missing"]) for row in made.missing] == [
        ("0042", "sasid"),
        (ANN, "sasid_of_two_students"),
        ("43", "birthdate"),
        ("44", "sasid_of_two_students birthdate"),
    ]
    assert all(row["school_id"] == "S" and row["remedy"] for row in made.missing)


def test_the_mapping_wins_over_an_id_that_only_looks_like_a_sasid() -> None:
    made = psis.month(town().ledger, OCTOBER, "042", {ANN: "2000000001"})
    assert [row["SASID"] for row in made.rows] == [BEN, "2000000001"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,sasid\n1,2\n", "needs the columns student_id and sasid"),
        ("student_id,sasid\nCANARY,123\n", "line 2 of the file of --sasid: a SASID is 10 digits"),
        (f"student_id,sasid\nCANARY,{ANN}\nCANARY,{BEN}\n", "line 3"),
        (f"student_id,sasid\nCANARY,{ANN}\nb,{ANN}\n", "another student above"),
        ("", "no readable header"),
        (b"student_id,sasid\n\xff,1\n", "not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_told_without_a_student(
    tmp_path: Path, text: str | bytes | None, said: str
) -> None:
    path = tmp_path / "sasids.csv"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SasidsUnusable) as told:
        read(path)
    assert said in str(told.value) and "CANARY" not in str(told.value)


def test_a_mapping_is_read_as_spreadsheets_write_it(tmp_path: Path) -> None:
    path = tmp_path / "sasids.csv"
    path.write_bytes(f"\ufeffName, sasid ,student_id\r\nx,{ANN}, 7 \r\ny,,8\r\n".encode())
    assert read(path) == {"7": ANN}
