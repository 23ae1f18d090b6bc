"""The windows in which an absence can be explained, a letter a school day, worked by hand."""

from __future__ import annotations

import pytest

from models.bits import days
from models.documentation import Spell, lapsed, level_of, spells


def held(letters: str, *which: str) -> int:
    """The days that carry one of these letters; no letters: all of them."""
    return sum(
        1 << day for day, letter in enumerate(letters) if letter != " " and (letter in which or not which)
    )


def windows(letters: str, count: int = 3) -> list[tuple[list[int], int, int, int, str]]:
    """`.` in attendance, `n` absent, `e` and explained, `?` not reported, blank: no school."""
    found = spells(
        held(letters, "n"), held(letters, ".", "n", "e"), held(letters, "n", "e"), held(letters), count
    )
    return [(list(days(each.absences)), *each[1:], each.state.value) for each in found]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("......", []),
        (".n", [([1], -1, -1, -1, "not_returned")]),
        (".n????", [([1], -1, -1, -1, "not_returned")]),  # nobody knows whether the student is back
        (".n.", [([1], 2, -1, -1, "open")]),
        (".n...", [([1], 2, -1, -1, "open")]),  # the calendar does not reach further
        (".n...?", [([1], 2, 5, -1, "open")]),
        (".n....", [([1], 2, 5, -1, "open")]),  # on its last day there is still time
        (".n....?", [([1], 2, 5, -1, "open")]),
        (".n.....", [([1], 2, 5, 6, "closed")]),
        (".n....?.", [([1], 2, 5, 7, "closed")]),
        (
            ".n.??n.",
            [([1], 2, 5, 6, "closed"), ([5], 6, -1, -1, "open")],
        ),  # school days, in attendance or not
        (".n. . ..  .", [([1], 2, 7, 10, "closed")]),
        (".nnen.....", [([1, 2, 4], 5, 8, 9, "closed")]),  # one return, and one window
        (".n?n.....", [([1, 3], 4, 7, 8, "closed")]),
        (".n.n.....", [([1], 2, 5, 6, "closed"), ([3], 4, 7, 8, "closed")]),
        (".ne.....", [([1], 3, 6, 7, "closed")]),  # the explained day is of the same absence
        (".e......", []),
    ],
)
def test_a_window_is_so_many_school_days_after_the_return(
    letters: str, expected: list[tuple[list[int], int, int, int, str]]
) -> None:
    assert windows(letters) == expected


def test_ten_days_are_the_usual_window() -> None:
    [spell] = spells(1 << 0, (1 << 12) - 1, 1 << 0, (1 << 12) - 1)
    assert spell == Spell(1, 1, 11, -1)


def test_what_has_lapsed_says_since_when() -> None:
    letters = "nn....n.."
    absent = held(letters, "n")
    assert lapsed(absent, held(letters), absent, held(letters), 3) == {0: 6, 1: 6}
    assert lapsed(0b10, held(letters), absent, held(letters), 3) == {1: 6}
    assert lapsed(0, held(letters), absent, held(letters), 3) == {}
    # The shortest window there can be, from 1 July on: absent, back, its one day, and the day it is known.
    assert lapsed(1, 0b1111, 1, 0b1111, 1) == {0: 3}


def test_the_tenth_absence_is_the_first_of_level_2() -> None:
    absences = sum(1 << day for day in range(0, 40, 2))
    assert [level_of(day, absences, 10) for day in (0, 16, 18, 38)] == [1, 1, 2, 2]
    assert level_of(16, (1 << 9) - 1, 10) == 1
    assert [level_of(day, 0b101, 1) for day in (0, 2)] == [2, 2]  # on 1 July, where the first one advances it
