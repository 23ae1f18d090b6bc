"""Every plan over every year of the log: what each rule and the whole policy would have told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from alerts.backtest.measure import Measured, Tally
from alerts.backtest.told import told
from infra.backtest.history import Recorded
from infra.backtest.plans import Plan


class Result(NamedTuple):
    """What a plan came to in one school year: all its rules together, and each by its name."""

    plan: str
    quiet_days: int
    school_year: int
    whole: Measured
    rules: dict[str, Measured]


class _Book:
    """The tallies of a plan and a school year."""

    def __init__(self, plan: Plan, year: int) -> None:
        self._plan = plan
        self._year = year
        self._whole = Tally()
        self._rules = {rule.name: Tally() for rule in plan.rules}

    def add(self, held: Recorded) -> None:
        policy = self._plan.policy_of(held.district, self._year)
        every = []
        for rule in self._plan.rules:
            found = told(rule, held.year, policy, self._plan.quiet_days)
            every.append(found)
            self._rules[rule.name].add(held.year, (found,), held.caseload)
        self._whole.add(held.year, every, held.caseload)

    def result(self) -> Result:
        rules = {name: tally.measured() for name, tally in self._rules.items()}
        return Result(self._plan.name, self._plan.quiet_days, self._year, self._whole.measured(), rules)


def tried(plans: Sequence[Plan], years: Sequence[int], history: Iterable[Recorded]) -> list[Result]:
    """The results by year, then by plan as they were given. The history is read once."""
    books = {year: [_Book(plan, year) for plan in plans] for year in years}
    for held in history:
        for book in books[held.year.school_year]:
            book.add(held)
    return [book.result() for year in years for book in books[year]]
