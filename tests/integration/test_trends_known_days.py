"""Attendance as known at an instant is what counting the facts that had been published by then gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from infra.clickhouse.rows import FACT_COLUMNS, add_facts, empty
from infra.clickhouse.store import Store
from infra.clickhouse.student_groups import Bucket
from infra.trends.attendance import attendance
from infra.trends.known_attendance import attendance_as_known
from models.school_year import dates_of
from models.trends.answers import Counts, Period
from models.trends.scope import BadQuestion, Scope
from streams.facts_message import Facts, pack
from tests.integration.test_trends_questions import PERIOD, Told, expected_counts, in_scope, of_grade, scopes
from tests.support.chdb_store import Engine
from tests.support.made_facts import history
from tests.support.pipeline import CountedDay

BEGUN = datetime(2025, 1, 1, tzinfo=UTC)
EVER = (date(2020, 7, 1), date(2026, 6, 30))
MEALS = ("free", "reduced", "paid", "")


class Made:
    """A random history of two districts, a message a minute, and what was newest of each fact at any time."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self._dice = store, Random(seed)
        self.told: list[tuple[datetime, Facts]] = []
        self.meals: dict[tuple[str, str], str] = {}
        self._regroup("D1")
        self._regroup("D2")
        for facts in history(seed, messages=30, facts_a_message=40):
            # What a fact says of its grade may become another.
            for place, grade in enumerate(facts.grades):
                facts.grades[place] = self._dice.choice((grade, grade, grade, "PK", "3"))
            self.tell(facts)
        # Some come again, as after a crash: they are known since the first time.
        for at in (3, 11):
            self._insert(self.told[at][1], self.told[-1][0])
        self._count()
        # Groups are today's: one district has others in the end.
        self._regroup("D1")

    def tell(self, facts: Facts) -> None:
        """Publish and insert a message, of which nothing is counted yet."""
        at = BEGUN + timedelta(minutes=len(self.told))
        self.told.append((at, facts))
        self._insert(facts, at)

    def _insert(self, facts: Facts, at: datetime) -> None:
        columns = empty(FACT_COLUMNS)
        add_facts(columns, pack(facts).value or b"")
        self.store.insert_facts(columns)
        self.store.insert_history(columns, [int(at.timestamp() * 1000)] * len(columns[0]))

    def _count(self) -> None:
        """What the sink does after the facts are inserted."""
        for year in (2023, 2024):
            of_year = [facts for _, facts in self.told if facts.year == year]
            self.store.recount(
                year,
                {
                    (facts.district, *held): 0
                    for facts in of_year
                    for held in zip(facts.schools, facts.students, strict=True)
                },
                {
                    (facts.district, school, str(dates_of(year)[day]))
                    for facts in of_year
                    for school, day in zip(facts.schools, facts.days, strict=True)
                },
            )

    def _regroup(self, district: str) -> None:
        # Of some no group is known.
        given = {f"{number:04d}": self._dice.choice(MEALS) for number in range(20)}
        self.meals |= {(district, student): meals for student, meals in given.items()}
        groups = {student: ("", "", meals, "", "", "") for student, meals in given.items()}
        changed = self.store.put_students([Bucket(district, 0, len(self.told), groups)], 0)
        self.store.recount_students(district, changed)

    def known(self, at: datetime) -> list[CountedDay]:
        """The counted days that were known at an instant."""
        newest = {}
        for known_at, facts in self.told:
            if known_at > at:
                break
            columns = (facts.schools, facts.students, facts.days, facts.grades, facts.classes, facts.counted)
            for school, student, day, *held in zip(*columns, strict=True):
                newest[facts.district, facts.year, dates_of(facts.year)[day], school, student] = held
        return [
            CountedDay(*key, grade, class_, "", False)
            for key, (grade, class_, counted) in newest.items()
            if counted
        ]

    def expected(
        self, at: datetime, scope: Scope, first: date, last: date, period: Callable[[CountedDay], date | int]
    ) -> list[Counts]:
        return expected_counts(
            [
                day
                for day in self.known(at)
                if first <= day.date <= last
                and scope.district in ("", day.district)
                and scope.school in ("", day.school)
                and of_grade(day.grade, scope)
                and scope.dimension in ("all", "meals")
                and (
                    scope.dimension == "all" or self.meals.get((day.district, day.student), "") == scope.value
                )
            ],
            period,
        )


