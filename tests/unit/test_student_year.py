"""A student's year as sets of days, worked by hand: whose a day is, what differs, what a cut takes back."""

from __future__ import annotations

import pytest

from models.bits import span
from models.day_classes import build
from models.mhw import OVER_LIMIT, VALID
from models.policy import DEFAULT
from models.student_year import (
    NO_CLASSES,
    NO_MHW,
    Classes,
    Frame,
    Marks,
    Part,
    StudentYear,
    class_of,
    current_school,
    cut,
    gaps,
    moved,
)


def part(first: int, last: int, school: str = "A", *, k12: bool = True, unreported: int = 0) -> Part:
    days = span(first, last)
    return Part(school, "5" if k12 else "PK", k12, days, days & ~unreported)


def year(*parts: Part, classes: Classes = NO_CLASSES, lapsed: dict[int, int] | None = None) -> StudentYear:
    return StudentYear(2021, Frame(parts), classes, 0, NO_MHW, lapsed or {})


def test_the_school_is_that_of_the_last_membership_day() -> None:
    assert current_school(year(part(0, 4), part(5, 9, "B"))) == "B"
    assert current_school(year(part(0, 4), part(5, 9, "B", unreported=span(5, 9)))) == "B"
    assert current_school(year(part(0, 0))) == "A"
    assert current_school(year()) == ""


def test_the_days_of_a_year_are_those_of_all_its_stays() -> None:
    held = year(part(0, 2, k12=False), part(3, 5, unreported=1 << 4), part(6, 8, "B", unreported=1 << 8))
    assert (held.membership, held.k12_membership) == (span(0, 8), span(3, 8))
    assert (held.counted, held.k12_counted) == (span(0, 8) & ~(1 << 4 | 1 << 8), 1 << 3 | span(5, 7))


def test_an_absent_day_is_one_of_any_class() -> None:
    held = year(part(0, 9), classes=(1, 1 << 1, 1 << 2, 1 << 3, 1 << 4))
    assert held.absent == span(0, 4)
    assert [class_of(held, day) for day in range(6)] == [
        "excused", "unexcused", "disciplinary", "mhw", "unknown", "",
    ]  # fmt: skip


def test_a_gap_is_an_unreported_day_before_a_reported_one() -> None:
    frame = Frame((part(0, 4, unreported=1 << 1 | 1 << 4), part(5, 9, "B", unreported=span(7, 9))))
    assert gaps(frame) == 1 << 1 | 1 << 4
    assert gaps(Frame((part(0, 4, unreported=span(0, 4)),))) == 0


def test_days_move_from_one_class_to_another_and_the_others_stay() -> None:
    held: Classes = (1, 1 << 1 | 1 << 5, 1 << 2, 1 << 3, 1 << 4)
    assert moved(held, 1, 0, 1 << 5) == (1 | 1 << 5, 1 << 1, 1 << 2, 1 << 3, 1 << 4)
    assert moved(held, 3, 4, 1 << 3) == (1, 1 << 1 | 1 << 5, 1 << 2, 0, 1 << 4 | 1 << 3)


ONE = StudentYear(2021, Frame((part(0, 9),)), (1, 2, 0, 4, 0), 4, {2: VALID}, {1: 5})


@pytest.mark.parametrize(
    "other",
    [
        StudentYear(2020, ONE.frame, ONE.classes, 4, {2: VALID}, {1: 5}),
        StudentYear(2021, Frame((part(0, 9, "B"),)), ONE.classes, 4, {2: VALID}, {1: 5}),
        StudentYear(2021, ONE.frame, (2, 1, 0, 4, 0), 4, {2: VALID}, {1: 5}),
        StudentYear(2021, ONE.frame, ONE.classes, 0, {2: VALID}, {1: 5}),
        StudentYear(2021, ONE.frame, ONE.classes, 4, {2: OVER_LIMIT}, {1: 5}),
        StudentYear(2021, ONE.frame, ONE.classes, 4, {2: VALID}, {1: 6}),
        StudentYear(2021, ONE.frame, ONE.classes, 4, {2: VALID}, {1: 5}, (("NP", False, 1),)),
    ],
    ids=["year", "frame", "classes", "documented", "mhw", "lapsed", "reasons"],
)
def test_years_that_differ_in_one_thing_are_not_the_same(other: StudentYear) -> None:
    assert other != ONE


