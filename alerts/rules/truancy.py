"""truancy_month, truancy_year (CGS 10-198a) and habitual_truant (CGS 10-200): unexcused absences alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from alerts.days import Day, Finding, Year, found
from alerts.step import Step
from models.policy import Policy

_MONTH = timedelta(days=29)
# No month, rolling or of the calendar, reaches further back than this many days.
_CLOSE = 30


def truancy_month(year: Year, policy: Policy) -> Iterator[Finding]:
    """Four in one month: 30 calendar days that end on the day, or its calendar month."""
    unexcused: list[date] = []
    for day in year.k12:
        if _counts(year, day, policy):
            unexcused.append(day.date)
        first = day.date.replace(day=1) if policy.month_mode == "calendar" else day.date - _MONTH
        within = tuple(held for held in unexcused if held >= first)
        if len(within) >= policy.truancy_month:
            yield found(day, within)
            return


def truancy_year(year: Year, policy: Policy) -> Iterator[Finding]:
    """Ten in a school year."""
    return _in_year(year, policy, policy.truancy_year)


def habitual_truant(year: Year, policy: Policy) -> Iterator[Finding]:
    """Twenty in a school year."""
    return _in_year(year, policy, policy.habitual_truant)


def _in_year(year: Year, policy: Policy, limit: int) -> Iterator[Finding]:
    unexcused: list[date] = []
    for day in year.k12:
        if _counts(year, day, policy):
            unexcused.append(day.date)
            if len(unexcused) >= limit:
                yield found(day, tuple(unexcused))
                return


def _counts(year: Year, day: Day, policy: Policy) -> bool:
    """Unexcused, and from the 5th birthday to the eve of the 19th where the birth date is known.

    CGS 10-198a: ages 5 to 18, and one is 18 until the eve of the 19th birthday.
    """
    if day.class_ != "unexcused":
        return False
    born = year.birthdate
    first, last = policy.truancy_from_age, policy.truancy_to_age
    return born is None or _birthday(born, first) <= day.date < _birthday(born, last + 1)


def _birthday(born: date, age: int) -> date:
    """The birthday at an age, of 29 February on 1 March; a year past the calendar's end is its last day."""
    if born.year + age > date.max.year:
        return date.max
    if (born.month, born.day) == (2, 29):
        return date(born.year + age, 2, 28) + timedelta(days=1)
    return born.replace(year=born.year + age)


def truancy_month_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """An unexcused absence with enough others close before it, whatever the student's age."""
    if given or not step.unexcused >> step.day & 1:
        return False
    within = step.unexcused >> max(0, step.day - _CLOSE)
    return within.bit_count() >= policy.truancy_month


def truancy_year_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """Enough unexcused absences, whatever the student's age."""
    return not given and step.unexcused.bit_count() >= policy.truancy_year


def habitual_truant_may(step: Step, policy: Policy, given: bool, standing: bool) -> bool:
    """Enough unexcused absences, whatever the student's age."""
    return not given and step.unexcused.bit_count() >= policy.habitual_truant
