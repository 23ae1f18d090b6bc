"""Counts by code and what codes are called follow facts and state, whatever is corrected and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import orjson
import pytest

from infra.clickhouse.derived import work_out_if_needed
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.sqlite_log.log import SqliteLog
from infra.trends.reasons import absences_by_reason, remote_days
from models.trends.scope import Scope
from streams import facts_message
from streams.event_log import Outgoing
from streams.facts_message import Facts
from streams.topics import CHANGELOG, DEAD_LETTERS, FACTS
from tests.support.chdb_store import dump, log_in
from tests.support.made_students import codes, values

FIRST, LAST = date(2024, 7, 1), date(2025, 6, 30)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    with log_in(tmp_path) as log:
        yield log


def days(version: int, *given: tuple[str, int, str, int, str, bool], district: str = "D") -> Outgoing:
    """Facts of 2024-25 at school A in grade 5: student, day, class, counted, code, remote."""
    facts = Facts(district, 2024, version)
    for student, day, class_, counted, code, remote in given:
        facts.add("A", student, "5", day, class_, counted, (code, remote))
    return facts_message.pack(facts)


def drain(log: SqliteLog, store: Store) -> None:
    sink = Sink(log, store, Metrics("0"))
    while sink.step():
        pass


def reasons(store: Store, scope: Scope, last: date = LAST) -> list[tuple[str, str, int]]:
    """Code, label and absences of the year."""
    found = absences_by_reason(store.client, scope, FIRST, last, "year")
    return [(held.code, held.label, held.absent) for held in found]


def test_a_correction_moves_a_day_to_another_reason(log: SqliteLog, store: Store) -> None:
    log.append(FACTS.name, [days(1, ("s1", 70, "excused", 1, "NP", False), ("s2", 70, "", 1, "", False))])
    log.append(CHANGELOG, [codes("D", {"NP": "Needs physical", "VHC": "Visit to home country"})])
    drain(log, store)
    assert reasons(store, Scope("D")) == [("NP", "Needs physical", 1)]
    log.append(FACTS.name, [days(2, ("s1", 70, "excused", 1, "VHC", False))])
    drain(log, store)
    assert reasons(store, Scope("D")) == [("VHC", "Visit to home country", 1)]
    log.append(FACTS.name, [days(3, ("s1", 70, "", 1, "DLP", True))])
    drain(log, store)
    assert reasons(store, Scope("D")) == []
    [year] = remote_days(store.client, Scope("D"), FIRST, LAST, "year")
    assert (year.remote_counted, year.in_person_counted, year.remote_share) == (1, 1, "50.00")
    log.append(FACTS.name, [days(4, ("s1", 70, "", 0, "", False))])
    drain(log, store)
    [year] = remote_days(store.client, Scope("D"), FIRST, LAST, "year")
    assert (year.counted, year.remote_counted, year.remote_share) == (1, 0, "0.00")


def test_reasons_are_counted_by_group_and_follow_it(log: SqliteLog, store: Store) -> None:
    log.append(FACTS.name, [days(1, ("s1", 70, "excused", 1, "NP", True))])
    log.append(CHANGELOG, values("D", {"s1": {"meals": "free"}}))
    drain(log, store)
    free, paid = (Scope("D", dimension="meals", value=value) for value in ("free", "paid"))
    assert (reasons(store, free), reasons(store, paid)) == ([("NP", "", 1)], [])
    log.append(CHANGELOG, values("D", {"s1": {"meals": "paid"}}))
    drain(log, store)
    assert (reasons(store, free), reasons(store, paid)) == ([], [("NP", "", 1)])
    [year] = remote_days(store.client, paid, FIRST, LAST, "year")
    assert (year.remote_absent, year.in_person_absent) == (1, 0)


def test_what_codes_are_called_is_replaced_whole(log: SqliteLog, store: Store) -> None:
    log.append(FACTS.name, [days(1, ("s1", 70, "excused", 1, "NP", False))])
    for labels, called in (
        ({"NP": "Needs 'physical' \\ é"}, "Needs 'physical' \\ é"),
        ({"NP": "Physical", "A": "Absent"}, "Physical"),
        ({"A": "Absent"}, ""),
        ({}, ""),
    ):
        log.append(CHANGELOG, [codes("D", labels)])
        drain(log, store)
        assert reasons(store, Scope("D")) == [("NP", called, 1)]


def test_codes_of_two_districts_are_one_reason_where_they_are_called_alike(
    log: SqliteLog, store: Store
) -> None:
    for number, (district, label) in enumerate((("D", "Physical"), ("E", "Physical"), ("F", "No parent"))):
        log.append(FACTS.name, [days(number, ("s1", 70, "excused", 1, "NP", False), district=district)])
        log.append(CHANGELOG, [codes(district, {"NP": label})])
    drain(log, store)
    assert reasons(store, Scope(state=True)) == [("NP", "Physical", 2), ("NP", "No parent", 1)]


def test_facts_of_an_older_worker_are_absences_for_no_known_reason(log: SqliteLog, store: Store) -> None:
    message = days(1, ("s1", 70, "excused", 1, "NP", False), ("s2", 70, "", 1, "", False))
    held = orjson.loads(message.value or b"")
    del held["codes"]
    log.append(FACTS.name, [Outgoing(message.key, orjson.dumps(held))])
    drain(log, store)
    assert reasons(store, Scope("D")) == [("", "", 1)]
    assert [each.remote_counted for each in remote_days(store.client, Scope("D"), FIRST, LAST, "day")] == [0]


def test_codes_that_cannot_be_read_are_passed_over(log: SqliteLog, store: Store) -> None:
    good = codes("D", {"NP": "Physical"})
    log.append(FACTS.name, [days(1, ("s1", 70, "excused", 1, "NP", False))])
    log.append(CHANGELOG, [good, Outgoing(good.key, b"no value")])
    drain(log, store)
    assert reasons(store, Scope("D")) == [("NP", "Physical", 1)]
    assert log.end(DEAD_LETTERS.name, 0) == 0


def test_a_store_of_an_older_form_is_worked_out_as_a_whole(log: SqliteLog, store: Store) -> None:
    log.append(FACTS.name, [days(1, ("s1", 70, "excused", 1, "NP", False), ("s2", 71, "", 1, "DLP", True))])
    drain(log, store)
    before = dump(store.client)
    store.client.command("TRUNCATE TABLE reason_counts")
    store.client.command("INSERT INTO derived (name, form) VALUES ('standings and day_counts', 1)")
    assert work_out_if_needed(store) == 1
    assert dump(store.client) == before
    assert work_out_if_needed(store) == 0
