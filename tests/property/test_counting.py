"""Counts of random histories: each absent day in one class, absent within counted within membership."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from models.policy import Policy
from models.student_year import cut
from tests.property.driver import Driver, Told
from tests.property.histories import BASE, histories, policies, school_day

CLASSES = ("excused_days", "unexcused_days", "disciplinary_days", "mhw_days", "unknown_days")


@settings(max_examples=60)
@given(histories(), policies())
def test_the_classes_of_a_year_are_disjoint_and_make_up_its_absent_days(
    told: list[Told], policy: Policy
) -> None:
    ledger = Driver("D", lambda district, year: policy).take_all([*BASE, *told], 40).engine.ledger
    for students in ledger.known.values():
        for known in students.values():
            for last in (0, 70, 84, 365):
                year = cut(known.now, last)
                assert all(one & other == 0 for one, other in combinations(year.classes, 2))
                assert sum(held.bit_count() for held in year.classes) == year.absent.bit_count()
                assert year.absent & ~year.counted == 0
                assert year.counted & ~year.membership == 0
                assert year.k12_membership & ~year.membership == 0
                assert sum(part.membership for part in year.parts) == year.membership


@settings(max_examples=60)
@given(histories(), st.integers(0, 23))
def test_the_rows_add_up(told: list[Told], number: int) -> None:
    rows = Driver("D").take_all([*BASE, *told], 40).standings(school_day(number))
    for row in rows:
        count = {name: int(row[name]) for name in row if name.endswith("_days")}
        assert sum(count[name] for name in CLASSES) == count["absent_days"] <= count["enrolled_days"]
        assert count["window_absent_days"] <= count["window_days"] == min(20, count["enrolled_days"])
        assert count["window_absent_days"] <= count["absent_days"]
        assert count["mhw_days"] <= 2
        assert (row["data_through"] == "") == (count["enrolled_days"] == 0) == (row["rate_percent"] == "")
        assert count["enrolled_days"] + count["unreported_days"] <= number + 2
    for student in {row["student_id"] for row in rows}:
        district = [row for row in rows if row["student_id"] == student and row["scope"] == "district"]
        in_schools = [row for row in rows if row["student_id"] == student and row["scope"] == "school"]
        assert len(district) == 1
        if district[0]["grade"] != "PK" and all(row["grade"] != "PK" for row in in_schools):
            for name in ("enrolled_days", "absent_days", "unreported_days", *CLASSES):
                assert sum(int(row[name]) for row in in_schools) == int(district[0][name])