def test_years_are_the_same_by_their_values() -> None:
    assert StudentYear(2021, Frame((part(0, 9),)), (1, 2, 0, 4, 0), 4, {2: VALID}, {1: 5}) == ONE
    assert ONE != 2021


def test_a_cut_takes_back_what_lapsed_later_and_the_papers_and_mhw_days_after_it() -> None:
    classes: Classes = (0, 1 << 1 | 1 << 3, 0, 1 << 6, 0)
    held = StudentYear(
        2021, Frame((part(0, 9),)), classes, 1 << 1 | 1 << 6, {2: OVER_LIMIT, 6: VALID}, {1: 5, 3: 8}
    )
    early = cut(held, 7)
    assert (early.year, early.membership, early.counted) == (2021, span(0, 7), span(0, 7))
    assert early.classes == (0, 1 << 1, 0, 1 << 6, 1 << 3)  # day 3 lapses on day 8
    assert (early.lapsed, early.mhw) == ({1: 5}, {2: OVER_LIMIT, 6: VALID})
    earlier = cut(held, 5)
    assert (earlier.lapsed, earlier.mhw, earlier.documented) == ({1: 5}, {2: OVER_LIMIT}, 1 << 1)
    assert earlier.classes == (0, 1 << 1, 0, 0, 1 << 3)
    assert cut(held, 6).mhw == {2: OVER_LIMIT, 6: VALID}
    assert cut(held, 4).lapsed == {} and cut(held, 4).classes == (0, 0, 0, 0, 1 << 1 | 1 << 3)


def test_a_cut_cuts_the_codes() -> None:
    reasons = ((("DLP", True), ("NP", False)), 1 << 2 | 1 << 5, 1 << 6)
    held = StudentYear(2021, Frame((part(0, 9),)), NO_CLASSES, 0, NO_MHW, reasons=reasons)
    assert held.remote == 1 << 2 | 1 << 5
    assert cut(held, 5).reasons == ((("DLP", True),), 1 << 2 | 1 << 5)
    assert cut(held, 4).reasons == ((("DLP", True),), 1 << 2)


def test_a_cut_cuts_every_class_and_keeps_the_stays_that_have_begun() -> None:
    late = 1 << 8
    held = year(
        part(0, 3), part(4, 6, "B", unreported=1 << 5), part(7, 9, "A", k12=False),
        classes=(1 | late, 1 << 1 | 1 << 9, 1 << 2 | late << 2, 1 << 3 | late << 3, 1 << 4 | late << 4),
    )  # fmt: skip
    early = cut(held, 5)
    assert early.classes == (1, 1 << 1, 1 << 2, 1 << 3, 1 << 4)
    assert early.parts == (part(0, 3), Part("B", "5", True, span(4, 5), 1 << 4))
    assert cut(held, 7).parts[-1] == Part("A", "PK", False, 1 << 7, 1 << 7)


def test_a_paper_for_an_mhw_day_that_is_none_keeps_it_from_lapsing() -> None:
    policy = DEFAULT._replace(mhw_limit=0, unknown_becomes_unexcused=True, documentation_days=2)
    marks = {"A": {"mia": Marks(0, (0, 0, 0, 1 << 1 | 1 << 2, 0), 1 << 2)}}
    held = build(2021, Frame((part(0, 9),)), marks, "mia", policy)
    assert (class_of(held, 1), class_of(held, 2)) == ("unexcused", "unknown")
    assert (held.mhw, held.lapsed, held.documented) == ({1: OVER_LIMIT, 2: OVER_LIMIT}, {1: 6}, 1 << 2)
