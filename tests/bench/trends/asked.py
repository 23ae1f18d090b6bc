"""What is asked: every question of infra.trends, a line each, about scopes of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from infra.edsight.codes import Codes
from infra.trends import held, released
from infra.trends.attendance import attendance
from infra.trends.bands import bands
from infra.trends.breakdowns import attendance_by, bands_by
from infra.trends.cohorts import cohorts
from infra.trends.first_month import first_month
from infra.trends.known_alerts import alerts_as_known, student_as_known
from infra.trends.known_attendance import attendance_as_known
from infra.trends.known_bands import bands_as_known, bands_as_known_by
from infra.trends.late import late_schools
from infra.trends.mhw import mhw_days, mhw_students
from infra.trends.patterns import pattern
from infra.trends.prior_years import years_so_far
from infra.trends.published import published_years
from infra.trends.reasons import absences_by_reason, remote_days
from models.school_year import school_year_of
from models.trends.answers import Page
from models.trends.scope import Scope


class Given(NamedTuple):
    """What a question is asked with: a scope, two school days in order, a student of a district."""

    scope: Scope
    first: date
    last: date
    district: str
    student: str

    @property
    def evening(self) -> datetime:
        """Of the last day."""
        return datetime.combine(self.last, time(22), UTC)

    @property
    def year(self) -> int:
        """The school year of the last day."""
        return school_year_of(self.last)

    @property
    def part(self) -> str:
        """What a scope is usually broken down by: its districts, schools or grades."""
        return "district" if self.scope.state else "grade" if self.scope.school else "school"


SCOPES = ("state", "state, grade", "state, group", "district", "district, grade", "district, group", "school")
IN_DISTRICTS = tuple(kind for kind in SCOPES if not kind.startswith("state"))


class Question(NamedTuple):
    """A question with its name in the tables, the function that it is about, how to ask it, and of what."""

    name: str
    of: Callable[..., Any]
    ask: Callable[[Client, Given], Any]
    scopes: tuple[str, ...] = SCOPES


# A new question is one line more; a test holds the list against infra.trends.
QUESTIONS = (
    Question("days of a year", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "day")),
    Question("weeks", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "week")),
    Question("months", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "month")),
    Question("year to date", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "year")),
    Question("weekdays", attendance, lambda c, g: attendance(c, g.scope, g.first, g.last, "weekday")),
    Question(
        "months as known then", attendance_as_known,
        lambda c, g: attendance_as_known(c, g.scope, g.first, g.last, "month", g.evening),
        IN_DISTRICTS,
    ),
    Question("bands", bands, lambda c, g: bands(c, g.scope, g.last)),
    Question(
        "bands as known then", bands_as_known, lambda c, g: bands_as_known(c, g.scope, g.last, g.evening)
    ),
    Question("late schools", late_schools, lambda c, g: late_schools(c, g.scope, g.last)),
    Question("years so far", years_so_far, lambda c, g: years_so_far(c, g.scope, g.last, 3)),
    Question(
        "months by part", attendance_by,
        lambda c, g: attendance_by(c, g.scope, g.part, g.first, g.last, "month", Page(1000)),
    ),
    Question("bands by part", bands_by, lambda c, g: bands_by(c, g.scope, g.part, g.last)),
    Question(
        "bands by part as known then", bands_as_known_by,
        lambda c, g: bands_as_known_by(c, g.scope, g.part, g.last, g.evening),
    ),
    Question("cohorts", cohorts, lambda c, g: cohorts(c, g.scope, g.last)),
    Question("first month", first_month, lambda c, g: first_month(c, g.scope, g.last)),
    Question("weekdays and mean", pattern, lambda c, g: pattern(c, g.scope, g.first, g.last, "weekday")),
    Question("students with MHW days", mhw_students, lambda c, g: mhw_students(c, g.scope, g.year)),
    Question("MHW days", mhw_days, lambda c, g: mhw_days(c, g.scope, g.first, g.last)),
    Question(
        "reasons by month", absences_by_reason,
        lambda c, g: absences_by_reason(c, g.scope, g.first, g.last, "month"),
    ),
    Question("remote days", remote_days, lambda c, g: remote_days(c, g.scope, g.first, g.last, "month")),
    Question(
        "published years", published_years,
        lambda c, g: published_years(c, g.scope, Codes(), g.year - 5, g.year),
    ),
    Question(
        "alerts as known then", alerts_as_known, lambda c, g: alerts_as_known(c, g.scope, g.last, g.evening)
    ),
    Question(
        "a student as known then", student_as_known,
        lambda c, g: student_as_known(c, g.district, g.student, g.last, g.evening),
        ("district",),
    ),
    Question("schools held", held.schools, lambda c, g: held.schools(c, g.scope)),
    Question("grades held", held.grades, lambda c, g: held.grades(c, g.scope)),
    Question("groups held", held.groups, lambda c, g: held.groups(c, g.scope)),
    Question("years held", held.school_years, lambda c, g: held.school_years(c, g.scope)),
    Question("data through", held.data_through, lambda c, g: held.data_through(c, g.scope, g.last)),
)  # fmt: skip

_OF_A_RELEASE = "reads the rows of one release by their key, and the made-up state has none"
NOT_ASKED = {
    released.districts: _OF_A_RELEASE,
    released.releases: _OF_A_RELEASE,
    released.cells: _OF_A_RELEASE,
}
"""What is left out, and why."""

GROUPS = (
    ("english_learner", "yes"), ("disability", "yes"), ("meals", "free"), ("high_needs", "yes"),
    ("homeless", "yes"), ("race_ethnicity", "Hispanic"), ("gender", "F"),
)  # fmt: skip


class Places(NamedTuple):
    """What there is to ask about: schools (district, school), school days, a student of each district."""

    schools: list[tuple[str, str]]
    days: list[date]
    students: dict[str, str]


def places(client: Client) -> Places:
    """What the store holds."""
    schools = client.query("SELECT DISTINCT district_id, school_id FROM day_counts ORDER BY ALL").result_rows
    days = client.query("SELECT DISTINCT date FROM day_counts ORDER BY date").result_rows
    students = client.query("SELECT district_id, any(student_id) FROM alert_history GROUP BY 1").result_rows
    return Places(
        [(district, school) for district, school in schools], [day for (day,) in days], dict(students)
    )


def given(kind: str, dice: Random, there: Places) -> Given:
    """Random arguments of one kind of scope. A large district is as likely as a small one."""
    district = dice.choice(sorted({district for district, _ in there.schools}))
    grade = dice.choice(("K", "3", "5", "7", "9", "12"))
    dimension, value = dice.choice(GROUPS)
    scope = {
        "state": lambda: Scope(state=True),
        "state, grade": lambda: Scope(state=True, grade=grade),
        "state, group": lambda: Scope(state=True, dimension=dimension, value=value),
        "district": lambda: Scope(district),
        "district, grade": lambda: Scope(district, grade=grade),
        "district, group": lambda: Scope(district, dimension=dimension, value=value),
        "school": lambda: (lambda place: Scope(place[0], school=place[1]))(dice.choice(there.schools)),
    }[kind]()
    # Most questions are about the year so far.
    last = there.days[-1] if dice.random() < 0.5 else dice.choice(there.days)
    return Given(scope, there.days[0], last, district, there.students[district])
