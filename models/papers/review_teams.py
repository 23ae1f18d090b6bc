"""Which attendance review teams the statute asks for by last year's rates, exactly (CGS 10-198c(b))."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from models.ledger.district import Ledger
from models.policy import Policy
from models.standing import standings

DISTRICT_PERCENT = 10
SCHOOL_PERCENT = 15


class Rate(NamedTuple):
    """How many children were chronically absent, of how many who were enrolled."""

    chronic: int
    enrolled: int

    def reaches(self, percent: int) -> bool:
        """Whether the rate is so many percent or more, exactly; no rate of nobody reaches anything."""
        return self.enrolled > 0 and 100 * self.chronic >= percent * self.enrolled


class Case(StrEnum):
    """The cases of the statute, by its subdivisions."""

    NONE = "none"
    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Decision(NamedTuple):
    """The case, and the schools that reach 15 %, in order.

    `district_team` and `school_teams` say which teams satisfy the statute; where both are true, one of the
    two is enough.
    """

    case: Case
    schools: tuple[str, ...]
    district_team: bool
    school_teams: bool


ASKS = {
    Case.NONE: "no attendance review team is asked for",
    Case.A: "a team for the district",
    Case.B: "a team at the school",
    Case.C: "a team for the district, or one at each of the schools",
    Case.D: "a team for the district, or one at each of the schools",
}


def decide(district: Rate | None, schools: Mapping[str, Rate]) -> Decision:
    """Which teams are asked for. A rate that is not known (None) reaches nothing."""
    worst = tuple(sorted(school for school, rate in schools.items() if rate.reaches(SCHOOL_PERCENT)))
    if district is not None and district.reaches(DISTRICT_PERCENT):
        return Decision(Case.D, worst, True, True) if worst else Decision(Case.A, worst, True, False)
    if not worst:
        return Decision(Case.NONE, worst, False, False)
    return Decision(Case.B, worst, False, True) if len(worst) == 1 else Decision(Case.C, worst, True, True)


def district_rate(ledger: Ledger, year: int) -> Rate | None:
    """The district's rate of the year before `year`: of each student the live prior_year record, else the
    student's own K-12 counted days; None where nobody has any.
    """
    numbers = [ledger.last_year(student, year) for student in ledger.students]
    known = [held for held in numbers if held is not None and held[0]]
    return Rate(sum(10 * absent >= days for days, absent in known), len(known)) if known else None


def school_rates(ledger: Ledger, year: int, policy: Policy) -> dict[str, Rate]:
    """The schools' rates of the year before `year`, by the days at each: "enrolled at such school".

    From counted K-12 days alone: a prior_year record does not say at which school its days were. `policy` is
    that of the year before.
    """
    found: dict[str, Rate] = {}
    for known in ledger.known.get(year - 1, {}).values():
        for standing in standings(known.now, policy):
            if standing.scope == "school" and standing.level is not None and standing.enrolled:
                before = found.get(standing.school, Rate(0, 0))
                found[standing.school] = Rate(before.chronic + (standing.tier != "I"), before.enrolled + 1)
    return found
