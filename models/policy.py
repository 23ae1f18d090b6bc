"""The numbers of the rules: one policy judges a whole school year of a district (contract 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple


class Share(NamedTuple):
    """An exact fraction; rates are compared with it in integers."""

    numerator: int
    denominator: int

    def reached(self, part: int, whole: int) -> bool:
        """Whether part / whole is this share or more."""
        return self.denominator * part >= self.numerator * whole

    def above(self, part: int, whole: int) -> bool:
        """Whether part / whole lies below this share."""
        return not self.reached(part, whole)

    def first_above(self, part: int) -> int:
        """The smallest whole of which the part is less than this share."""
        return self.denominator * part // self.numerator + 1


class Exempt(NamedTuple):
    """Reasons that are excused on their first `days` absences of a school year: the codes that say so."""

    codes: tuple[str, ...]
    days: int


class Policy(NamedTuple):
    """The defaults are the contract's. By `report_by` in `timezone` a school day is to be reported."""

    version: str = "contract-1"
    minimum_days: int = 20
    tier_2_opens: Share = Share(1, 10)
    tier_2_recovers: Share = Share(9, 100)
    tier_3_opens: Share = Share(1, 5)
    tier_3_recovers: Share = Share(18, 100)
    window_days: int = 20
    window_minimum: int = 10
    rolling_opens: Share = Share(1, 5)
    rolling_recovers: Share = Share(1, 10)
    streak_days: int = 3
    month_pace: int = 2
    early_pace: bool = False
    early_pace_absences: int = 2
    early_pace_opens: Share = Share(1, 7)
    month_mode: Literal["rolling_30", "calendar"] = "rolling_30"
    truancy_month: int = 4
    truancy_year: int = 10
    habitual_truant: int = 20
    truancy_from_age: int = 5
    truancy_to_age: int = 18
    meeting_days: int = 10
    documentation_days: int = 10
    unknown_becomes_unexcused: bool = False
    mhw_limit: int = 2
    mhw_requires_permission: bool = True
    level_2: int = 10
    level_counts_mhw: bool = True
    level_counts_disciplinary: bool = True
    iss_codes: tuple[str, ...] = ()
    iss_is_absence: bool = False
    exempt: tuple[Exempt, ...] = ()
    report_by: str = "10:30"
    timezone: str = "America/New_York"


DEFAULT = Policy()

PolicyOf = Callable[[str, int], Policy]
"""The policy of a district's school year (the year in which it begins)."""


def contract(district: str, year: int) -> Policy:
    """The contract's numbers for every district and year."""
    return DEFAULT
