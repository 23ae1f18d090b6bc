"""From the records of a student to the classes of the year, worked by hand."""

from __future__ import annotations

from models.bits import days, span
from models.day_classes import build
from models.day_reasons import NO_REASONS
from models.mhw import CONSECUTIVE, OVER_LIMIT, VALID
from models.policy import DEFAULT, Exempt
from models.student_year import CLASS_NAMES, NONE_LAPSED, Classes, Frame, Marks, Part, StudentYear

LAPSING = DEFAULT._replace(unknown_becomes_unexcused=True, documentation_days=2)


def part(first: int, last: int, school: str = "A", unreported: int = 0) -> Part:
    held = span(first, last)
    return Part(school, "5", True, held, held & ~unreported)


def marked(letters: str, paper: int = 0, exempt: tuple[int, ...] = ()) -> Marks:
    """A letter a day from day 0 on: E U D M N absent by class, any other says nothing."""
    held = [sum(1 << day for day, letter in enumerate(letters) if letter == name) for name in "EUDMN"]
    absent: Classes = (held[0], held[1], held[2], held[3], held[4])
    return Marks(span(0, len(letters) - 1), absent, paper, exempt)


def classes_of(year: StudentYear) -> dict[str, list[int]]:
    return {name: list(days(held)) for name, held in zip(CLASS_NAMES, year.classes, strict=True) if held}


def test_only_counted_days_of_the_school_that_owns_them_are_absent() -> None:
    frame = Frame((part(0, 4, unreported=1 << 1), part(5, 9, "B")))
    marks = {
        "A": {"mia": marked("EEUDMN....", paper=1 << 1 | 1 << 4 | 1 << 6), "tom": marked("U" * 10)},
        "B": {"mia": marked("UUUUUUU.MN", paper=1 << 8)},
    }
    held = build(2021, frame, marks, "mia")
    assert classes_of(held) == {
        "excused": [0],
        "unexcused": [2, 5, 6],
        "disciplinary": [3],
        "mhw": [4, 8],
        "unknown": [9],
    }
    assert list(days(held.documented)) == [4, 8]
    assert (held.mhw, held.lapsed, held.year) == ({4: VALID, 8: VALID}, NONE_LAPSED, 2021)


def test_a_school_without_records_of_the_student_says_nothing_and_the_next_one_does() -> None:
    frame = Frame((part(0, 2, "C"), part(3, 4), part(5, 9, "B")))
    marks = {"A": {"tom": marked("U" * 10), "mia": Marks(span(0, 9))}, "B": {"mia": marked(".....U")}}
    assert classes_of(build(2021, frame, marks, "mia")) == {"unexcused": [5]}


def test_the_codes_of_counted_days_stay_whatever_the_class_becomes() -> None:
    frame = Frame((part(0, 4, unreported=1 << 1), part(5, 9, "B")))
    at_a = marked("MMM.N")._replace(
        reasons=((("DLP", True), ("M", False), ("N", False)), 1 << 3, 0b111, 1 << 4)
    )
    marks = {
        "A": {"mia": at_a, "tom": Marks(reasons=((("DLP", True),), 1 << 2 | 1 << 7))},
        "B": {"mia": marked("U....M")._replace(reasons=((("M", False), ("U", False)), 1 << 5, 1))},
    }
    policy = DEFAULT._replace(mhw_limit=1, exempt=(Exempt(("N",), 1),))
    held = build(2021, frame, marks, "mia", policy)
    assert classes_of(held) == {"mhw": [0], "unknown": [2, 4, 5]}
    assert held.reasons == (
        (("DLP", True), ("M", False), ("N", False)), 1 << 3, 1 | 1 << 2 | 1 << 5, 1 << 4,
    )  # fmt: skip
    assert held.remote == 1 << 3
    remote = build(2021, frame, marks, "tom")
    assert (remote.reasons, remote.absent) == (((("DLP", True),), 1 << 2), 0)
    assert build(2021, frame, marks, "zoe").reasons is NO_REASONS


def test_the_records_of_a_school_count_in_each_of_its_stays() -> None:
    frame = Frame((part(0, 2), part(3, 5, "B"), part(6, 9)))
    held = build(2021, frame, {"A": {"mia": marked("UUUUUUUUUU", paper=span(0, 9))}}, "mia")
    assert classes_of(held) == {"unexcused": [0, 1, 2, 6, 7, 8, 9]}
    assert list(days(held.documented)) == [0, 1, 2, 6, 7, 8, 9]


def test_mhw_days_that_are_none_are_unknown() -> None:
    held = build(2021, Frame((part(0, 9),)), {"A": {"mia": marked("MM.M.M")}}, "mia")
    assert held.mhw == {0: VALID, 1: CONSECUTIVE, 3: VALID, 5: OVER_LIMIT}
    assert classes_of(held) == {"mhw": [0, 3], "unknown": [1, 5]}


def test_exempt_days_of_any_reason_are_taken_at_each_school() -> None:
    policy = DEFAULT._replace(exempt=(Exempt(("MIL",), 9), Exempt(("REL",), 1)))
    frame = Frame((part(0, 4, unreported=1 << 1), part(5, 9, "B")))
    marks = {
        "A": {"mia": marked("UU...", exempt=(1 << 0 | 1 << 1,))},  # no religious day there
        "B": {"mia": marked(".....DNN", exempt=(1 << 5, 1 << 6 | 1 << 7))},
    }
    assert classes_of(build(2021, frame, marks, "mia", policy)) == {"excused": [0, 5, 6], "unknown": [7]}


def test_a_day_absent_for_any_reason_is_no_return() -> None:
    # The student is back on day 6; two school days later the window of day 0 has passed.
    for between in ("EEEEE", "UUUUU", "DDDDD", "NNNNN"):
        held = build(2021, Frame((part(0, 12),)), {"A": {"mia": marked("N" + between)}}, "mia", LAPSING)
        assert held.lapsed[0] == 9
    held = build(2021, Frame((part(0, 12),)), {"A": {"mia": marked("NM")}}, "mia", LAPSING)
    assert (held.lapsed, held.mhw) == ({0: 5}, {1: VALID})


def test_what_has_lapsed_is_unexcused_and_the_rest_waits() -> None:
    held = build(2021, Frame((part(0, 9),)), {"A": {"mia": marked("NE.....N.")}}, "mia", LAPSING)
    assert (held.lapsed, classes_of(held)) == ({0: 5}, {"excused": [1], "unexcused": [0], "unknown": [7]})
    usual = build(2021, Frame((part(0, 9),)), {"A": {"mia": marked("NE.....N.")}}, "mia")
    assert classes_of(usual) == {"excused": [1], "unknown": [0, 7]}
