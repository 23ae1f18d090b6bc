"""What is known of one school: its settings, and by school year which days are reported (contract 2)."""

from __future__ import annotations

from models.calendar import SchoolCalendar
from models.in_force import DEFAULT_SETTINGS
from models.ledger.cohort import Cohort
from models.reporting import evidence_until, reported_days


class SchoolYear:
    """One school year of a school. `evidence` gives by day the latest day that its records report, or -1."""

    __slots__ = ("calendar", "cohorts", "evidence", "positive", "reopened", "reported", "submitted", "year")

    def __init__(self, year: int) -> None:
        self.year = year
        self.calendar = SchoolCalendar()
        self.evidence: dict[int, int] = {}
        self.submitted = 0
        self.reopened = 0
        self.positive = 0
        self.reported = 0
        self.cohorts: list[Cohort] = []

    def submit(self, day: int, state: str) -> None:
        """What the live submission of a day says; blank where there is none."""
        bit = 1 << day
        self.submitted = self.submitted | bit if state == "submitted" else self.submitted & ~bit
        self.reopened = self.reopened | bit if state == "reopened" else self.reopened & ~bit


class School:
    """A school of a district."""

    __slots__ = ("settings", "years")

    def __init__(self) -> None:
        self.settings = DEFAULT_SETTINGS
        self.years: dict[int, SchoolYear] = {}

    def year(self, year: int) -> SchoolYear:
        """A school year of it, empty where nothing is known."""
        held = self.years.get(year)
        if held is None:
            held = self.years[year] = SchoolYear(year)
            self.work_out(held)
        return held

    def work_out(self, held: SchoolYear) -> bool:
        """Work out again which days are reported; whether that differs from before."""
        positive, explicit = self.settings.bits(held.year)
        until = evidence_until(held.evidence, held.calendar.any_track())
        reported = reported_days(explicit, held.submitted, held.reopened, until)
        moved = (positive, reported) != (held.positive, held.reported)
        held.positive, held.reported = positive, reported
        return moved
