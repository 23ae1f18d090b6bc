"""What is stored over HTTP is what is stored in chDB: tables, inserts, standings, questions and errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from clickhouse_connect.driver.httpclient import HttpClient

from infra.clickhouse.client import open_client
from infra.clickhouse.migrate import known, migrate
from infra.clickhouse.queries import alerts_by_rule, days_of_student, students_by_tier
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store, open_store
from infra.clickhouse.unavailable import StoreUnavailable
from infra.edsight.codes import Codes
from infra.metrics import Metrics
from infra.settings import Settings
from infra.trends.attendance import attendance
from infra.trends.bands import bands
from infra.trends.cohorts import cohorts
from infra.trends.first_month import first_month
from infra.trends.known_alerts import alerts_as_known, student_as_known
from infra.trends.known_bands import bands_as_known
from infra.trends.mhw import mhw_days, mhw_students
from infra.trends.prior_years import years_so_far
from infra.trends.published import published_years
from infra.trends.reasons import absences_by_reason, remote_days
from infra.trends.released import cells, releases
from infra.verify.checks import of_store
from infra.verify.run import counts
from models.policy import contract
from models.published import Published
from models.trends.scope import Scope
from streams import alerts_message, facts_message, published_message
from streams.topics import ALERTS, CHANGELOG, FACTS, PUBLISHED
from tests.support import made_alerts, made_facts, made_store
from tests.support.chdb_store import dump, engine_in, log_in
from tests.support.clickhouse_server import database_at, server_in
from tests.support.command import Rollcall
from tests.support.made_students import codes, students


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server_in(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Iterator[Settings]:
    with database_at(address, tmp_path) as settings:
        yield settings


def filled(store: Store, folder: Path) -> None:
    """Store made-up facts and alerts as the sink does."""
    with log_in(folder) as log:
        log.append(FACTS.name, [facts_message.pack(facts) for facts in made_facts.history(seed=7)])
        log.append(ALERTS.name, [alerts_message.pack([event]) for event in made_alerts.histories(seed=7)])
        log.append(CHANGELOG, [*students("D1", 7), codes("D1", {"EX0": "Ill \\'", "EX1": ""})])
        row = Published(2024, "district", "D1", "Andover", "", "", "meals", "free", None, 1250)
        log.append(PUBLISHED.name, list(published_message.pack([row], 1)))
        sink = Sink(log, store, Metrics("0"))
        while sink.step():
            pass


def _newer_questions(store: Store) -> list[object]:
    """What the questions answer that other tests ask of the embedded engine only."""
    client, scope, last = store.client, Scope("D1", dimension="meals", value="free"), date(2025, 6, 30)
    now = datetime.now(UTC)
    (student,) = client.query(
        "SELECT student_id FROM alert_history WHERE district_id = 'D1' AND school_year = 2024"
        " ORDER BY student_id LIMIT 1"
    ).result_rows[0]
    known = student_as_known(client, "D1", student, last, now)
    return [
        cohorts(client, scope, last),
        first_month(client, scope, last),
        mhw_students(client, Scope("D1"), 2024).by_days,
        mhw_days(client, Scope("D1"), date(2024, 7, 1), last),
        alerts_as_known(client, Scope("D1"), last, now),
        [alert[:-2] for alert in known.alerts],  # each log has its own times
        published_years(client, scope, Codes(), 2024, 2024),
    ]


def test_the_same_messages_give_the_same_tables(settings: Settings, tmp_path: Path) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    with engine_in(tmp_path) as engine, engine.store() as here, open_store(settings) as there:
        assert isinstance(there.client, HttpClient)
        filled(here, tmp_path / "here")
        filled(there, tmp_path / "there")
        tables = dump(there.client)
        assert tables == dump(here.client)
        assert all(tables.values())
        answers = [_newer_questions(store) for store in (here, there)]
        assert answers[0] == answers[1] and all(answers[0])
        for scope in (Scope(state=True), Scope("D1", dimension="meals", value="free")):
            last = date(2025, 6, 30)
            found = bands(there.client, scope, last)
            assert found == bands(here.client, scope, last) and found.students
            now = datetime.now(UTC)
            assert bands_as_known(there.client, scope, last, now) == found
            days = attendance(there.client, scope, date(2024, 7, 1), last, "week")
            assert days == attendance(here.client, scope, date(2024, 7, 1), last, "week") != []
            for question in (absences_by_reason, remote_days):
                asked = [
                    question(each.client, scope, date(2024, 7, 1), last, "month") for each in (there, here)
                ]
                assert asked[0] == asked[1] != []
            assert len(years_so_far(there.client, scope, last, 1)) == 2
        assert counts(of_store(there.client, "D1", 2024, contract("D1", 2024)))["day_counts"] == 0
        for ask in (students_by_tier, alerts_by_rule):
            assert ask(there.client, "D1", 2024) == ask(here.client, "D1", 2024) != []
        assert days_of_student(there.client, "D1", "0001", 2024) == days_of_student(
            here.client, "D1", "0001", 2024
        )
        assert there.newest_version() == here.newest_version() == 39


def test_all_migrations_run_and_are_taken_back(settings: Settings) -> None:
    client = open_client(settings)
    assert len(migrate(client, settings.clickhouse_database)) == len(known())
    assert migrate(client, settings.clickhouse_database) == []
    assert len(migrate(client, settings.clickhouse_database, 0)) == len(known())
    client.close()


@pytest.mark.parametrize("text", ["a'b", "\\N", "tab\there", "line\nbreak", "{x:String}", "Ünïcode", "%"])
def test_parameters_travel_as_they_are(settings: Settings, text: str) -> None:
    client = open_client(settings)
    assert client.query("SELECT {text:String}", parameters={"text": text}).result_rows == [(text,)]
    client.close()


def test_an_error_is_told_by_its_number_and_not_by_its_text(settings: Settings) -> None:
    with open_store(settings) as store:
        store.client.command("DROP TABLE standings SYNC")
        with pytest.raises(StoreUnavailable, match="answers with its error 60; its own log says") as told:
            store.recount(2024, {("D1", "S1", "CANARY"): 0}, ())
        assert "CANARY" not in str(told.value) and told.value.__cause__ is None


def test_a_release_is_made_and_read_over_http(settings: Settings) -> None:
    """By the command in a process of its own, beside whoever else reads the server."""
    as_of = date(2024, 10, 20)
    with open_store(settings) as store:
        made_store.fill(store, students=300, days=50)
    extra = {
        "ROLLCALL_CLICKHOUSE": settings.clickhouse,
        "ROLLCALL_CLICKHOUSE_USER": settings.clickhouse_user,
        "ROLLCALL_CLICKHOUSE_DATABASE": settings.clickhouse_database,
    }
    if settings.clickhouse_password is not None:
        extra["ROLLCALL_CLICKHOUSE_PASSWORD"] = settings.clickhouse_password.get_secret_value()
    done = Rollcall(settings.home, extra=extra).run("release", "--district", "D1", "--as-of", str(as_of))
    assert re.search(r"district D1 as of 2024-10-20: [0-9]+ numbers, [0-9]+ of them hidden", done.stderr)
    with open_store(settings) as store:
        (held,) = releases(store.client, "D1")
        assert (held.as_of, held.data_through) == (as_of, date(2024, 10, 17))
        shown = {
            cell.measure: cell.value
            for cell in cells(store.client, "D1", as_of, "bands")
            if (cell.school_id, cell.grade, cell.dimension) == ("", "", "all")
        }
        true = bands(store.client, Scope("D1"), as_of)
        assert (shown["enrolled"], shown["chronic"]) == (true.students, true.chronic)
        row = store.client.query(
            "SELECT chronic FROM reporting_bands"
            " WHERE school_id = '' AND grade = '' AND dimension = 'all' AND member = ''"
        ).result_rows
        assert row == [(true.chronic,)]
