"""What a back-test tries: ready policies and files, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.rules import RULES
from infra.backtest.plans import READY, plan_of
from infra.policy_file import PolicyInvalid
from models.policy import DEFAULT, Share


def names(given: str) -> list[str]:
    return [rule.name for rule in plan_of(given).rules]


def test_the_ready_policies_are_what_their_names_say() -> None:
    assert READY == ("naive", "pace", "rolling", "early", "contract")
    assert {name: names(name) for name in READY} == {
        "naive": ["naive"],
        "pace": ["month_pace"],
        "rolling": ["rolling"],
        "early": ["tier_2", "early_pace"],
        "contract": [rule.name for rule in RULES],
    }
    assert {plan_of(name).quiet_days for name in READY} == {20}
    for name in READY:
        numbers = plan_of(name).policy_of("D", 2021)
        changed = DEFAULT._replace(version="early-1", early_pace=True, minimum_days=120)
        assert numbers == (changed if name == "early" else DEFAULT), name


def test_a_policy_file_as_it_is_has_every_rule(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('[[policy]]\nversion = "2"\ndistricts = ["D"]\ntier_2_opens = "1/8"\n')
    plan = plan_of(str(file))
    assert (plan.name, plan.quiet_days, plan.rules) == (str(file), 20, RULES)
    assert plan.policy_of("D", 2021).tier_2_opens == Share(1, 8)
    assert plan.policy_of("E", 2021) == DEFAULT


def test_a_file_names_its_rules_and_its_quiet_days(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('[backtest]\nrules = ["naive", "level_2", "tier_2"]\nquiet_days = 0\n')
    plan = plan_of(str(file))
    assert names(str(file)) == ["tier_2", "level_2", "naive"], "in the order of the rules"
    assert (plan.quiet_days, plan.policy_of("D", 2021)) == (0, DEFAULT)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "neither a policy file nor one of the ready policies: naive, pace, rolling, early, contract"),
        ("[backtest]\nrules = ['tier_4']\n", "tier_4 is no rule; is tier_3 meant?"),
        ("[backtest]\nrules = []\n", "rules takes a list of names"),
        ("[backtest]\nquiet_days = -1\n", "quiet_days takes a whole number from 0 to 366"),
        ("[backtest]\nquiet_days = true\n", "quiet_days takes a whole number from 0 to 366"),
        ("[backtest]\nloud_days = 1\n", "loud_days is no key of it"),
        ("backtest = 1\n", "takes [[policy]] entries, [backtest] and nothing else"),
        ("[policies]\n", "takes [[policy]] entries, [backtest] and nothing else"),
        ("[[policy]]\nminimum_days = 3\n", "version is missing"),
        ("[[policy]]\nversion = '1'\ntier_2_open = '1/9'\n", "is tier_2_opens meant?"),
        ("policy = 3\n", "takes [[policy]] entries"),
        ("[", "is not TOML"),
    ],
)
def test_a_file_that_cannot_be_tried_is_told(tmp_path: Path, content: str | None, said: str) -> None:
    file = tmp_path / "tried.toml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(PolicyInvalid) as told:
        plan_of(str(file))
    assert said in str(told.value)
