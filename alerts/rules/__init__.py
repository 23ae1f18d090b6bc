"""All rules, in the contract's order.

A new rule is a function, its policy, its tests and its page, and a line here. A gate makes it fast and may be
left out: without one every change of a student's year folds the rule. So may the evidence: with it a gate
says exactly, and not only perhaps, that the rule opens or recovers, and one new day needs no fold. A year
without an absence, of whose last year nothing is known, is not folded at all (alerts/fold.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from alerts.days import Finding, Year
from alerts.rules.consecutive import consecutive, consecutive_evidence, consecutive_may
from alerts.rules.early_pace import early_pace, early_pace_may
from alerts.rules.level import level_2, level_2_may, level_2_next, level_2_next_may, level_evidence
from alerts.rules.mhw import mhw_consecutive, mhw_day, mhw_not_k12, mhw_over_limit, mhw_permission_missing
from alerts.rules.month_pace import month_pace, month_pace_may
from alerts.rules.prior_year import prior_year_may, prior_year_tier_2, prior_year_tier_3
from alerts.rules.rolling import rolling, rolling_earliest, rolling_evidence, rolling_may
from alerts.rules.tiers import (
    tier_2,
    tier_2_earliest,
    tier_2_may,
    tier_3,
    tier_3_earliest,
    tier_3_may,
)
from alerts.rules.truancy import (
    habitual_truant,
    habitual_truant_may,
    truancy_month,
    truancy_month_may,
    truancy_year,
    truancy_year_may,
)
from alerts.step import Earliest, Evidence, Gate, Step, all_absences, never
from models.policy import Policy


def always(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """The gate of a rule that has none of its own."""
    return True


class Rule(NamedTuple):
    """A rule: what finds its alerts; whether their identity has the opening date; whether schools have it.

    `gate` says whether a day may change what it finds, and with `evidence` that it does. `recovers`: its
    alerts may recover, so that a day in attendance concerns it while one stands; `earliest`: from when on.
    `of_last_year`: it finds nothing where nothing is known of the year before.
    """

    name: str
    find: Callable[[Year, Policy], Iterator[Finding]]
    gate: Gate = always
    per_opening: bool = False
    in_schools: bool = False
    recovers: bool = True
    evidence: Evidence | None = None
    earliest: Earliest | None = None
    of_last_year: bool = False


RULES = (
    Rule("tier_2", tier_2, tier_2_may, in_schools=True, evidence=all_absences, earliest=tier_2_earliest),
    Rule("tier_3", tier_3, tier_3_may, in_schools=True, evidence=all_absences, earliest=tier_3_earliest),
    Rule("month_pace", month_pace, month_pace_may, recovers=False, evidence=all_absences),
    Rule("early_pace", early_pace, early_pace_may, recovers=False, evidence=all_absences),
    Rule("prior_year_tier_2", prior_year_tier_2, prior_year_may, recovers=False, of_last_year=True),
    Rule("prior_year_tier_3", prior_year_tier_3, prior_year_may, recovers=False, of_last_year=True),
    Rule("truancy_month", truancy_month, truancy_month_may, recovers=False),
    Rule("truancy_year", truancy_year, truancy_year_may, recovers=False),
    Rule("habitual_truant", habitual_truant, habitual_truant_may, recovers=False),
    Rule("level_2_next", level_2_next, level_2_next_may, recovers=False, evidence=level_evidence),
    Rule("level_2", level_2, level_2_may, recovers=False, evidence=level_evidence),
    Rule(
        "rolling",
        rolling,
        rolling_may,
        per_opening=True,
        evidence=rolling_evidence,
        earliest=rolling_earliest,
    ),
    Rule("consecutive", consecutive, consecutive_may, per_opening=True, evidence=consecutive_evidence),
    Rule("mhw_day", mhw_day, never, per_opening=True, recovers=False),
    Rule("mhw_not_k12", mhw_not_k12, never, per_opening=True, recovers=False),
    Rule("mhw_consecutive", mhw_consecutive, never, per_opening=True, recovers=False),
    Rule("mhw_over_limit", mhw_over_limit, never, per_opening=True, recovers=False),
    Rule("mhw_permission_missing", mhw_permission_missing, never, per_opening=True, recovers=False),
)


def wakes(policy: Policy) -> frozenset[int]:
    """The counts of days at which a day in attendance alone may open something: the first, and the minima."""
    return frozenset({1, policy.minimum_days, policy.window_minimum})
