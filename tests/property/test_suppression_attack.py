"""No one who sees a release works out what it hides (docs/suppression.md).

On small tables an attacker tries every table of whole numbers that looks the same; on large ones the tables
that the search for them has left are checked.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from models.suppression import release as releasing
from models.suppression.hide import Hidden
from models.suppression.limits import CONNECTICUT, Limits, why_hidden, why_size_hidden
from models.suppression.proof import open_values, unproven
from models.suppression.release import HIDDEN, Release, release
from models.suppression.system import Key, System
from models.suppression.tables import Row, Structure
from tests.support.attacker import SIZE, Name, known, possible, shown
from tests.support.made_tables import Student, district, rows_of, structure_of

SMALL = Limits(least_count=2, least_size=4, values_open=3)
GROUPS = ("needs", "not needs", "learner", "not learner", "disability", "no disability")
PARTITIONS = (GROUPS[0:2], GROUPS[2:4], GROUPS[4:6])
UNIONS = (("needs", ("learner", "disability")),)
TIERS = ("chronic", "tier_1", "tier_2", "tier_3")


@st.composite
def small_districts(draw: st.DrawFn) -> tuple[list[Row], Structure]:
    """Two or three schools with two grades and few students; three overlapping groups, or the tiers."""
    students = []
    measures = draw(st.sampled_from((("chronic",), TIERS)))
    groups_too = measures != TIERS
    for school in draw(st.sampled_from((("A", "B"), ("A", "B", "C")))):
        for grade in ("1", "2"):
            for _ in range(draw(st.integers(0, 7))):
                learner, disability = draw(st.booleans()), draw(st.integers(0, 3)) == 0
                groups = (
                    "needs" if learner or disability else "not needs",
                    "learner" if learner else "not learner",
                    "disability" if disability else "no disability",
                )
                true = draw(
                    st.sampled_from((("tier_1",), ("tier_1",), ("chronic", "tier_2"), ("chronic", "tier_3")))
                )
                students.append(Student(school, grade, groups, true))
    assume(students)
    if not groups_too:
        students = [student._replace(groups=()) for student in students]
    rows = rows_of(students, GROUPS if groups_too else (), measures)
    return rows, structure_of(rows, measures, PARTITIONS, UNIONS)


def worked_out(rows: list[Row], structure: Structure, what: Release, limits: Limits) -> list[Name]:
    """The hidden numbers with fewer possible values than promised, whether or not all sizes are known."""
    by_place = {row.place: row for row in rows}
    large = sum(row.size for row in rows) + 6
    knows = list(known(by_place, structure, large))
    seen = shown(what.answers.values())
    sizes = {(SIZE, *row.place): row.size for row in rows}
    truth = sizes | {(name, *row.place): count for row in rows for name, count in row.counts.items()}
    enough = {}
    for row in rows:
        if why_size_hidden(row.size, limits):
            enough[SIZE, *row.place] = limits.values_open
        for name, count in row.counts.items():
            many = limits.values_open if why_hidden(count, row.size, limits) else 2
            enough[name, *row.place] = min(many, row.size + 1)
    told = possible(truth, knows, seen | sizes, large, enough)
    alone = possible(truth, knows, seen, large, enough)
    short = [name for name, values in told.items() if len(values) < enough[name]]
    return short + [
        name for name, values in alone.items() if name[0] == SIZE and len(values) < enough.get(name, 2)
    ]


@given(small_districts())
@settings(max_examples=50)
def test_no_table_of_whole_numbers_gives_a_hidden_number_away(made: tuple[list[Row], Structure]) -> None:
    rows, structure = made
    what = release(rows, structure, SMALL)
    event(f"shown: {len(shown(what.answers.values())) > 0}")
    assert worked_out(rows, structure, what, SMALL) == []


@given(small_districts())
@settings(max_examples=25)
def test_every_hidden_number_of_a_small_district_is_proven_safe(made: tuple[list[Row], Structure]) -> None:
    what = release(*made, SMALL)
    for proof in (what.sizes, what.counts):
        assert list(unproven(*proof)) == []


@given(small_districts(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_the_input_makes_no_difference(
    made: tuple[list[Row], Structure], chance: random.Random
) -> None:
    rows, structure = made
    mixed = chance.sample(rows, len(rows))
    turned = structure._replace(
        measures=structure.measures[::-1],
        divided=tuple(
            each._replace(parts=tuple(chance.sample(each.parts, len(each.parts))))
            for each in chance.sample(structure.divided, len(structure.divided))
        ),
        outcomes=tuple(reversed(structure.outcomes)),
    )
    assert release(mixed, turned, SMALL).answers == release(rows, structure, SMALL).answers


@given(small_districts())
@settings(max_examples=25)
def test_nothing_is_shown_that_the_limits_hide(made: tuple[list[Row], Structure]) -> None:
    rows, structure = made
    for row in rows:
        answer = release(rows, structure, SMALL).ask(row.place)
        assert answer.size in (row.size, None)
        assert (answer.size is None) or not why_size_hidden(row.size, SMALL)
        for name, count in answer.counts.items():
            assert (count is None) == (answer.why[name] is not None)
            if count is not None:
                assert count == row.counts[name]
                assert answer.size == row.size
                assert why_hidden(count, row.size, SMALL) is None
            else:
                assert answer.rate(name) == answer.rate(name, 0) == HIDDEN
        break  # one row an example: a release is made for it


def only_the_limits(system: System, wanted: Mapping[Key, int]) -> Hidden:
    """`hide` without its complementary step."""
    return Hidden(frozenset(wanted), frozenset(), (), ())


def two_schools() -> tuple[list[Row], Structure]:
    """School A has 1 chronically absent student of 8, school B 4 of 9; the district 5 of 17."""
    students = [
        Student(school, "1", GROUPS[1::2], ("chronic",) if number < chronic else ())
        for school, chronic, size in (("A", 1, 8), ("B", 4, 9))
        for number in range(size)
    ]
    rows = rows_of(students, (), ("chronic",))
    return rows, structure_of(rows, ("chronic",), ())


def test_without_the_complementary_step_the_attacker_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, structure = two_schools()
    assert worked_out(rows, structure, release(rows, structure, SMALL), SMALL) == []
    monkeypatch.setattr(releasing, "hide", only_the_limits)
    what = release(rows, structure, SMALL)
    assert what.ask(("A", "", "")).counts["chronic"] is None
    assert ("chronic", "A", "", "") in worked_out(rows, structure, what, SMALL)
    assert ("chronic", "A", "", "") in unproven(*what.counts)


@pytest.mark.parametrize(("schools", "measures"), [(12, ("chronic",)), (4, TIERS)], ids=["chronic", "tiers"])
def test_a_district_is_proven_safe(schools: int, measures: tuple[str, ...]) -> None:
    rows, structure = district(schools, 40, seed=3, measures=measures)
    what = release(rows, structure)
    for proof in (what.sizes, what.counts):
        assert list(unproven(*proof)) == []
        assert proof.hidden.given_up == ()
        open_ = open_values(proof.system, proof.hidden)
        for key, more in proof.needs.items():
            assert open_[key][1] - open_[key][0] >= more
    numbers = [n for answer in what.answers.values() for n in answer.counts.values()]
    assert any(n is not None for n in numbers)
    hidden = sum(
        why_hidden(count, row.size, CONNECTICUT) is not None for row in rows for count in row.counts.values()
    )
    assert sum(n is None for n in numbers) < 2 * hidden
