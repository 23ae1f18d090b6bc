"""Which absences advance the level: all, or not MHW days or disciplinary ones where the policy says so."""

from __future__ import annotations

import pytest

from alerts.rules.level import level_2, level_2_next
from models.bits import span
from models.level import advancing
from models.policy import DEFAULT, Policy
from models.standing import standings
from models.student_year import NO_MHW, Classes, Frame, Part, StudentYear
from tests.unit.counted import told, weekday, year

NO_MHW_DAYS = DEFAULT._replace(level_counts_mhw=False)
NO_DISCIPLINARY = DEFAULT._replace(level_counts_disciplinary=False)
NEITHER = NO_MHW_DAYS._replace(level_counts_disciplinary=False)


@pytest.mark.parametrize(
    ("policy", "next_on", "on"),
    [(DEFAULT, 9, 10), (NO_MHW_DAYS, 11, 12), (NO_DISCIPLINARY, 10, 11), (NEITHER, 12, 13)],
)
def test_the_tenth_absence_that_counts(policy: Policy, next_on: int, on: int) -> None:
    days = year("MDMNcEUEUEUEUE")  # c: an MHW day that was none counts always
    assert told(level_2_next(days, policy)) == [(weekday(next_on), None, next_on, next_on)]
    [found] = level_2(days, policy)
    assert (found.opened_on, found.n, found.a) == (weekday(on), on, on)
    assert len(found.dates) == 10 and found.dates[-1] == weekday(on)
    assert (weekday(1) in found.dates) == policy.level_counts_mhw
    assert (weekday(2) in found.dates) == policy.level_counts_disciplinary


def test_the_level_of_a_standing_counts_the_same() -> None:
    classes: Classes = (span(0, 4), span(5, 6), 1 << 7, 1 << 8 | 1 << 10, 1 << 11)
    held = StudentYear(2021, Frame((Part("A", "5", True, span(0, 60), span(0, 60)),)), classes, 0, NO_MHW)
    levels = {
        policy: next(standings(held, policy)).level for policy in (DEFAULT, NO_MHW_DAYS, NO_DISCIPLINARY)
    }
    assert list(levels.values()) == [2, 1, 2]
    assert next(standings(held, NEITHER)).absent == 11
    assert advancing(held.absent, classes, NEITHER) == span(0, 6) | 1 << 11


def test_without_switches_every_absence_advances_it() -> None:
    assert advancing(span(3, 9), (0, 0, span(3, 5), span(6, 9), 0), DEFAULT) == span(3, 9)
