"""All rules, in the contract's order.

A new rule is a function, its policy, its tests and its page, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from alerts.days import Finding, Year
from alerts.rules.consecutive import consecutive
from alerts.rules.level import level_2, level_2_next
from alerts.rules.mhw import mhw_consecutive, mhw_day, mhw_not_k12, mhw_over_limit, mhw_permission_missing
from alerts.rules.month_pace import month_pace
from alerts.rules.prior_year import prior_year_tier_2, prior_year_tier_3
from alerts.rules.rolling import rolling
from alerts.rules.tiers import tier_2, tier_3
from alerts.rules.truancy import habitual_truant, truancy_month, truancy_year
from models.policy import Policy


class Rule(NamedTuple):
    """A rule: what finds its alerts; whether their identity has the opening date; whether schools have it."""

    name: str
    find: Callable[[Year, Policy], Iterator[Finding]]
    per_opening: bool = False
    in_schools: bool = False


RULES = (
    Rule("tier_2", tier_2, in_schools=True),
    Rule("tier_3", tier_3, in_schools=True),
    Rule("month_pace", month_pace),
    Rule("prior_year_tier_2", prior_year_tier_2),
    Rule("prior_year_tier_3", prior_year_tier_3),
    Rule("truancy_month", truancy_month),
    Rule("truancy_year", truancy_year),
    Rule("habitual_truant", habitual_truant),
    Rule("level_2_next", level_2_next),
    Rule("level_2", level_2),
    Rule("rolling", rolling, per_opening=True),
    Rule("consecutive", consecutive, per_opening=True),
    Rule("mhw_day", mhw_day, per_opening=True),
    Rule("mhw_not_k12", mhw_not_k12, per_opening=True),
    Rule("mhw_consecutive", mhw_consecutive, per_opening=True),
    Rule("mhw_over_limit", mhw_over_limit, per_opening=True),
    Rule("mhw_permission_missing", mhw_permission_missing, per_opening=True),
)
