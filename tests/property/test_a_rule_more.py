"""A rule more needs one function and a line: without a gate it is asked about every day, quiet ones too."""

from __future__ import annotations

import subprocess
import sys

from tests.support.command import CHECKOUT

# In a process of its own, because the tables beside the rules are made when they are first imported.
ADDED = """
import alerts.rules
from alerts.days import found
from alerts.rules import RULES, Rule

def fifth_day(year, policy):
    for day in year.k12:
        if day.n == 5 and day.a == 1:
            yield found(day, ())

alerts.rules.RULES = (*RULES, Rule("fifth_day", fifth_day))

from tests.property.driver import Driver
from tests.property.test_mornings import STUDENTS, base, told

driver = Driver("D").take_all(base(), 100)
for number, student in enumerate(STUDENTS):
    driver.take_all([told(("E", student, 0), number)])
for number in range(9):
    kind, held = told(("submitted", "", number), number)
    driver.take(kind, [held])
    driver.assert_published_is_the_definition()
    opened = [held.rule for student in STUDENTS for held in driver.published(student).values()]
    opened = [rule for rule in opened if rule == "fifth_day"]
    assert opened == (["fifth_day"] * len(STUDENTS) if number >= 4 else []), (number, opened)
"""


def test_a_rule_without_a_gate_opens_on_a_day_on_which_everybody_was_there() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ADDED], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
