"""The rows of `rollcall export standings` (contract 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from models.ledger.district import Ledger
from models.policy import PolicyOf
from models.school_year import day_index, first_day, school_year_of
from models.standing import Standing, bounds, rate_percent, standings
from models.student_year import cut

COLUMNS = (
    "district_id",
    "scope",
    "school_id",
    "student_id",
    "grade",
    "enrolled_days",
    "absent_days",
    "excused_days",
    "unexcused_days",
    "disciplinary_days",
    "mhw_days",
    "unknown_days",
    "unreported_days",
    "rate_percent",
    "tier",
    "level",
    "window_days",
    "window_absent_days",
    "data_through",
)
BOUNDS = ("rate_lower_percent", "rate_upper_percent", "tier_lower", "tier_upper")
NUMBERS = frozenset(name for name in COLUMNS if name.endswith("_days")) | {"level"}
SORTED_BY = ("district_id", "scope", "school_id", "student_id")


def rows(
    ledger: Ledger, as_of: date, policy_of: PolicyOf, with_bounds: bool = False
) -> Iterator[dict[str, str]]:
    """A row a student and scope with a membership day of the school year by then, in no order.

    `with_bounds` adds the columns of BOUNDS.
    """
    year = school_year_of(as_of)
    policy = policy_of(ledger.district, year)
    for student, known in ledger.known.get(year, {}).items():
        here = cut(known.now, day_index(as_of))
        for standing in standings(here, policy):
            row = _row(ledger.district, student, year, standing)
            yield {**row, **_bounds(standing)} if with_bounds else row


def _row(district: str, student: str, year: int, standing: Standing) -> dict[str, str]:
    through = standing.data_through
    values = (
        district,
        standing.scope,
        standing.school,
        student,
        standing.grade,
        str(standing.enrolled),
        str(standing.absent),
        *map(str, standing.classes),
        str(standing.unreported),
        rate_percent(standing.absent, standing.enrolled),
        standing.tier,
        "" if standing.level is None else str(standing.level),
        str(standing.window),
        str(standing.window_absent),
        (first_day(year) + timedelta(days=through)).isoformat() if through >= 0 else "",
    )
    return dict(zip(COLUMNS, values, strict=True))


def _bounds(standing: Standing) -> dict[str, str]:
    days, lower, upper, lower_tier, upper_tier = bounds(standing)
    values = (rate_percent(lower, days), rate_percent(upper, days), lower_tier, upper_tier)
    return dict(zip(BOUNDS, values, strict=True))
