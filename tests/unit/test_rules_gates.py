"""What the gates say of a day, and when a standing alert is looked at again, worked by hand."""

from __future__ import annotations

import pytest

from alerts.rules import RULES, Rule, always
from alerts.rules.consecutive import consecutive_evidence, consecutive_may
from alerts.rules.early_pace import early_pace_may
from alerts.rules.level import level_2_may, level_2_next_may, level_evidence
from alerts.rules.month_pace import month_pace_may
from alerts.rules.prior_year import prior_year_may
from alerts.rules.rolling import rolling_earliest, rolling_evidence, rolling_may
from alerts.rules.tiers import tier_2_earliest, tier_2_may, tier_3_earliest, tier_3_may
from alerts.rules.truancy import habitual_truant_may, truancy_month_may, truancy_year_may
from alerts.step import Gate, Step, all_absences, last_of, never
from models.bits import days, span
from models.policy import DEFAULT, Share
from models.student_year import NO_MHW, Classes, Frame, Part, StudentYear

SEPTEMBER = 62
"""The day of 1 September."""


def step(letters: str, start: int = 0) -> Step:
    """The last of these days: `.` in attendance, E U D M N absent, `?` not reported."""
    counted = sum(1 << start + day for day, letter in enumerate(letters) if letter != "?")
    held = [sum(1 << start + day for day, letter in enumerate(letters) if letter == name) for name in "EUDMN"]
    classes: Classes = (held[0], held[1], held[2], held[3], held[4])
    membership = span(start, start + len(letters) - 1)
    year = StudentYear(2021, Frame((Part("A", "5", True, membership, counted),)), classes, 0, NO_MHW)
    return Step(year, year.absent, start + len(letters) - 1, counted)


def test_a_step_holds_the_days_up_to_and_with_its_own() -> None:
    year = step("E.U?UE.U").year
    held = Step(year, year.absent, 5, year.counted & span(0, 5))
    assert (held.n, held.a, held.absent, held.day) == (5, 4, True, 5)
    assert (list(days(held.absences)), list(days(held.unexcused))) == ([0, 2, 4, 5], [2, 4])
    assert [held.window(count) for count in (1, 2, 4, 9)] == [(1, 1), (2, 2), (4, 3), (5, 4)]
    assert not Step(year, year.absent, 6, year.counted & span(0, 6)).absent
    assert all_absences(held, DEFAULT) == held.absences


def test_the_last_days_of_a_set() -> None:
    held = 1 << 2 | 1 << 4 | 1 << 9
    assert [list(days(last_of(held, count))) for count in (0, 1, 2, 3, 4)] == [
        [], [9], [4, 9], [2, 4, 9], [2, 4, 9],
    ]  # fmt: skip


def test_gates_without_a_question() -> None:
    assert always(step("."), DEFAULT, False, False) and not never(step("E"), DEFAULT, False, True)
    gates = {rule.name: rule.gate for rule in RULES}
    assert [name for name, gate in gates.items() if gate is never] == [
        "mhw_day", "mhw_not_k12", "mhw_consecutive", "mhw_over_limit", "mhw_permission_missing",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "letters", "standing", "may"),
    [
        (tier_2_may, "EE" + "." * 18, False, True),
        (tier_2_may, "EE" + "." * 17, False, False),  # nineteen days
        (tier_2_may, "EE" + "." * 19, False, False),  # 2 of 21
        (tier_2_may, "E" * 9 + "." * 91, True, False),  # 9 of 100 still stands
        (tier_2_may, "E" * 9 + "." * 92, True, True),
        (tier_3_may, "EEEE" + "." * 16, False, True),
        (tier_3_may, "EEEE" + "." * 15, False, False),
        (tier_3_may, "EEEE" + "." * 17, False, False),
        (tier_3_may, "E" * 18 + "." * 82, True, False),
        (tier_3_may, "E" * 18 + "." * 83, True, True),
        (rolling_may, "........EE", False, True),
        (rolling_may, ".......EE", False, False),  # nine days make no window
        (rolling_may, ".........EE", False, False),  # 2 of 11
        (rolling_may, "EEEE" + "." * 14 + "EE", False, True),
        (rolling_may, "EEE" + "." * 18 + "EE", False, False),  # 2 of the last 20
        (rolling_may, "EE" + "." * 18, True, False),
        (rolling_may, "EE" + "." * 19, True, True),  # 1 of the last 20
        (consecutive_may, "EEE", False, True),
        (consecutive_may, ".EE", False, False),
        (consecutive_may, "EEE.", False, False),
        (consecutive_may, "EEE.", True, True),
        (consecutive_may, "EEEE", True, False),
    ],
)
def test_a_gate_of_a_rule_that_recovers(gate: Gate, letters: str, standing: bool, may: bool) -> None:
    assert gate(step(letters), DEFAULT, standing, standing) is may
    assert gate(step(letters, SEPTEMBER), DEFAULT, True, standing) is may  # one that has opened may again


