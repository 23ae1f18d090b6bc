"""Unknown absences that become unexcused: in any order, on the quick path, on any day, by a plain reading."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from models.bits import days as days_of
from models.policy import DEFAULT, Policy
from models.student_year import CLASS_NAMES, UNKNOWN, StudentYear, class_of, cut
from streams.outcome import facts_of
from tests.property.driver import Driver, Told, messages
from tests.property.histories import BASE, histories, policies, school_day
from tests.property.test_mornings import Step, base, days, told
from tests.property.test_records_in_any_order import state

Days = dict[int, str]
"""Each counted day with its class, blank in attendance."""


@st.composite
def lapsing(draw: st.DrawFn) -> Policy:
    """Small numbers, so that windows close within some weeks and what they give is enough for a rule."""
    held = draw(policies() | st.just(DEFAULT._replace(truancy_month=2, truancy_year=3)))
    return held._replace(unknown_becomes_unexcused=True, documentation_days=draw(st.integers(1, 6)))


def plainly(year: StudentYear, window: int) -> Days:
    """The classes of a year that was judged without the switch, read on from day to day as a person would."""
    counted = {day: class_of(year, day) for day in days_of(year.counted)}
    members = list(days_of(year.membership))
    found = dict(counted)
    for day, class_ in counted.items():
        documented = day in year.mhw and year.documented >> day & 1
        if class_ != "unknown" or documented:
            continue
        back = next((other for other in counted if other > day and counted[other] == ""), None)
        if back is None:
            continue
        window_days = [other for other in members if other > back][:window]
        if len(window_days) == window and any(other > window_days[-1] for other in counted):
            found[day] = "unexcused"
    return found


def classes(year: StudentYear) -> Days:
    return {day: class_of(year, day) for day in days_of(year.counted)}


@settings(max_examples=120)
@given(histories(), lapsing(), st.integers(0, 27))
def test_what_lapses_is_what_a_plain_reading_gives_on_any_day(
    told: list[Told], policy: Policy, number: int
) -> None:
    usual = policy._replace(unknown_becomes_unexcused=False)
    on = Driver("D", lambda district, year: policy).take_all([*BASE, *told], 40).engine.ledger
    off = Driver("D", lambda district, year: usual).take_all([*BASE, *told], 40).engine.ledger
    last = (school_day(number) - school_day(0)).days + 60
    for year, students in on.known.items():
        for student, known in students.items():
            for until in (last, 365):
                expected = plainly(cut(off.known[year][student].now, until), policy.documentation_days)
                now = cut(known.now, until)
                assert classes(now) == expected
                assert all(since <= until for since in now.lapsed.values())
                assert sum(held.bit_count() for held in now.classes) == now.absent.bit_count()


@settings(max_examples=60)
@given(histories(), lapsing(), st.integers(0, 2**32), st.sampled_from((1, 7, 500)))
def test_any_order_gives_what_a_clean_rebuild_gives(
    told: list[Told], policy: Policy, seed: int, size: int
) -> None:
    shuffled = [*BASE, *told]
    Random(seed).shuffle(shuffled)
    one = Driver("D", lambda district, year: policy).take_all([*BASE, *told], 3)
    other = Driver("D", lambda district, year: policy).take_all(shuffled, size)
    assert state(one) == state(other)
    other.assert_published_is_the_definition()
    before = state(other)
    other.restart()
    assert state(other) == before


@settings(max_examples=150)
@given(
    st.permutations(range(14)).flatmap(lambda order: st.just(order) | st.just(sorted(order))),
    st.lists(st.tuples(st.sampled_from(("N", "N", "E")), st.sampled_from(("s1", "s2")), days), max_size=8),
    st.lists(st.tuples(st.sampled_from(("N", "E", "P")), st.sampled_from(("s1", "s3")), days), max_size=4),
    lapsing(),
)
def test_a_morning_on_which_everybody_is_there_closes_windows(
    order: list[int], absences: list[Step], after: list[Step], policy: Policy
) -> None:
    """At any moment what is published is the definition, also of students of whom no record came."""
    driver = Driver("D", lambda district, year: policy).take_all(base(N="unknown"), 100)
    steps: list[Step] = [*absences, *(("submitted", "", day) for day in order), *after]
    for number, step in enumerate(steps):
        kind, held = told(step, number)
        driver.take(kind, [held])
        driver.assert_published_is_the_definition()
    rows = driver.standings(school_day(14))
    driver.restart()
    assert driver.standings(school_day(14)) == rows


@settings(max_examples=100)
@given(histories(), lapsing())
def test_the_clock_of_a_meeting_starts_on_the_first_day_that_gives_the_alert(
    told: list[Told], policy: Policy
) -> None:
    """By asking the export itself on every day; and with the switch no meeting is due later than without."""
    usual = policy._replace(unknown_becomes_unexcused=False)
    on = Driver("D", lambda district, year: policy).take_all([*BASE, *told], 40)
    off = Driver("D", lambda district, year: usual).take_all([*BASE, *told], 40)
    dates = [school_day(0) + timedelta(days=number) for number in range(50)]
    first: dict[str, str] = {}
    for on_day in dates:
        for row in on.meetings(on_day):
            first.setdefault(row["alert_id"], on_day.isoformat())
    found = {row["alert_id"]: row for row in on.meetings(dates[-1])}
    assert {key: row["clock_starts_on"] for key, row in found.items()} == first
    for row in off.meetings(dates[-1]):
        assert found[row["alert_id"]]["clock_starts_on"] <= row["clock_starts_on"]


@settings(max_examples=60)
@given(histories(), lapsing())
def test_the_switch_moves_unknown_days_to_unexcused_and_nothing_else(
    told: list[Told], policy: Policy
) -> None:
    usual = policy._replace(unknown_becomes_unexcused=False)
    on = Driver("D", lambda district, year: policy).take_all([*BASE, *told], 40).engine.ledger
    off = Driver("D", lambda district, year: usual).take_all([*BASE, *told], 40).engine.ledger
    for year, students in off.known.items():
        for student, known in students.items():
            before, after = known.now, on.known[year][student].now
            assert before.absent == after.absent and before.mhw == after.mhw
            moved = before.classes[UNKNOWN] & ~after.classes[UNKNOWN]
            assert moved == sum(1 << day for day in after.lapsed)
            for index, name in enumerate(CLASS_NAMES):
                gained = moved if name == "unexcused" else 0
                assert after.classes[index] & ~moved == before.classes[index] & ~moved
                assert after.classes[index] & moved == gained
            assert not before.lapsed


@settings(max_examples=60)
@given(histories(), lapsing(), st.sampled_from((1, 5, 40)))
def test_the_facts_that_are_published_follow(told: list[Told], policy: Policy, size: int) -> None:
    driver = Driver("D", lambda district, year: policy)
    stored: dict[tuple[int, str, str, int], str | None] = {}
    for kind, records in messages([*BASE, *told], size):
        for facts in facts_of("D", driver.take(kind, records).moves, 1):
            places = zip(facts.schools, facts.students, facts.days, strict=True)
            for place, class_, counted in zip(places, facts.classes, facts.counted, strict=True):
                stored[(facts.year, *place)] = class_ if counted else None
    assert {place: class_ for place, class_ in stored.items() if class_ is not None} == {
        (year, part.school, student, day): class_of(known.now, day)
        for year, students in driver.engine.ledger.known.items()
        for student, known in students.items()
        for part in known.now.parts
        for day in days_of(part.counted)
    }
