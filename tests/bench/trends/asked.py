"""What is asked: every question of infra.trends, a line each, about scopes of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from infra.trends.attendance import attendance
from infra.trends.bands import bands, bands_as_known
from infra.trends.late import late_schools
from infra.trends.prior_years import years_so_far
from models.trends.scope import Scope


class Given(NamedTuple):
    """What a question is asked with: a scope, and two school days in order."""

    scope: Scope
    first: date
    last: date

    @property
    def evening(self) -> datetime:
        """Of the last day."""
        return datetime.combine(self.last, time(22), UTC)


class Question(NamedTuple):
    """A question with its name in the tables, the function that it is about, and how to ask it."""

    name: str
    of: Callable[..., Any]
    ask: Callable[[Client, Given], Any]


# A new question is one line more; a test holds the list against infra.trends.
QUESTIONS = (
    Question("days of a year", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "day")),
    Question("weeks", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "week")),
    Question("months", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "month")),
    Question("year to date", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "year")),
    Question("weekdays", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "weekday")),
    Question("bands", bands, lambda c, g: bands(c, g.scope, g.last)),
    Question(
        "bands as known then", bands_as_known, lambda c, g: bands_as_known(c, g.scope, g.last, g.evening)
    ),
    Question("late schools", late_schools, lambda c, g: late_schools(c, g.scope, g.last)),
    Question("years so far", years_so_far, lambda c, g: years_so_far(c, g.scope, g.last, 3)),
)

GROUPS = (
    ("english_learner", "yes"), ("disability", "yes"), ("meals", "free"), ("high_needs", "yes"),
    ("homeless", "yes"), ("race_ethnicity", "Hispanic"), ("gender", "F"),
)  # fmt: skip

SCOPES = ("state", "state, grade", "state, group", "district", "district, grade", "district, group", "school")


class Places(NamedTuple):
    """What there is to ask about: schools (district, school), grades by school kind, school days."""

    schools: list[tuple[str, str]]
    days: list[date]


def places(client: Client) -> Places:
    """What the store holds."""
    schools = client.query("SELECT DISTINCT district_id, school_id FROM day_counts ORDER BY ALL").result_rows
    days = client.query("SELECT DISTINCT date FROM day_counts ORDER BY date").result_rows
    return Places([(district, school) for district, school in schools], [day for (day,) in days])


def given(kind: str, dice: Random, held: Places) -> Given:
    """Random arguments of one kind of scope. A large district is as likely as a small one."""
    district = dice.choice(sorted({district for district, _ in held.schools}))
    grade = dice.choice(("K", "3", "5", "7", "9", "12"))
    dimension, value = dice.choice(GROUPS)
    scope = {
        "state": lambda: Scope(state=True),
        "state, grade": lambda: Scope(state=True, grade=grade),
        "state, group": lambda: Scope(state=True, dimension=dimension, value=value),
        "district": lambda: Scope(district),
        "district, grade": lambda: Scope(district, grade=grade),
        "district, group": lambda: Scope(district, dimension=dimension, value=value),
        "school": lambda: (lambda place: Scope(place[0], school=place[1]))(dice.choice(held.schools)),
    }[kind]()
    # Most questions are about the year so far.
    last = held.days[-1] if dice.random() < 0.5 else dice.choice(held.days)
    return Given(scope, held.days[0], last)
