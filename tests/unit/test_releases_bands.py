"""The tables of a release hold every group, so that none is told by what is missing."""

from __future__ import annotations

import pytest

from models.releases.attendance import shown_schools
from models.releases.bands import CHRONIC, MEASURES, tables
from models.releases.counted import Days, Students
from models.releases.made import made_bands
from models.suppression.release import release
from models.trends.scope import DIMENSIONS


def groups(**given: str) -> tuple[str, ...]:
    usual = dict.fromkeys(("english_learner", "disability", "high_needs", "homeless"), "no")
    return tuple(
        {"meals": "paid", "race_ethnicity": "White", "gender": "F", **usual, **given}[name]
        for name in DIMENSIONS
    )


def district() -> list[Students]:
    return [
        Students("A", "PK", groups(), 0, 30),
        Students("A", "K", groups(), 0, 60),
        Students("A", "K", groups(), 2, 20),
        Students("A", "1", groups(meals="free", high_needs="yes"), 3, 15),
        Students("B", "1", groups(english_learner="", high_needs=""), 1, 40),
        Students("B", "1", groups(english_learner="yes", high_needs="yes"), 2, 25),
    ]


def test_each_student_counts_once_with_all_margins_and_pk_in_no_total() -> None:
    rows, _ = tables(district())
    by_place = {row.place: row for row in rows}
    assert by_place["", "", ""].size == 160
    assert by_place["", "PK", ""].size == by_place["A", "PK", ""].size == 30
    assert by_place["A", "", ""].counts == {
        "under_5": 60, "under_10": 0, "under_20": 20, "over_20": 15, "chronic": 35,
    }  # fmt: skip
    assert by_place["", "1", "english_learner=yes"].counts == {CHRONIC: 25}
    assert by_place["", "", "high_needs=yes"].counts == {
        "under_5": 0, "under_10": 0, "under_20": 25, "over_20": 15, "chronic": 40,
    }  # fmt: skip
    assert by_place["B", "", "high_needs="].size == 40
    assert ("A", "1", "meals=free") not in by_place
    part_of_a_group = {row.place for row in rows if row.place[2] and any(row.place[:2])}
    assert all(set(row.counts) == {CHRONIC} for row in rows if row.place in part_of_a_group)
    assert all(set(row.counts) == set(MEASURES) for row in rows if row.place not in part_of_a_group)


def test_a_group_that_a_school_has_nobody_of_is_there_and_hidden() -> None:
    rows, structure = tables(district())
    assert {row.size for row in rows if row.place == ("B", "", "meals=free")} == {0}
    answer = release(rows, structure).ask(("B", "", "meals=free"))
    assert answer.size is None and answer.counts[CHRONIC] is None


def test_the_relations_of_high_needs_hold_of_it() -> None:
    _, structure = tables(district())
    assert [each.whole for each in structure.united] == ["high_needs=yes"]
    assert ("high_needs=no", ("meals=paid",)) in [(each.part, each.wholes) for each in structure.inside]
    assert ("high_needs=", ("disability=", "english_learner=", "meals=")) in [
        (each.part, each.wholes) for each in structure.inside
    ]
    wrong = [*district(), Students("B", "1", groups(english_learner="yes"), 0, 200)]  # and no high needs
    with pytest.raises(ValueError, match="cannot be part of a union"):
        release(*tables(wrong))


def test_days_are_shown_of_a_school_whose_bands_are_or_leave_room_for_others() -> None:
    students = [
        Students(school, "1", groups(), band, number)
        for school, of in {"A": (60, 40, 30, 20), "B": (60, 30, 20, 3), "C": (61, 31, 21, 11)}.items()
        for band, number in enumerate(of)
    ]
    bands = release(*tables(students))
    assert None in bands.answers["B", "", ""].counts.values()

    def days(absent: int) -> list[Days]:
        numbers = {"": (38_700, 3_000, 387), "A": (15_000, 1_500, 150), "B": (11_300, absent, 113)}
        return [Days(school, "", *of) for school, of in numbers.items()]

    assert shown_schools(days(900), bands) == {"A", "B"}
    # So few days that nobody more of school B can have missed a fifth of them.
    near = shown_schools(days(480), bands)
    assert near == {"A"}


def without_severe() -> list[Students]:
    """Three schools of a grade or several, 42 chronically absent, and nobody of them severely."""
    grades = {
        "K": ("A", 12, 4, 4), "1": ("A", 12, 5, 3), "2": ("A", 27, 6, 2), "3": ("A", 14, 5, 3),
        "4": ("A", 10, 5, 3), "5": ("B", 8, 4, 4), "6": ("B", 8, 4, 4), "7": ("B", 8, 4, 4),
        "8": ("C", 8, 4, 4), "9": ("C", 8, 5, 3), "10": ("C", 8, 4, 4), "11": ("C", 8, 4, 4),
    }  # fmt: skip
    return [
        Students(school, grade, groups(), band, number)
        for grade, (school, *of) in grades.items()
        for band, number in enumerate(of)
    ]


def test_small_bands_do_not_hide_the_districts_own_count() -> None:
    """That nobody misses 20 % is hidden, and in grades of 20 that needs other chronic counts."""
    rows, structure = tables(without_severe())
    assert release(rows, structure).ask(("", "", "")).counts[CHRONIC] is None
    what = made_bands(without_severe())
    for place, chronic in ((("", "", ""), 42), (("A", "", ""), 15), (("B", "", ""), 12), (("C", "", ""), 15)):
        assert what.ask(place).counts[CHRONIC] == chronic
        assert what.ask(place).counts["over_20"] is what.ask(place).counts["under_20"] is None
    assert {*what.ask(("", "2", "")).counts.values()} == {None}
    # Whoever is in a group that everybody is in is told the same.
    assert what.ask(("", "", "meals=paid")).counts == what.ask(("", "", "")).counts
    assert [set(answer.counts) for answer in what.answers.values()] == [
        set(row.counts) for row in sorted(rows, key=lambda row: row.place)
    ]


def test_a_district_whose_count_is_hidden_for_itself_keeps_its_bands() -> None:
    few = [Students("A", "1", groups(), band, n) for band, n in ((0, 60), (1, 30), (2, 3), (3, 1))]
    what = made_bands(few)
    assert what.ask(("", "", "")).counts[CHRONIC] is None
    assert what.answers == release(*tables(few)).answers


def test_what_contradicts_itself_is_no_release() -> None:
    rows, structure = tables(district())
    wrong = [row._replace(size=41) if row.place == ("B", "", "gender=F") else row for row in rows]
    with pytest.raises(ValueError, match="does not agree with its 1 parts"):
        release(wrong, structure)
