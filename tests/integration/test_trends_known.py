"""What was known then of alerts and of one student is what the worker had published by then."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from time import sleep
from typing import NamedTuple

import pytest

from alerts.changes import Published
from infra.clickhouse.rows import EVENT_COLUMNS, add_events, empty
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.trends.known_alerts import alerts_as_known, student_as_known
from models.ledger.district import Ledger
from models.school_year import school_year_of
from models.trends.known import AlertCount, KnownStudent
from models.trends.scope import Scope
from streams.alerts_message import pack
from tests.integration.test_trends_patterns import due_days
from tests.property.proof import accepted, batches, in_some_order
from tests.reference.generate import random_files
from tests.support.chdb_store import Engine, log_in
from tests.support.made_alerts import event
from tests.support.pipeline import CountedDay, Pipeline, counted_days, grouped, groups_of


class Held(NamedTuple):
    """An alert as the worker had published it."""

    district: str
    student: str
    published: Published


class Told:
    """A random history: what was published, and which days counted, half way and at its end."""

    def __init__(self, folder: Path, store: Store, seed: int) -> None:
        rng = Random(seed)
        told = accepted(random_files(rng))
        messages = list(batches(rng, in_some_order(rng, told + grouped(rng, told))))
        with log_in(folder) as log:
            pipeline = Pipeline(log)
            for number, (_, kind, records) in enumerate(messages):
                if number == len(messages) * 2 // 3:
                    self.then = held_by(pipeline)
                    self.days_then = days_of(pipeline)
                    sleep(0.01)
                    self.instant = datetime.now(UTC)
                    sleep(0.01)
                pipeline.take(kind, records)
            sink = Sink(log, store, Metrics("0"))
            while sink.step():
                pass
            self.now, self.days_now = held_by(pipeline), days_of(pipeline)
            self.ledgers = {ledger.district: ledger for ledger in pipeline.ledgers}


def held_by(pipeline: Pipeline) -> list[Held]:
    return [
        Held(engine.ledger.district, student, published)
        for engine in pipeline.processor.engines
        for student, alerts in dict(engine.published()).items()
        for published in alerts.values()
    ]


def days_of(pipeline: Pipeline) -> list[CountedDay]:
    return [day for ledger in pipeline.ledgers for day in counted_days(ledger)]


def condition(published: Published, as_of: date) -> str:
    recovered = published.alert.recovered_on
    if published.withdrawn:
        return "withdrawn"
    return "recovered" if recovered and date.fromisoformat(recovered) <= as_of else "standing"


def is_there(published: Published, as_of: date) -> bool:
    alert = published.alert
    return alert.school_year == school_year_of(as_of) and date.fromisoformat(alert.opened_on) <= as_of


def in_scope(
    held: Held, scope: Scope, ledgers: dict[str, Ledger], grades: dict[tuple[str, str], str]
) -> bool:
    return (
        scope.district in ("", held.district)
        and scope.school in ("", held.published.alert.owner)
        and scope.grade in ("", grades.get((held.district, held.student), "?"))
        and (
            scope.dimension == "all"
            or groups_of(ledgers[held.district], held.student)[scope.dimension] == scope.value
        )
    )


@pytest.mark.parametrize("seed", [3, 6, 10])
def test_alerts_are_those_that_had_been_published(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, seed)
        assert told.then and told.then != told.now
        opened = sorted({date.fromisoformat(held.published.alert.opened_on) for held in told.now})
        district, owner = told.now[0].district, told.now[0].published.alert.owner
        groups = groups_of(told.ledgers[district], told.now[0].student)
        scopes = [
            Scope(state=True),
            Scope(district),
            Scope(district, school=owner),
            Scope(district, grade="5"),
            Scope(district, dimension="meals", value=groups["meals"]),
        ]
        for as_of in (opened[0], opened[len(opened) // 2], opened[-1] + timedelta(days=40)):
            due = due_days(told.days_now, school_year_of(as_of), as_of)
            grades = {student: held[-1].grade for student, held in due.items()}
            for scope in scopes:
                for instant, published in ((told.instant, told.then), (datetime.now(UTC), told.now)):
                    counted = Counter(
                        (
                            held.published.alert.rule,
                            held.published.alert.scope,
                            condition(held.published, as_of),
                        )
                        for held in published
                        if is_there(held.published, as_of) and in_scope(held, scope, told.ledgers, grades)
                    )
                    found = alerts_as_known(store.client, scope, as_of, instant)
                    assert found == [AlertCount(*key, number) for key, number in sorted(counted.items())]


@pytest.mark.parametrize("seed", [3, 10])
def test_a_student_is_told_as_known(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        told = Told(tmp_path, store, seed)
        last = max(day.date for day in told.days_now)
        begun = datetime.now(UTC) - timedelta(hours=1)
        students = sorted({(day.district, day.student) for day in told.days_now})[:12]
        for student in students:
            for instant, published, days in (
                (told.instant, told.then, told.days_then),
                (datetime.now(UTC), told.now, told.days_now),
                (begun, [], []),
            ):
                found = student_as_known(store.client, *student, last, instant)
                assert found is not None
                due = due_days(days, school_year_of(last), last).get(student, [])
                assert (found.enrolled_days, found.absent_days) == (
                    len(due), sum(day.class_ != "" for day in due),
                )  # fmt: skip
                assert found.data_through == (due[-1].date if due else None)
                expected = {
                    held.published.alert.alert_id: condition(held.published, last)
                    for held in published
                    if (held.district, held.student) == student and is_there(held.published, last)
                }
                assert {alert.alert_id: alert.condition for alert in found.alerts} == expected
                for alert in found.alerts:
                    assert begun < alert.first_known <= alert.last_changed <= instant


def test_of_whom_nothing_is_held_is_told_apart_from_what_was_not_known(store: Store) -> None:
    """An alert without a day is something: its days came to be counted no more."""
    columns = empty(EVENT_COLUMNS)
    held = event("a" * 32, 0, "opened")
    add_events(columns, pack([held]).value or b"")
    store.insert_alert_history(columns, [int(datetime(2024, 12, 1, tzinfo=UTC).timestamp() * 1000)])
    before, as_of = datetime(2024, 11, 30, tzinfo=UTC), date(2024, 12, 14)
    nothing = KnownStudent(0, 0, None, ())
    for year in (as_of, date(2019, 9, 2)):
        found = student_as_known(store.client, held.district_id, held.student_id, year, before)
        assert found == nothing
    for other in ((held.district_id, "nobody"), ("elsewhere", held.student_id)):
        assert student_as_known(store.client, *other, as_of, datetime(2030, 1, 1, tzinfo=UTC)) is None


def test_an_event_that_comes_again_stands_at_its_first_time(store: Store) -> None:
    opened, recovered = (
        event("a" * 32, 0, "opened"),
        event("a" * 32, 1, "recovered", condition="recovered", recovered_on="2024-11-04"),
    )
    columns = empty(EVENT_COLUMNS)
    add_events(columns, pack([opened, recovered]).value or b"")
    at = int(datetime(2024, 12, 1, tzinfo=UTC).timestamp() * 1000)
    day = 24 * 3600 * 1000
    store.insert_alert_history(columns, [at, at + 10 * day])
    store.insert_alert_history(columns, [at + 20 * day, at + 20 * day])
    student, as_of = (opened.district_id, opened.student_id), date(2024, 12, 14)
    for known_at, states in (
        (datetime(2024, 11, 30, tzinfo=UTC), []),
        (datetime(2024, 12, 5, tzinfo=UTC), ["standing"]),
        (datetime(2024, 12, 14, tzinfo=UTC), ["recovered"]),
    ):
        found = student_as_known(store.client, *student, as_of, known_at)
        assert found is not None and [alert.condition for alert in found.alerts] == states
    (alert,) = found.alerts
    assert alert.first_known == datetime(2024, 12, 1, tzinfo=UTC)
    assert alert.last_changed == datetime(2024, 12, 11, tzinfo=UTC)
    # Before it recovered it was standing, as everybody knows by now.
    found = student_as_known(store.client, *student, date(2024, 11, 3), datetime(2025, 1, 1, tzinfo=UTC))
    assert found is not None and [alert.condition for alert in found.alerts] == ["standing"]


def test_an_instant_has_an_offset(store: Store) -> None:
    with pytest.raises(ValueError, match="offset"):
        alerts_as_known(store.client, Scope("D"), date(2024, 9, 2), datetime(2024, 9, 2))
    with pytest.raises(ValueError, match="offset"):
        student_as_known(store.client, "D", "s", date(2024, 9, 2), datetime(2024, 9, 2))
