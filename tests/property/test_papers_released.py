"""Papers and the release of the same students say the same, and together give nothing away (ADR 32)."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from infra.releases.rows import ENROLLED, cells
from models.papers.people import Person, band_of
from models.papers.tables import Numbers, released_tables, students, true_tables
from models.releases import bands
from models.releases.counted import Counted, Students
from models.releases.made import Made, NotProven, made
from models.standing import Standing, tier_of
from models.student_groups import groups_of, member
from models.suppression import release as releasing
from models.suppression.hide import Hidden
from models.suppression.limits import Limits, why_hidden, why_size_hidden
from models.suppression.system import Key, System
from models.suppression.tables import ALL
from models.trends.answers import BANDS
from models.trends.scope import DIMENSIONS
from tests.support.attacker import SIZE, Name, known, possible, shown
from tests.support.made_people import made_people

SMALL = Limits(least_count=2, least_size=4, values_open=3)
ABSENT = {"under_5": 0, "under_10": 5, "under_20": 10, "over_20": 20}


def person(number: int, school: str, grade: str, band: str, **groups: str) -> Person:
    absent, level = ABSENT[band], None if grade == "PK" else 1
    tier = tier_of(absent, 100) if level else ""
    standing = Standing(
        "district", school, grade, 100, absent, (absent, 0, 0, 0, 0), 0, tier, level, 20, 0, 99
    )
    return Person(f"s{number}", standing, groups_of(groups))


@st.composite
def districts(draw: st.DrawFn, most_alike: int = 6) -> list[Person]:
    """Two or three schools, two grades and PK, and one kind of group or three that overlap."""
    overlapping = draw(st.booleans())
    made = []
    for school in draw(st.sampled_from((("A", "B"), ("A", "B", "C")))):
        for grade, most in (("PK", 2), ("1", most_alike), ("2", most_alike)):
            for _ in range(draw(st.integers(0, most))):
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


def stored(those: list[Students], chance: random.Random) -> Counted:
    """The same students as a store may count them: one by one, in any order."""
    apart = [each._replace(number=1) for each in those for _ in range(each.number)]
    chance.shuffle(apart)
    return Counted(apart, [], [])


def released(what: Made) -> dict[Name, int | None]:
    """The numbers of students that a release keeps, by measure and place."""
    return {
        (measure, school, grade, member(dimension, value) if dimension != "all" else ALL): number
        for table, school, grade, dimension, value, _, _, measure, number, _ in cells(what, [])
        if table == "bands"
    }


def printed(answers: Mapping[Name, Numbers]) -> dict[Name, int | None]:
    """The numbers of all papers, by measure and place."""
    return {
        (ENROLLED if name == "students" else name, *place): count
        for place, numbers in answers.items()
        for name, count in numbers._asdict().items()
    }


@settings(max_examples=40)
@given(districts(), st.randoms(use_true_random=False))
def test_papers_show_what_the_release_shows_and_nothing_else(
    persons: list[Person], chance: random.Random
) -> None:
    in_store = released(made(stored(students(persons), chance), (), SMALL))
    tables = released_tables(persons, SMALL)
    on_paper = printed(tables.answers)
    for name, count in on_paper.items():
        assert count == in_store.get(name), name
    # And no number of a K-12 student is in the release that papers do not have.
    assert {name for name in in_store if name[2] != bands.PRE_K} <= on_paper.keys()
    truth = counted_one_by_one(persons)
    assert all(count in (None, truth.get(name, 0)) for name, count in on_paper.items())
    whole = printed(true_tables(persons).answers)
    assert all(whole[name] == truth.get(name, 0) for name in on_paper if name in in_store)
    event(f"shown: {sum(count is not None for count in on_paper.values()) > 0}")


def counted_one_by_one(persons: list[Person]) -> dict[Name, int]:
    """All counts of K-12 students, worked out anew."""
    found: dict[Name, int] = {}
    for each in persons:
        if each.standing.grade == "PK":
            continue
        names = [ENROLLED, each.band, *(["chronic"] if each.standing.absent >= 10 else [])]
        groups = [ALL, *(member(name, each.groups[name]) for name in DIMENSIONS)]
        for school in (ALL, each.standing.school):
            for grade in (ALL, each.standing.grade):
                for group in groups:
                    for name in names:
                        found[name, school, grade, group] = found.get((name, school, grade, group), 0) + 1
    return found


# Who tries all tables of an unlucky district may need hours: so it is always the same ones.
@settings(max_examples=20, derandomize=True)
@given(districts(most_alike=3))
def test_no_table_of_whole_numbers_gives_a_hidden_number_of_both_away(persons: list[Person]) -> None:
    """Whoever has the papers and the release, with and without knowing every size, tries all tables."""
    of = students(persons)
    every, structure = bands.tables(of)
    # What everybody is in says what the margin says.
    single = {member(name, of[0].groups[at]) for at, name in enumerate(DIMENSIONS) if is_same(of, at)}
    rows = {row.place: row for row in every if row.place[2] not in single}
    numbers = {(SIZE, *place): row.size for place, row in rows.items()}
    numbers |= {(name, *place): count for place, row in rows.items() for name, count in row.counts.items()}
    seen = shown(made(Counted(of, [], []), (), SMALL).bands.answers.values())
    for (name, *place), count in printed(released_tables(persons, SMALL).answers).items():
        if count is not None:
            said = (SIZE if name == ENROLLED else name, *place)
            assert seen.setdefault(said, count) == count
    seen = {name: count for name, count in seen.items() if name[3] not in single}
    event(f"bands shown: {any(name[0] in BANDS for name in seen)}")
    assert seen.items() <= numbers.items()
    enough: dict[Name, int] = {}
    for place, row in rows.items():
        if why_size_hidden(row.size, SMALL):
            enough[SIZE, *place] = SMALL.values_open
        for name, count in row.counts.items():
            small = why_hidden(count, row.size, SMALL)
            enough[name, *place] = min(SMALL.values_open if small else 2, row.size + 1)
    large = len(persons) + 6
    knows = [
        each
        for each in known(rows, structure, large)
        if all(name in numbers for name in (*each.plus, *each.minus))
    ]
    sizes = {name: count for name, count in numbers.items() if name[0] == SIZE}
    for what in (seen, seen | sizes):
        found = possible(numbers, knows, what, large, enough)
        short = [name for name, values in found.items() if len(values) < enough.get(name, 2)]
        assert not short


def is_same(of: list[Students], at: int) -> bool:
    return len({each.groups[at] for each in of}) == 1


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
