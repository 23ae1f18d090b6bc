"""A back-test tells what a live system would have told, day by day, and counts it as one would by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.backtest.measure import Tally
from alerts.backtest.naive import NAIVE
from alerts.backtest.told import told
from alerts.changes import Published, differences
from alerts.days import Year
from alerts.fold import fold
from alerts.rules import RULES, Rule
from models.policy import DEFAULT, Policy
from tests.property.histories import policies
from tests.unit.counted import year

EVERY = (*RULES, NAIVE)
# A few days absent, then some in attendance, and again: alerts recover and reopen by that.
LETTERS = st.lists(
    st.builds(
        lambda absent, present: absent + "." * present,
        st.text("EUDNMcok", min_size=1, max_size=3),
        st.integers(0, 25),
    ),
    max_size=8,
).map(lambda spells: "." + "".join(spells))
POLICIES = st.sampled_from((DEFAULT, DEFAULT._replace(minimum_days=5), None)).flatmap(
    lambda policy: policies() if policy is None else st.just(policy)
)
LAST_YEARS = st.sampled_from((None, (180, 17), (180, 18), (180, 36), (19, 19)))
FAR = -10_000  # an opening has no recovery before it
QUIET = st.integers(0, 12)


def until(held: Year, count: int) -> Year:
    """The first so many days of a year."""
    return held._replace(k12=held.k12[:count])


@settings(max_examples=100)
@given(LETTERS, LAST_YEARS, POLICIES)
def test_what_is_told_is_what_would_have_been_published_day_by_day(
    letters: str, last_year: tuple[int, int] | None, policy: Policy
) -> None:
    held = year(letters, last_year=last_year)
    published: dict[str, Published] = {}
    recovered_on: dict[str, int] = {}
    counts: Counter[tuple[str, str]] = Counter()
    # By rule the days of openings and reopenings, each with the days since the recovery.
    news: dict[str, list[tuple[date, int]]] = {rule.name: [] for rule in RULES}
    for number, day in enumerate(held.k12, start=1):
        for change in differences(published, fold("D", "s", until(held, number), policy)):
            alert = change.published.alert
            published[alert.alert_id] = change.published
            counts[alert.rule, change.what] += 1
            if change.what == "recovered":
                recovered_on[alert.alert_id] = number
            elif change.what in ("opened", "reopened"):
                news[alert.rule].append((day.date, number - recovered_on.get(alert.alert_id, FAR)))
    for rule in RULES:
        numbers = [counts[rule.name, what] for what in ("opened", "reopened", "recovered")]
        gaps = [gap for _, gap in news[rule.name] if gap < -FAR]
        for quiet in {0, 20, *gaps, *(gap + 1 for gap in gaps)}:
            found = told(rule, held, policy, quiet)
            assert list(found.days) == [day for day, gap in news[rule.name] if gap >= quiet], rule.name
            assert [found.opened, found.reopened, found.recovered] == numbers, rule.name
            assert found.again == len(found.days) - found.opened


@settings(max_examples=100)
@given(LETTERS, LAST_YEARS, POLICIES, QUIET, st.integers(0, 120))
def test_what_is_told_until_a_day_hangs_on_no_later_one(
    letters: str, last_year: tuple[int, int] | None, policy: Policy, quiet: int, count: int
) -> None:
    held = year(letters, last_year=last_year)
    part = until(held, count)
    for rule in EVERY:
        before = [
            day for day in told(rule, held, policy, quiet).days if part.k12 and day <= part.k12[-1].date
        ]
        assert list(told(rule, part, policy, quiet).days) == before, rule.name


@settings(max_examples=60)
@given(st.lists(st.tuples(LETTERS, st.integers(0, 2)), max_size=9), st.sampled_from(EVERY), POLICIES, QUIET)
def test_the_measures_are_those_of_a_count_by_hand(
    students: list[tuple[str, int]], rule: Rule, policy: Policy, quiet: int
) -> None:
    tally = Tally()
    about, chronic, ahead = set(), set(), []
    weeks: dict[tuple[int, date], int] = {}
    for place, (letters, caseload) in enumerate(students):
        held = year(letters)
        found = told(rule, held, policy, quiet)
        tally.add(held, (found,), caseload)
        absent = [day.date for day in held.k12 if day.absent]
        if len(absent) * 10 >= len(letters):
            chronic.add(place)
        if found.days:
            about.add(place)
        if place in about & chronic:
            ahead.append(Fraction(sum(day > found.days[0] for day in absent), len(absent)))
        for day in found.days:
            week = caseload, day - timedelta(days=day.weekday())
            weeks[week] = weeks.get(week, 0) + 1
    seen = tally.measured()
    assert (seen.students, seen.chronic, seen.told) == (len(students), len(chronic), len(about))
    assert seen.told <= seen.students and seen.hits <= min(seen.told, seen.chronic)
    assert seen.recall == (Fraction(len(about & chronic), len(chronic)) if chronic else None)
    assert seen.precision == (Fraction(len(about & chronic), len(about)) if about else None)
    assert seen.peak == max(weeks.values(), default=0)
    assert seen.messages == sum(weeks.values()) == seen.opened + seen.again
    assert (seen.ahead is None) == (not ahead)
    if seen.ahead is not None:
        assert min(ahead) <= seen.ahead.lower <= seen.ahead.median <= seen.ahead.upper <= max(ahead)
        ordered = sorted(ahead)
        middle = ordered[(len(ahead) - 1) // 2], ordered[len(ahead) // 2]
        assert seen.ahead.median == sum(middle) / 2
