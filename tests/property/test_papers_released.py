"""Nobody who sees the tables of a paper works out what they hide, the bands included (docs/adr/0027)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from models.papers.people import Person, band_of
from models.papers.tables import NotProven, Numbers, Tables, released_tables, true_tables
from models.standing import Standing, tier_of
from models.student_groups import groups_of, member
from models.suppression import release as releasing
from models.suppression.hide import Hidden
from models.suppression.limits import Limits, why_hidden, why_size_hidden
from models.suppression.system import Key, System
from models.suppression.tables import ALL, Divided, Row, Structure, United
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS
from tests.support.attacker import SIZE, Name, known, possible
from tests.support.made_people import made_people

SMALL = Limits(least_count=2, least_size=4, values_open=3)
ABSENT = {"under_5": 0, "under_10": 5, "under_20": 10, "over_20": 20}


def person(number: int, school: str, grade: str, band: str, **groups: str) -> Person:
    absent = ABSENT[band]
    standing = Standing(
        "district", school, grade, 100, absent, (absent, 0, 0, 0, 0), 0, tier_of(absent, 100), 1, 20, 0, 99
    )
    return Person(f"s{number}", standing, groups_of(groups))


@st.composite
def districts(draw: st.DrawFn) -> list[Person]:
    """Two or three schools, two grades, and one kind of group or three that overlap."""
    overlapping = draw(st.booleans())
    made = []
    for school in draw(st.sampled_from((("A", "B"), ("A", "B", "C")))):
        for grade in ("1", "2"):
            for _ in range(draw(st.integers(0, 6))):
                band = draw(st.sampled_from((*BANDS, "under_5", "over_20")))
                groups = {"gender": draw(st.sampled_from("FM"))}
                if overlapping:
                    groups = {
                        "disability": draw(st.sampled_from(("yes", "no"))),
                        "english_learner": draw(st.sampled_from(("yes", "no", "no"))),
                        "meals": "paid",
                    }
                made.append(person(len(made), school, grade, band, **groups))
    assume(made)
    return made


def structure_of(tables: Tables) -> Structure:
    """What everybody knows, worked out anew from the places and names alone."""
    schools, grades = (tuple({place[at] for place in tables.answers} - {ALL}) for at in (0, 1))
    groups = {place[2] for place in tables.answers} - {ALL}
    kinds = [tuple(g for g in groups if g.startswith(f"{name}=")) for name in DIMENSIONS]
    needs = {"english_learner=yes", "disability=yes", "meals=free", "meals=reduced"}
    return Structure(
        ("chronic", *BANDS),
        (
            Divided(0, ALL, schools),
            Divided(1, ALL, grades),
            *(Divided(2, ALL, kind) for kind in kinds if len(kind) > 1),
        ),
        (United(2, "high_needs=yes", tuple(needs & groups)),) if "high_needs=yes" in groups else (),
        (("", BANDS), ("chronic", ("under_20", "over_20"))),
    )


def without_constants(tables: Tables) -> dict[tuple[str, ...], Numbers]:
    """The answers without the groups that everybody is in: they say what the margin says."""
    single = {member(name, held[0]) for name, held in tables.values.items() if len(held) == 1}
    return {place: held for place, held in tables.answers.items() if place[2] not in single}


@settings(max_examples=10)
@given(districts())
def test_no_table_of_whole_numbers_gives_a_hidden_number_away(persons: list[Person]) -> None:
    whole = true_tables(persons)
    truth = without_constants(whole)
    seen = without_constants(released_tables(persons, SMALL))
    event(f"bands shown: {any(held.over_20 is not None for held in seen.values())}")
    structure = structure_of(whole._replace(answers=truth))
    rows = {
        place: Row(place, held.students or 0, {name: getattr(held, name) for name in structure.measures})
        for place, held in truth.items()
    }
    numbers = {(SIZE, *place): row.size for place, row in rows.items()}
    numbers |= {(name, *place): count for place, row in rows.items() for name, count in row.counts.items()}
    shown: dict[Name, int] = {
        (SIZE if name == "students" else name, *place): count
        for place, held in seen.items()
        for name, count in held._asdict().items()
        if count is not None
    }
    assert shown.items() <= numbers.items()
    enough: dict[Name, int] = {}
    for place, row in rows.items():
        if why_size_hidden(row.size, SMALL):
            enough[SIZE, *place] = SMALL.values_open
        chronic = row.counts["chronic"]
        for name in structure.measures:
            of = row.size if name == "chronic" else chronic if name in BANDS[2:] else row.size - chronic
            small = why_hidden(row.counts[name], of, SMALL)
            enough[name, *place] = min(SMALL.values_open if small else 2, of + 1)
    knows = list(known(rows, structure, len(persons) + 6))
    sizes = {name: count for name, count in numbers.items() if name[0] == SIZE}
    for what in (shown, shown | sizes):
        found = possible(numbers, knows, what, len(persons) + 6, enough)
        short = [name for name, values in found.items() if len(values) < enough.get(name, 2)]
        assert not short


@settings(max_examples=40)
@given(districts())
def test_a_band_is_shown_with_the_numbers_that_it_is_a_part_of(persons: list[Person]) -> None:
    truth = true_tables(persons)
    for place, held in released_tables(persons, SMALL).answers.items():
        assert all(count in (None, whole) for count, whole in zip(held, truth.answers[place], strict=True))
        assert (held.over_20 is None) == (held.under_20 is None)
        assert (held.under_10 is None) == (held.under_5 is None)
        if held.chronic is None:
            assert held.over_20 is None and held.under_10 is None
        if sum(part != ALL for part in place) > 1:
            assert held.over_20 is None and held.under_10 is None


def test_a_paper_without_a_proof_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_the_limits(system: System, wanted: Mapping[Key, int]) -> Hidden:
        """`hide` without its complementary step."""
        return Hidden(frozenset(wanted), frozenset(), (), ())

    persons = made_people()
    assert released_tables(persons).ask().chronic is not None
    monkeypatch.setattr(releasing, "hide", only_the_limits)
    with pytest.raises(NotProven):
        released_tables(persons)


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_bands_are_the_tiers_with_the_first_in_two(numbers: tuple[int, int]) -> None:
    absent, enrolled = numbers
    tier = {"over_20": "III", "under_20": "II", "under_10": "I", "under_5": "I"}
    assert tier[band_of(absent, enrolled)] == tier_of(absent, enrolled)
    assert (band_of(absent, enrolled) == "under_5") == (20 * absent < enrolled)
