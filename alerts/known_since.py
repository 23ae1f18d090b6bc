"""Since when the records of a year give an alert, where an absence became unexcused only later."""

from __future__ import annotations

from datetime import date

from alerts.reading import reading
from alerts.rules import Rule
from models.bits import days
from models.policy import Policy
from models.student_year import UNEXCUSED, StudentYear, cut


def known_since(rule: Rule, year: StudentYear, birthdate: date | None, policy: Policy, opened: int) -> int:
    """The first counted day, `opened` or later, on which the days up to it give the rule's alert of the year.

    `rule` counts unexcused absences and stands once it is open. It is the opening day, but where days of the
    year have lapsed (`unknown_becomes_unexcused`): an alert may then open on a day when nobody could know.
    """
    if not year.lapsed:
        return opened
    known = {opened, *year.lapsed.values(), *days(year.classes[UNEXCUSED])}
    # More days never take such an alert away, so that the first that gives it is the answer.
    for day in sorted(day for day in known if day >= opened):
        if any(rule.find(reading(cut(year, day), birthdate, None), policy)):
            return day
    raise ValueError("the year does not give the alert")
