"""Days to alerts: the fold of contract section 3 over the days of one student, district and school year."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.reference.counting import Day


@dataclass(frozen=True)
class Policy:
    """The numbers that the contract names, with their defaults; `month_mode`: rolling_30 or calendar."""

    minimum_days: int = 20
    window_days: int = 20
    streak_days: int = 3
    month_mode: str = "rolling_30"
    mhw_requires_permission: bool = True


@dataclass(frozen=True)
class Alert:
    """An alert: its evidence is that of the opening day; `dated` where identity carries that day."""

    scope: str
    rule: str
    opening: Day
    dated: bool
    recovered_on: date | None
    enrolled: int
    absent: int


class Fold:
    """Counted days in date order, with n and a on each."""

    def __init__(self, days: list[Day], scope: str) -> None:
        self.days, self.scope = days, scope
        self.n = list(range(1, len(days) + 1))
        self.a = [0] * len(days)
        absent = 0
        for at, day in enumerate(days):
            absent += day.absent
            self.a[at] = absent

    def alert(self, rule: str, at: int, dated: bool, recovered: date | None = None) -> Alert:
        """Make the alert that opened on the day at a place."""
        return Alert(self.scope, rule, self.days[at], dated, recovered, self.n[at], self.a[at])

    def once(
        self, rule: str, qualifies: Callable[[int], bool], recovers: Callable[[int], bool] | None = None
    ) -> list[Alert]:
        """Fold a rule of one alert a year: it opens, and may recover and reopen as the same alert."""
        opened, stands, recovered = -1, False, None
        for at in range(len(self.days)):
            if not stands and qualifies(at):
                opened, stands, recovered = (at if opened < 0 else opened), True, None
            elif stands and recovers is not None and recovers(at):
                stands, recovered = False, self.days[at].day
        return [] if opened < 0 else [self.alert(rule, opened, False, recovered)]

    def each_day(
        self, rule: str, opens: Callable[[int], bool], recovers: Callable[[int], bool]
    ) -> list[Alert]:
        """Fold a rule of one alert an opening day: another may open when none stands."""
        alerts: list[Alert] = []
        opened = -1
        for at in range(len(self.days)):
            if opened < 0 and opens(at):
                opened = at
            elif opened >= 0 and recovers(at):
                alerts.append(self.alert(rule, opened, True, self.days[at].day))
                opened = -1
        return alerts if opened < 0 else [*alerts, self.alert(rule, opened, True)]


def window(days: list[Day], at: int, size: int) -> tuple[int, int]:
    """Give w and b of the rolling rule on the day at a place: days looked at, and absent ones of them."""
    last = days[: at + 1][-size:]
    return len(last), sum(day.absent for day in last)


def tiers(days: list[Day], scope: str, policy: Policy) -> list[Alert]:
    """Fold tier_2 and tier_3 over the K-12 counted days of a scope."""
    fold = Fold(days, scope)
    n, a = fold.n, fold.a
    return fold.once(
        "tier_2",
        lambda at: n[at] >= policy.minimum_days and 10 * a[at] >= n[at],
        lambda at: 100 * a[at] < 9 * n[at],
    ) + fold.once(
        "tier_3",
        lambda at: n[at] >= policy.minimum_days and 5 * a[at] >= n[at],
        lambda at: 100 * a[at] < 18 * n[at],
    )


def months_passed(first: date, day: date) -> int:
    """Count whole months from a first day; the 31st is the last day of shorter months."""
    months = (day.year - first.year) * 12 + day.month - first.month
    reached = min(first.day, monthrange(day.year, day.month)[1])
    return months if day.day >= reached else months - 1


def _of_age(day: date, birthdate: date | None) -> bool:
    """Say whether a date lies from the 5th birthday to the eve of the 19th (29 February: 1 March)."""
    if birthdate is None:
        return True
    month, of_month = birthdate.month, birthdate.day
    if (month, of_month) == (2, 29):  # neither 5 nor 19 years on is there such a day
        month, of_month = 3, 1
    fifth, nineteenth = (birthdate.year + 5, month, of_month), (birthdate.year + 19, month, of_month)
    return fifth <= (day.year, day.month, day.day) < nineteenth


def truancy(fold: Fold, birthdate: date | None, policy: Policy) -> list[Alert]:
    """Fold the three rules that see unexcused days only."""
    unexcused = [day.day for day in fold.days if day.absence == "unexcused" and _of_age(day.day, birthdate)]

    def in_month(at: int) -> bool:
        end = fold.days[at].day
        first = end.replace(day=1) if policy.month_mode == "calendar" else end - timedelta(days=29)
        return sum(first <= day <= end for day in unexcused) >= 4

    def in_year(number: int) -> Callable[[int], bool]:
        return lambda at: sum(day <= fold.days[at].day for day in unexcused) >= number

    return (
        fold.once("truancy_month", in_month)
        + fold.once("truancy_year", in_year(10))
        + fold.once("habitual_truant", in_year(20))
    )


def prior_year(fold: Fold, enrolled: int, absent: int, policy: Policy) -> list[Alert]:
    """Open prior_year_tier_2 or _3 on the first counted day; the evidence is that of last year."""
    if not fold.days or enrolled < policy.minimum_days or enrolled == 0 or 10 * absent < enrolled:
        return []
    rule = "prior_year_tier_3" if 5 * absent >= enrolled else "prior_year_tier_2"
    return [Alert(fold.scope, rule, fold.days[0], False, None, enrolled, absent)]


def mhw(fold: Fold, policy: Policy) -> list[Alert]:
    """Give the alerts of MHW days, valid and invalid, of K-12 days or (in a fold of those) of PK days."""
    alerts = []
    for at, day in enumerate(fold.days):
        if day.mhw == "valid":
            alerts.append(fold.alert("mhw_day", at, True))
            if policy.mhw_requires_permission and not day.documented:
                alerts.append(fold.alert("mhw_permission_missing", at, True))
        elif day.mhw:
            alerts.append(fold.alert(day.mhw, at, True))
    return alerts


def alerts_of_year(
    days: list[Day], birthdate: date | None, last_year: tuple[int, int], policy: Policy
) -> list[Alert]:
    """Give the alerts of a student's membership days of one school year in a district.

    `last_year` is (enrolled days, absent days) of the year before.
    """
    counted = [day for day in days if day.k12 and day.reported]
    fold = Fold(counted, "district")
    a = fold.a

    def pace(at: int) -> bool:
        first = next(day.day for day in days if day.k12)  # a membership day, reported or not
        return a[at] >= 2 * (1 + months_passed(first, counted[at].day))

    def in_window(at: int, test: Callable[[int, int], bool]) -> bool:
        return test(*window(counted, at, policy.window_days))

    found = tiers(counted, "district", policy)
    found += fold.once("month_pace", pace)
    found += prior_year(fold, *last_year, policy)
    found += truancy(fold, birthdate, policy)
    found += fold.once("level_2_next", lambda at: a[at] >= 9) + fold.once("level_2", lambda at: a[at] >= 10)
    found += fold.each_day(
        "rolling",
        lambda at: in_window(at, lambda w, b: w >= 10 and 5 * b >= w),
        lambda at: in_window(at, lambda w, b: 10 * b < w),
    )
    streak = policy.streak_days
    found += fold.each_day(
        "consecutive",
        lambda at: at + 1 >= streak and all(day.absent for day in counted[at + 1 - streak : at + 1]),
        lambda at: not counted[at].absent,
    )
    found += mhw(fold, policy)
    found += mhw(Fold([day for day in days if not day.k12 and day.reported], "district"), policy)
    schools = sorted({day.school_id for day in counted})
    if len(schools) > 1:
        for school in schools:
            found += tiers([day for day in counted if day.school_id == school], "school", policy)
    return found
