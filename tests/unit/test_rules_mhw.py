"""The mhw_* rules and the list of all rules, worked by hand."""

import pytest

from alerts.fold import fold
from alerts.rules import RULES, wakes
from alerts.rules.mhw import mhw_consecutive, mhw_day, mhw_not_k12, mhw_over_limit, mhw_permission_missing
from models.policy import DEFAULT
from tests.unit.counted import Find, told, weekday, year


@pytest.mark.parametrize(
    ("rule", "opened"),
    [
        (mhw_day, [2, 5]),
        (mhw_consecutive, [3]),
        (mhw_over_limit, [7]),
        (mhw_not_k12, []),
        (mhw_permission_missing, [5]),
    ],
)
def test_each_mhw_day_is_told_by_what_it_is(rule: Find, opened: list[int]) -> None:
    found = list(rule(year(".mc.M.o"), DEFAULT))
    assert [each.opened_on for each in found] == [weekday(number) for number in opened]
    assert all(each.dates == (each.opened_on,) and each.recovered_on is None for each in found)


def test_in_pre_kindergarten_the_numbers_are_of_pk_days() -> None:
    assert told(mhw_not_k12(year("EEEE", pk=".Ek"), DEFAULT)) == [(weekday(3), None, 3, 2)]


def test_permission_is_asked_for_where_the_policy_does() -> None:
    assert told(mhw_permission_missing(year("M"), DEFAULT._replace(mhw_requires_permission=False))) == []
    assert told(mhw_permission_missing(year("M"), DEFAULT)) == [(weekday(1), None, 1, 1)]


def test_the_rules_are_those_of_the_contract_in_its_order() -> None:
    assert [rule.name for rule in RULES] == [
        "tier_2",
        "tier_3",
        "month_pace",
        "early_pace",  # not the contract's, and off by default
        "prior_year_tier_2",
        "prior_year_tier_3",
        "truancy_month",
        "truancy_year",
        "habitual_truant",
        "level_2_next",
        "level_2",
        "rolling",
        "consecutive",
        "mhw_day",
        "mhw_not_k12",
        "mhw_consecutive",
        "mhw_over_limit",
        "mhw_permission_missing",
    ]
    assert {rule.name for rule in RULES if rule.in_schools} == {"tier_2", "tier_3"}
    once = {rule.name for rule in RULES if not rule.per_opening}
    assert once == {rule.name for rule in RULES[:11]}
    assert {rule.name for rule in RULES if rule.recovers} == {"tier_2", "tier_3", "rolling", "consecutive"}


def test_a_day_in_attendance_wakes_the_rules_at_the_minima() -> None:
    assert wakes(DEFAULT) == {1, 10, 20}


def test_school_scope_needs_two_schools_and_has_the_tiers_alone() -> None:
    days = year("EEEE" + "." * 16)
    assert {alert.scope for alert in fold("D", "s1", days, DEFAULT).values()} == {"district"}
    last = days.k12[-1]._replace(school="B", n=21)
    found = fold("D", "s1", days._replace(k12=(*days.k12, last)), DEFAULT).values()
    assert {(alert.rule, alert.school, alert.n) for alert in found if alert.scope == "school"} == {
        ("tier_2", "A", 20),
        ("tier_3", "A", 20),
    }


def test_an_alert_id_is_the_digest_of_its_identity() -> None:
    # printf '["D","s1","district","","consecutive","2021-22","2021-09-01"]' | sha256sum | cut -c1-32
    found = fold("D", "s1", year("EEE"), DEFAULT)
    [alert] = [alert for alert in found.values() if alert.rule == "consecutive"]
    assert alert.alert_id == "5fe97b79d3840448994d002fac87d3c9"
