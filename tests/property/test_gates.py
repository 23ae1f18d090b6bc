"""The fast path never misses what the definition finds, whatever the numbers of the policy are."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.advance import advance
from alerts.changes import Published
from alerts.days import Finding
from alerts.fold import fold
from alerts.quick import ALL, FrameChange, flags_of, look_again, may_have_changed, stands
from alerts.reading import reading
from alerts.rules import RULES, Rule, wakes
from alerts.step import Step, never
from models.bits import days, up_to
from models.ledger.cohort import Cohort
from models.ledger.known import Known, Moved
from models.ledger.school import SchoolYear
from models.mhw import VALID, judge
from models.policy import DEFAULT, Policy
from models.student_year import CLASS_INDEX, MHW, NO_MHW, UNKNOWN, Classes, Frame, Part, StudentYear, cut
from tests.property.driver import Driver, Told, messages
from tests.property.histories import BASE, histories, policies

GATED = [rule for rule in RULES if rule.gate is not never]
BIRTHDATES = st.sampled_from((None, date(2002, 9, 20), date(2016, 9, 20), date(2010, 1, 1)))
LAST_YEARS = st.sampled_from((None, (20, 1), (20, 3), (20, 9)))
NOT_COUNTED = ("unreported", "no school")
ATTENDED = "attended"
WORDS = (
    ATTENDED,
    ATTENDED,
    ATTENDED,
    "excused",
    "unexcused",
    "unexcused",
    "unknown",
    "disciplinary",
    *NOT_COUNTED,
)


Changed = tuple[StudentYear, StudentYear, Policy]
"""A year before and after a change, and the policy that judges both."""


def year_of(words: list[str], start: int, policy: Policy, transfer: int | None = None) -> StudentYear:
    """A K-12 year, a word a day from day `start` on; at another school from the place `transfer` on."""
    membership = counted = documented = 0
    classes = [0, 0, 0, 0, 0]
    for day, word in enumerate(words, start):
        membership |= 1 << day if word != "no school" else 0
        counted |= 1 << day if word not in NOT_COUNTED else 0
        name, _, paper = word.partition("+")
        documented |= 1 << day if paper else 0
        if name in CLASS_INDEX:
            classes[CLASS_INDEX[name]] |= 1 << day
    found = judge(classes[MHW], membership, membership, policy.mhw_limit) or NO_MHW
    invalid = sum(1 << day for day, what in found.items() if what != VALID)
    classes[MHW] &= ~invalid
    classes[UNKNOWN] |= invalid
    held: Classes = (classes[0], classes[1], classes[2], classes[3], classes[4])
    first = up_to(start + transfer - 1) if transfer is not None else membership
    parts = (
        Part("A", "5", True, membership & first, counted & first),
        Part("B", "5", True, membership & ~first, counted & ~first),
    )
    frame = Frame(tuple(part for part in parts if part.membership))
    return StudentYear(2021, frame, held, documented, found)


@pytest.mark.parametrize("rule", GATED, ids=lambda rule: rule.name)
@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=36), st.sampled_from((0, 60, 85)), policies(),
    BIRTHDATES, LAST_YEARS,
)  # fmt: skip
def test_a_gate_says_yes_on_every_day_that_changes_what_its_rule_finds(
    rule: Rule, words: list[str], start: int, policy: Policy, born: date | None,
    last_year: tuple[int, int] | None,
) -> None:  # fmt: skip
    year = year_of(words, start, policy)
    awake = wakes(policy)
    before: list[Finding] = []
    for day in days(year.counted):
        now = list(rule.find(reading(cut(year, day), born, last_year), policy))
        step = Step(year, year.absent, day, year.counted & up_to(day))
        stands = any(found.recovered_on is None for found in before)
        if now != before and (step.a or last_year):
            assert rule.gate(step, policy, bool(before), stands)
            # A day in attendance is offered only where something stands, or at a count that wakes.
            assert step.absent or stands or step.n in awake
        before = now


# Rules that never open: one of them at a time is given small numbers, so that the others stay out of its way.
CALM = DEFAULT._replace(
    minimum_days=400, window_minimum=400, streak_days=400, month_pace=400, truancy_month=400,
    truancy_year=400, habitual_truant=400, level_2=400,
)  # fmt: skip


@st.composite
def calm_policies(draw: st.DrawFn) -> Policy:
    """One rule with the numbers of a small policy, all others calm."""
    small = draw(policies())
    names = draw(
        st.sampled_from(
            (
                ("streak_days",),
                ("minimum_days", "tier_2_opens", "tier_2_recovers"),
                ("window_minimum", "window_days", "rolling_opens", "rolling_recovers"),
                ("month_pace",),
                ("level_2", "level_counts_mhw", "level_counts_disciplinary"),
                ("early_pace", "early_pace_absences", "early_pace_opens"),
            )
        )
    )
    return CALM._replace(**{name: getattr(small, name) for name in names})


@st.composite
def any_change(draw: st.DrawFn) -> Changed:
    """Some days say something else, or the transfer is on another day."""
    policy = draw(policies() | st.just(DEFAULT))
    often = draw(st.sampled_from((WORDS, (*WORDS, "mhw", "mhw+paper"), (*[ATTENDED] * 8, "excused"))))
    words = draw(st.lists(st.sampled_from(often), min_size=1, max_size=45))
    changed = list(words)
    for _ in range(draw(st.integers(0, 3))):
        others = st.sampled_from((ATTENDED, "unreported", "unexcused", "mhw"))
        changed[draw(st.integers(0, len(words) - 1))] = draw(others)
    places = st.sampled_from((None, None, None, len(words) // 2, max(1, len(words) - 2)))
    was = draw(places)
    now = was if draw(st.booleans()) else draw(places)
    return year_of(words, 62, policy, was), year_of(changed, 62, policy, now), policy


@st.composite
def a_day_taken_back(draw: st.DrawFn) -> Changed:
    """A day in attendance counts no more: the absences after it weigh more."""
    policy = draw(calm_policies() | st.just(CALM._replace(streak_days=2)))
    often = st.sampled_from((ATTENDED, ATTENDED, "excused"))
    words = draw(st.lists(often, min_size=2, max_size=9).filter(lambda words: ATTENDED in words))
    place = draw(st.sampled_from([place for place, word in enumerate(words) if word == ATTENDED]))
    changed = [*words[:place], "unreported", *words[place + 1 :]]
    return year_of(words, 62, policy), year_of(changed, 62, policy), policy


@st.composite
def a_day_more(draw: st.DrawFn) -> Changed:
    """A day more, on which at most one rule opens or recovers."""
    policy = draw(calm_policies())
    often = st.sampled_from((ATTENDED, "excused", "disciplinary", "disciplinary", "mhw+paper"))
    words = draw(st.lists(often, min_size=1, max_size=9))
    more = draw(st.sampled_from(("excused", "disciplinary", ATTENDED)))
    return year_of([*words, "unreported"], 62, policy), year_of([*words, more], 62, policy), policy


@st.composite
def a_paper(draw: st.DrawFn) -> Changed:
    """The permission of an MHW day comes or goes, and maybe another day changes too."""
    policy = draw(policies())
    often = st.sampled_from((ATTENDED, ATTENDED, "mhw", "mhw+paper"))
    words = draw(st.lists(often, max_size=8))
    changed = [*words, draw(st.sampled_from((ATTENDED, "excused")))]
    before = [*words, ATTENDED, "mhw"]
    after = [*changed, "mhw+paper"]
    if draw(st.booleans()):
        before, after = after, before
    return year_of(before, 62, policy), year_of(after, 62, policy), policy


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=40), policies() | st.just(DEFAULT),
    BIRTHDATES, LAST_YEARS,
)  # fmt: skip
def test_nobody_is_passed_over_on_a_day_that_changes_what_is_found(
    words: list[str], policy: Policy, born: date | None, last_year: tuple[int, int] | None
) -> None:
    year = year_of(words, 62, policy)
    was = fold("D", "s1", reading(year, born, last_year), policy)
    flags = flags_of(was.values())
    if not stands(flags):
        return
    due = look_again(year, flags, policy)
    until = year.counted.bit_count()
    for more in range(1, 45):
        later = year_of([*words, *[ATTENDED] * more], 62, policy)
        now = fold("D", "s1", reading(later, born, last_year), policy)
        if until + more in wakes(policy):
            return  # then everybody is looked at
        if now != was:
            assert due <= until + more
            return
    assert due == 0 or due > until  # not in the past, which would be each day again


@pytest.mark.parametrize(
    "change",
    [any_change(), a_day_taken_back(), a_day_more(), a_paper()],
    ids=["any", "taken back", "more", "paper"],
)
@settings(max_examples=300)
@given(st.data(), BIRTHDATES, LAST_YEARS)
def test_a_change_concerns_every_rule_that_finds_something_else_by_it(
    change: st.SearchStrategy[Changed],
    data: st.DataObject,
    born: date | None,
    last_year: tuple[int, int] | None,
) -> None:
    before, after, policy = data.draw(change)
    was = fold("D", "s1", reading(before, born, last_year), policy)
    now = fold("D", "s1", reading(after, born, last_year), policy)
    known = Known(2021, Cohort((), lambda school: SchoolYear(2021)))
    known.flags = flags_of(was.values())
    moved = Moved("s1", known, before, after, False)
    concerned = may_have_changed(moved, FrameChange(before.frame, after.frame, policy), policy)
    differing = [alert for key, alert in (was | now).items() if was.get(key) != now.get(key)]
    assert {alert.rule for alert in differing} <= {rule.name for rule in concerned.rules}
    if concerned.step is not None:
        published = {key: Published(alert, 0, False) for key, alert in was.items()}
        advanced = advance("D", "s1", concerned.step, concerned.rules, published, policy)
        assert {**was, **advanced} == now
    assert concerned is ALL or all(alert.scope == "district" for alert in differing)


@settings(max_examples=80)
@given(histories(), policies(), st.sampled_from((1, 1, 4, 30)), st.integers(0, 2**32))
def test_what_is_published_is_the_definition_under_any_policy(
    told: list[Told], policy: Policy, size: int, seed: int
) -> None:
    rng = Random(seed)
    if rng.random() < 0.3:
        rng.shuffle(told)
    driver = Driver("D", lambda district, year: policy).take_all(BASE, 500)
    for number, (kind, records) in enumerate(messages(told, size)):
        driver.take(kind, records)
        if rng.random() < 0.02:
            driver.restart()
        if number % 4 == 0:
            driver.assert_published_is_the_definition()
    driver.assert_published_is_the_definition()
