"""What is tried: the policies of a back-test, ready ones by their name and others by their file.

A file of the back-test is a policy file (infra.policy_file) that may also say which rules there are:

    [backtest]
    rules = ["tier_2", "month_pace"]   # left out: every rule of Rollcall
    quiet_days = 20                    # counted days from a recovery to a reopening that is told

A policy file as it is will do, and so will a file without any [[policy]]: its numbers are the contract's.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import NamedTuple

from alerts.backtest.naive import NAIVE
from alerts.rules import RULES, Rule
from infra.policy_file import PolicyInvalid, policies_in, read_toml
from models.policy import PolicyOf, contract

QUIET_DAYS = 20

_FOLDER = Path(__file__).parent / "policies"
READY = ("naive", "pace", "rolling", "early", "contract")
_RULES = {rule.name: rule for rule in (*RULES, NAIVE)}


class Plan(NamedTuple):
    """A policy to try: its name for the reports, its rules in order, its numbers, and its quiet days."""

    name: str
    rules: tuple[Rule, ...]
    policy_of: PolicyOf
    quiet_days: int


def plan_of(given: str) -> Plan:
    """The plan of a ready policy's name or of a file's path. Raises PolicyInvalid."""
    path = _FOLDER / f"{given}.toml" if given in READY else Path(given)
    if given not in READY and not path.is_file():
        raise PolicyInvalid(
            f"{given} is neither a policy file nor one of the ready policies: {', '.join(READY)}"
        )
    content = read_toml(path)
    own = content.pop("backtest", {})
    if set(content) - {"policy"} or not isinstance(own, dict):
        raise PolicyInvalid(f"the policy file {path} takes [[policy]] entries, [backtest] and nothing else")
    policy_of = policies_in(content["policy"], path) if content else contract
    faults = [f"{key} is no key of it; take it away" for key in own if key not in ("rules", "quiet_days")]
    quiet = own.get("quiet_days", QUIET_DAYS)
    if type(quiet) is not int or not 0 <= quiet <= 366:
        faults.append("quiet_days takes a whole number from 0 to 366")
    names = own.get("rules", [rule.name for rule in RULES])
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        faults.append('rules takes a list of names of rules in quotes, such as ["tier_2", "month_pace"]')
    else:
        faults += [_no_rule(name) for name in names if name not in _RULES]
    if faults:
        raise PolicyInvalid(f"[backtest] of the policy file {path} cannot be used: " + "; ".join(faults))
    return Plan(given, tuple(rule for name, rule in _RULES.items() if name in names), policy_of, quiet)


def _no_rule(name: str) -> str:
    near = difflib.get_close_matches(name, _RULES, n=1)
    return f"{name} is no rule" + (f"; is {near[0]} meant?" if near else "; docs/rules.md lists them")