SCOPES = (
    Scope("D1"), Scope("D1", grade="3"), Scope("D1", grade="PK"), Scope("D2", grade="K", dimension="meals"),
    Scope("D2", school="S1"), Scope("D1", school="S0", grade="PK"),
    Scope("D1", dimension="meals", value="free"), Scope("D2", dimension="meals"),
    Scope("D1", school="S2", dimension="meals", value="paid"),
)  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_it_is_the_newest_version_of_each_fact_that_was_known_then(engine: Engine, seed: int) -> None:
    with engine.store() as store:
        made, dice, some = Made(store, seed), Random(seed), 0
        dates = sorted({day.date for day in made.known(made.told[-1][0])})
        spans = (EVER, (dates[len(dates) // 4], dates[-3]))
        moment = timedelta(milliseconds=1)
        instants = [
            BEGUN - moment, BEGUN, made.told[4][0] + moment, made.told[20][0] - moment, made.told[20][0],
            made.told[28][0], datetime(2100, 1, 1, tzinfo=UTC),
        ]  # fmt: skip
        for scope in SCOPES:
            for at in instants:
                by, (first, last) = dice.choice(tuple(PERIOD)), dice.choice(spans)
                found = attendance_as_known(store.client, scope, first, last, by, at)
                assert found == made.expected(at, scope, first, last, PERIOD[by]), (scope, at, by)
                some += len(found)
            # What is known now is what is answered without an instant.
            assert attendance_as_known(store.client, scope, *EVER, "day", instants[-1]) == attendance(
                store.client, scope, *EVER, "day"
            )
        assert some > 150
        what_the_sink_has_in_hand_changes_nothing_of_what_a_district_knew(made)


def what_the_sink_has_in_hand_changes_nothing_of_what_a_district_knew(made: Made) -> None:
    """Facts and versions are inserted, and the days not counted anew yet."""
    before = made.told[-1][0]
    for facts in history(99, messages=4, facts_a_message=200):
        facts.version += 1000
        made.tell(facts)
    for scope in SCOPES:
        found = attendance_as_known(made.store.client, scope, *EVER, "day", before)
        assert found == made.expected(before, scope, *EVER, PERIOD["day"]) and found


@pytest.mark.parametrize("seed", [21])
def test_it_is_what_the_worker_had_published(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, seed)
        dates = sorted({day.date for day in told.end})
        for scope in (each for each in scopes(told) if each.district):
            for known_at, known in ((told.instant, told.half_way), (datetime.now(UTC), told.end)):
                days = [
                    day
                    for day in known
                    if in_scope(day, scope, told.ledgers)
                    and of_grade(day.grade, scope)
                    and dates[1] <= day.date <= dates[-1]
                ]
                periods: tuple[Period, ...] = ("day", "weekday")
                for by in periods:
                    found = attendance_as_known(store.client, scope, dates[1], dates[-1], by, known_at)
                    assert found == expected_counts(days, PERIOD[by])


def test_bad_questions_are_refused(store: Store) -> None:
    day, now = date(2024, 9, 2), datetime.now(UTC)
    with pytest.raises(BadQuestion, match="before"):
        attendance_as_known(store.client, Scope("D"), day, date(2024, 9, 1), "day", now)
    with pytest.raises(BadQuestion, match="of a district"):
        attendance_as_known(store.client, Scope(state=True), day, day, "day", now)
    with pytest.raises(BadQuestion, match="at most 10"):
        attendance_as_known(store.client, Scope("D"), date(2004, 9, 2), day, "day", now)
    with pytest.raises(ValueError, match="offset"):
        attendance_as_known(store.client, Scope("D"), day, day, "day", datetime(2024, 9, 2))
    assert attendance_as_known(store.client, Scope("D"), day, day, "day", now) == []
