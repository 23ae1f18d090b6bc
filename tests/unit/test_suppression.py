"""Hand-worked releases, and what is said of wrong input."""

from __future__ import annotations

import pytest

from models.suppression import moves
from models.suppression.hide import hide
from models.suppression.limits import CONNECTICUT, Limits, Why, why_hidden, why_size_hidden
from models.suppression.proof import open_values, unproven
from models.suppression.release import HIDDEN, NotReleased, Release, release
from models.suppression.system import Cell, Sum, System
from models.suppression.tables import ALL, Divided, Row, Structure, Tables, United


def schools(**counts: tuple[int, int]) -> tuple[list[Row], Structure]:
    """Schools by name with (chronically absent, enrolled), and the district's margin."""
    rows = [Row((name,), size, {"chronic": count}) for name, (count, size) in counts.items()]
    whole = Row(
        (ALL,), sum(size for _, size in counts.values()), {"chronic": sum(n for n, _ in counts.values())}
    )
    return [*rows, whole], Structure(("chronic",), (Divided(0, ALL, tuple(counts)),))


def chronic(what: Release) -> dict[str, int | Why | None]:
    """What is shown of each school and the district (""), or why not."""
    return {
        place[0]: answer.why["chronic"] or answer.counts["chronic"] for place, answer in what.answers.items()
    }


@pytest.mark.parametrize(
    ("count", "size", "why"),
    [
        (6, 20, None),
        (5, 20, Why.SMALL_COUNT),
        (6, 19, Why.SMALL_GROUP),
        (0, 0, Why.SMALL_GROUP),
        (0, 500, Why.EXTREME),
        (500, 500, Why.EXTREME),
        (495, 500, Why.EXTREME),
        (494, 500, None),
        (1, 500, Why.SMALL_COUNT),
    ],
)
def test_a_count_is_hidden_for_itself(count: int, size: int, why: Why | None) -> None:
    assert why_hidden(count, size) == why


@pytest.mark.parametrize(("size", "why"), [(0, Why.SMALL_COUNT), (5, Why.SMALL_COUNT), (6, None), (19, None)])
def test_a_size_is_hidden_for_itself(size: int, why: Why | None) -> None:
    assert why_size_hidden(size) == why


def test_the_next_smallest_is_hidden_too() -> None:
    assert chronic(release(*schools(A=(3, 80), B=(12, 90), C=(40, 300)))) == {
        "A": Why.SMALL_COUNT,
        "B": Why.COMPLEMENTARY,
        "C": 40,
        "": 55,
    }


def test_two_that_protect_each_other_are_enough() -> None:
    """3 and 4 of two groups of 80: each may be anything from 0 to 7."""
    what = release(*schools(A=(3, 80), B=(4, 80), C=(40, 300)))
    assert chronic(what) == {"A": Why.SMALL_COUNT, "B": Why.SMALL_COUNT, "C": 40, "": 47}
    key = ("chronic", "A")
    low, high = open_values(what.counts.system, what.counts.hidden)[key]
    assert high - low >= CONNECTICUT.values_open - 1


def test_two_that_would_tell_on_each_other_are_not() -> None:
    """1 and 1 with 2 together: at most three values each, so a third one is hidden."""
    shown = chronic(release(*schools(A=(1, 80), B=(1, 80), C=(30, 300), D=(40, 300))))
    assert shown == {"A": Why.SMALL_COUNT, "B": Why.SMALL_COUNT, "C": Why.COMPLEMENTARY, "D": 40, "": 72}


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert chronic(release(*schools(A=(20, 80), B=(30, 90)))) == {"A": 20, "B": 30, "": 50}


def test_a_school_by_itself_is_hidden_with_its_district() -> None:
    assert chronic(release(*schools(A=(3, 80)))) == {"A": Why.SMALL_COUNT, "": Why.SMALL_COUNT}


def test_a_hidden_size_hides_the_counts_of_its_row_and_another_size() -> None:
    what = release(*schools(A=(1, 4), B=(12, 90), C=(40, 300)))
    assert what.ask(("A",)).size_why == Why.SMALL_COUNT
    partner = what.ask(("B",))
    assert (partner.size, partner.size_why, partner.counts) == (None, Why.COMPLEMENTARY, {"chronic": None})
    assert what.ask(("C",)).size == 300


def test_a_union_does_not_give_its_only_large_part_away() -> None:
    """High needs are at least as many as each part of it, and at most all parts together."""
    rows = [
        Row((ALL,), 200, {"chronic": 60}),
        Row(("needs",), 100, {"chronic": 40}),
        Row(("other",), 100, {"chronic": 20}),
        Row(("learner",), 30, {"chronic": 3}),
        Row(("meals",), 98, {"chronic": 39}),
    ]
    structure = Structure(
        ("chronic",), (Divided(0, ALL, ("needs", "other")),), (United(0, "needs", ("learner", "meals")),)
    )
    what = release(rows, structure)
    assert what.ask(("learner",)).why["chronic"] == Why.SMALL_COUNT
    assert list(unproven(*what.counts)) == []


