"""The history of alerts is kept once, and the view shows each alert as it was last published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from infra.clickhouse.queries import RuleCount, alerts_by_rule
from infra.clickhouse.rows import EVENT_COLUMNS, add_events, empty
from infra.clickhouse.store import Store
from streams.alerts_message import AlertEvent, pack
from tests.support.chdb_store import dump
from tests.support.made_alerts import event, histories

ALERT = "a" * 32


def put(store: Store, events: Sequence[AlertEvent]) -> None:
    columns = empty(EVENT_COLUMNS)
    add_events(columns, pack(events).value or b"")
    store.insert_events(columns)


def test_the_newest_event_is_the_current_state(store: Store) -> None:
    opened = event(ALERT, 0, "opened")
    recovered = event(ALERT, 1, "recovered", condition="recovered", recovered_on="2024-11-04", absent_days=3)
    put(store, [opened])
    put(store, [recovered])
    rows = store.client.query("SELECT condition, recovered_on, amendments, absent_days, dates FROM alerts")
    dates = [date(2024, 9, 12), date(2024, 10, 1)]
    assert rows.result_rows == [("recovered", date(2024, 11, 4), 1, 3, dates)]


def test_a_reopened_alert_has_no_recovery_any_more(store: Store) -> None:
    put(
        store,
        [
            event(ALERT, 0, "opened"),
            event(ALERT, 1, "recovered", condition="recovered", recovered_on="2024-11-04"),
            event(ALERT, 2, "reopened", recovered_on="", data_through=""),
        ],
    )
    rows = store.client.query(
        "SELECT condition, recovered_on, data_through, amendments FROM alerts"
    ).result_rows
    assert rows == [("standing", None, None, 2)]


def test_replays_vanish_in_any_order(store: Store) -> None:
    events = histories(seed=2)
    put(store, events)
    before = dump(store.client)
    assert len(before["alert_events"]) == len(events)
    put(store, list(reversed(events)))
    put(store, events[5:9])
    assert dump(store.client) == before


def test_an_event_published_again_with_other_evidence_is_the_last_one(store: Store) -> None:
    put(store, [event(ALERT, 0, "opened", absent_days=2)])
    put(store, [event(ALERT, 0, "opened", absent_days=3)])
    assert store.client.query("SELECT absent_days FROM alerts").result_rows == [(3,)]


def test_alerts_by_rule_are_those_of_one_district_and_year(store: Store) -> None:
    put(
        store,
        [
            event("a" * 32, 0, "opened"),
            event("b" * 32, 0, "opened"),
            event("c" * 32, 0, "opened"),
            event("c" * 32, 1, "withdrawn", condition="withdrawn"),
            event("d" * 32, 0, "opened", rule="mhw_day"),
            event("e" * 32, 0, "opened", district_id="D2"),
            event("f" * 32, 0, "opened", school_year="2023-24"),
        ],
    )
    assert alerts_by_rule(store.client, "D1", 2024) == [
        RuleCount("mhw_day", "standing", 1),
        RuleCount("tier_2", "standing", 2),
        RuleCount("tier_2", "withdrawn", 1),
    ]
    assert alerts_by_rule(store.client, "D2", 2024) == [RuleCount("tier_2", "standing", 1)]
    assert alerts_by_rule(store.client, "D3", 2024) == []


def test_only_the_district_is_read_behind_the_view(store: Store) -> None:
    put(store, histories(seed=3))
    explained = store.client.query(
        "EXPLAIN indexes = 1 SELECT count() FROM alerts WHERE district_id = 'D1'"
    ).result_rows
    text = "\n".join(line for (line,) in explained)
    assert "(district_id in ['D1', 'D1'])" in text