@pytest.mark.parametrize(
    ("gate", "letters", "may"),
    [
        (level_2_next_may, "E" * 9, True),
        (level_2_next_may, "E" * 8, False),
        (level_2_may, "E" * 10, True),
        (level_2_may, "E" * 9, False),
        (truancy_month_may, "UUUU", True),
        (truancy_month_may, "UUUE", False),
        (truancy_month_may, "UUUU.", False),  # not on a day in attendance
        (truancy_month_may, "UUU" + "." * 29 + "U", False),
        (truancy_year_may, "U" * 10, True),
        (truancy_year_may, "U" * 9 + "E", False),
        (habitual_truant_may, "U" * 20, True),
        (habitual_truant_may, "U" * 19 + "E", False),
        (prior_year_may, ".", True),
        (prior_year_may, "..", False),
        (month_pace_may, "EE", True),
        (month_pace_may, ".E", False),
        (month_pace_may, "EE.", False),
    ],
)
def test_a_gate_of_a_rule_that_stands_once_it_is_open(gate: Gate, letters: str, may: bool) -> None:
    assert gate(step(letters, SEPTEMBER), DEFAULT, False, False) is may
    assert gate(step(letters), DEFAULT, False, False) is may
    if gate is not prior_year_may:  # which asks for the first day of the year, before which nothing opens
        assert gate(step(letters), DEFAULT, True, False) is False


def test_the_gate_of_a_month_reaches_as_far_back_as_any_month_does() -> None:
    # A month of the calendar has 31 days at most: from its first day to its last one 30 days pass.
    assert truancy_month_may(step("UUU" + "." * 27 + "U"), DEFAULT, False, False)
    assert truancy_month_may(step("UUU" + "." * 27 + "U", SEPTEMBER), DEFAULT, False, False)
    assert not truancy_month_may(step("UUU" + "." * 28 + "U", SEPTEMBER), DEFAULT, False, False)


def test_the_gate_of_a_month_pace_knows_the_month() -> None:
    # From 1 September on the second month begins on 1 October, day 30 from there.
    assert month_pace_may(step("E" + "." * 28 + "E", SEPTEMBER), DEFAULT, False, False)
    assert not month_pace_may(step("E" + "." * 29 + "E", SEPTEMBER), DEFAULT, False, False)
    assert month_pace_may(step("EEE" + "." * 27 + "E", SEPTEMBER), DEFAULT, False, False)
    # An unreported first day begins the month all the same.
    assert not month_pace_may(step("?E" + "." * 28 + "E", SEPTEMBER), DEFAULT, False, False)
    three = DEFAULT._replace(month_pace=3)
    assert [month_pace_may(step("E" * count), three, False, False) for count in (2, 3)] == [False, True]


def test_the_gate_of_an_early_pace_asks_the_policy_first() -> None:
    early = DEFAULT._replace(early_pace=True)
    letters = "E" + "." * 12 + "E"  # 2 of 14
    assert early_pace_may(step(letters), early, False, False)
    assert not early_pace_may(step(letters), DEFAULT, False, False)
    assert not early_pace_may(step(letters), early, True, False)
    assert not early_pace_may(step("." + letters), early, False, False)
    assert not early_pace_may(step("E"), early, False, False)
    assert early_pace_may(step("E"), early._replace(early_pace_absences=1), False, False)


def test_what_advances_the_level_opens_it() -> None:
    policy = DEFAULT._replace(level_counts_mhw=False, level_2=2)
    assert not level_2_may(step("EM"), policy, False, False)
    assert level_2_may(step("EME"), policy, False, False)
    assert level_2_next_may(step("EM"), policy, False, False)
    assert list(days(level_evidence(step("EMED"), policy))) == [0, 2, 3]


def test_the_evidence_of_a_streak_is_its_days_and_of_a_window_its_absences() -> None:
    assert list(days(consecutive_evidence(step("EE.EUE"), DEFAULT))) == [3, 4, 5]
    assert list(days(rolling_evidence(step("E" + "." * 17 + "EEEE"), DEFAULT))) == [18, 19, 20, 21]


def test_a_tier_recovers_at_the_first_number_of_days_below_its_lower_bar() -> None:
    held = step("E" * 9 + "." * 20)
    assert tier_2_earliest(held, DEFAULT) == 101
    assert tier_3_earliest(held, DEFAULT) == 51  # 9 of 50 are 18 of 100
    assert tier_2_earliest(held, DEFAULT._replace(tier_2_recovers=Share(1, 3))) == 28


@pytest.mark.parametrize(
    "letters", ["EE" + "." * 18, "." * 6 + "EEEE" + "." * 10, "E." * 10, "E" * 20, "EEE" + "E....." * 4]
)
def test_a_window_is_looked_at_when_enough_absences_may_have_left_it(letters: str) -> None:
    due = rolling_earliest(step(letters), DEFAULT)
    more = due - step(letters).n
    assert more > 0
    # If the student attends from here on, it is just then that it recovers, and not a day before.
    assert rolling_may(step(letters + "." * more), DEFAULT, True, True)
    assert not rolling_may(step(letters + "." * (more - 1)), DEFAULT, True, True)


def test_a_window_that_still_grows_or_has_recovered_is_looked_at_each_day() -> None:
    assert rolling_earliest(step("EE" + "." * 17), DEFAULT) == 0
    assert rolling_earliest(step("EE" + "." * 18), DEFAULT) == 21
    assert rolling_earliest(step("E" + "." * 19), DEFAULT) == 0
    assert rolling_earliest(step("." * 20), DEFAULT) == 0
    third = DEFAULT._replace(window_days=10, rolling_recovers=Share(1, 3))
    assert rolling_earliest(step(".EE.E.E..."), third) == 12  # below a third: 3 of 10


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_only_a_rule_that_recovers_says_when(rule: Rule) -> None:
    assert rule.earliest is None or rule.recovers
    assert (rule.earliest is not None) == (rule.name in ("tier_2", "tier_3", "rolling"))