def test_tiers_are_hidden_with_the_count_that_they_add_up_to() -> None:
    structure = Structure(
        ("chronic", "tier_1", "tier_2", "tier_3"),
        outcomes=(("", ("tier_1", "tier_2", "tier_3")), ("chronic", ("tier_2", "tier_3"))),
        rest=("tier_1",),
    )
    answer = release(
        [Row(("A",), 100, {"chronic": 20, "tier_1": 80, "tier_2": 17, "tier_3": 3})], structure
    ).ask(("A",))
    assert answer.why["tier_3"] == Why.SMALL_COUNT
    assert answer.counts["tier_2"] is None
    assert answer.counts["chronic"] == 20


def test_rates_are_of_shown_numbers_only() -> None:
    what = release(*schools(A=(3, 80), B=(12, 90), C=(40, 300)))
    assert [what.ask((name,)).rate("chronic") for name in "ABC"] == [HIDDEN, HIDDEN, "13.3"]
    assert what.ask(("C",)).rate("chronic", 0) == "13"
    assert what.ask(("C",)).rate("chronic", 2) == "13.33"


def test_what_is_in_no_table_is_not_answered() -> None:
    what = release(*schools(A=(20, 80), B=(30, 90)))
    with pytest.raises(NotReleased, match="A and B is in no table of this release"):
        what.ask(("A and B",))


def test_wrong_input_is_refused_with_its_place() -> None:
    rows, structure = schools(A=(20, 80), B=(30, 90))
    with pytest.raises(ValueError, match="all does not agree with its 1 parts"):
        release(rows[1:], structure)
    with pytest.raises(ValueError, match="same place"):
        release([*rows, rows[0]], structure)
    with pytest.raises(ValueError, match="A: chronic lies outside"):
        release([Row(("A",), 10, {"chronic": 11})], structure)
    with pytest.raises(ValueError, match="A needs a count of a measure: chronic"):
        release([Row(("A",), 10, {})], structure)
    with pytest.raises(ValueError, match="as many members"):
        release([*rows, Row(("A", "1"), 10, {"chronic": 1})], structure)
    with pytest.raises(ValueError, match="no dimension 1"):
        release(rows, structure._replace(divided=(Divided(1, ALL, ("A",)),)))
    with pytest.raises(ValueError, match="no measure: tier_4"):
        release(rows, structure._replace(rest=("tier_4",)))
    with pytest.raises(ValueError, match="nothing would ever be hidden"):
        release(rows, structure, Limits(least_count=0))
    with pytest.raises(ValueError, match="could be worked out"):
        release(rows, structure, Limits(values_open=1))


def test_what_cannot_be_proven_is_hidden_with_all_that_hangs_together_with_it() -> None:
    """b is 2 whatever happens to a: it is known to be, so that no table could show it to be another."""
    cells = [
        Cell(("a",), 2, 2, 2, 1),
        Cell(("b",), 8, 0, 9, 1),
        Cell(("all",), 10, 0, 99, 1),
        Cell(("far",), 5, 0, 9, 1),
    ]
    system = System(cells, [Sum(("all",), (("a",), ("b",)))])
    hidden = hide(system, {("a",): 1})
    assert hidden.keys == {("a",), ("b",), ("all",)}
    assert hidden.given_up == (("a",),)
    assert list(unproven(system, hidden, {("a",): 1})) == []


def test_a_witness_that_is_no_table_is_found_out() -> None:
    what = release(*schools(A=(3, 80), B=(12, 90), C=(40, 300)))
    system, hidden, needs = what.counts
    a, c = system.index["chronic", "A"], system.index["chronic", "C"]
    for wrong, message in (({a: 1}, "sum"), ({a: 1, c: -1}, "shown"), ({a: -4}, "bounds")):
        with pytest.raises(AssertionError, match=message):
            list(unproven(system, hidden._replace(witnesses=(wrong,)), needs))


def test_measures_change_together_where_outcomes_say_so() -> None:
    structure = Structure(
        ("chronic", "tier_1", "tier_2", "tier_3", "truant"),
        outcomes=(("", ("tier_1", "tier_2", "tier_3")), ("chronic", ("tier_2", "tier_3"))),
    )
    kinds = Tables([Row(("A",), 9, dict.fromkeys(structure.measures, 0) | {"tier_1": 9})], structure)
    moved = [
        sorted(kinds.counts().cells[number].key[0] for number, _ in bundle)
        for kind in kinds.counts().kinds
        for bundle in list(kind.values())[:1]
    ]
    assert sorted(moved) == [
        ["chronic", "tier_1", "tier_2"],
        ["chronic", "tier_1", "tier_3"],
        ["tier_2", "tier_3"],
        ["truant"],
    ]


def test_a_search_that_takes_too_long_hides_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MOST_STEPS", 0)
    what = release(*schools(A=(3, 80), B=(12, 90), C=(40, 300)))
    assert {answer.counts["chronic"] for answer in what.answers.values()} == {None}
    assert what.counts.hidden.given_up
    assert list(unproven(*what.counts)) == []
