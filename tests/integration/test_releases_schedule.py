"""The sink makes a release of each district once a month is over, and no failure keeps it from its work."""

from __future__ import annotations

import io
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from infra import logging
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.releases import keeping
from infra.releases.schedule import Schedule
from infra.trends.released import releases
from models.policy import contract
from models.releases.due import Every
from models.suppression import release as releasing
from models.suppression.hide import Hidden
from tests.support.chdb_store import Engine
from tests.support.command import Rollcall
from tests.support.made_store import fill

STOP = threading.Event()


class Clock:
    """A wall clock that is put, and a monotonic one that goes with it."""

    def __init__(self, text: str) -> None:
        self.now = datetime.fromisoformat(text).astimezone(UTC).timestamp()

    def __call__(self) -> float:
        return self.now


def schedule(store: Store, metrics: Metrics, clock: Clock, every: Every = "month") -> Schedule:
    return Schedule(store, metrics, contract, every, monotonic=clock, wall=clock)


def settled(held: Schedule, clock: Clock) -> None:
    """Idle as long as a release may take, and past the next look."""
    for _ in range(12_000):
        held.idle(STOP)
        if held._deciding is None:
            break
        time.sleep(0.01)
    clock.now += 61
    held.idle(STOP)
    while held._deciding is not None:
        time.sleep(0.01)
        held.idle(STOP)


def value(metrics: Metrics, name: str) -> float:
    return float(metrics.render().decode().split(f"\n{name} ")[1].split("\n")[0])


def test_a_release_is_made_once_after_the_month(engine: Engine) -> None:
    with engine.store() as store:
        for district in ("D1", "D2"):
            fill(store, district, students=2500, days=40)
        metrics, clock = Metrics("0"), Clock("2024-09-30T23:30:00-04:00")
        held = schedule(store, metrics, clock)
        settled(held, clock)
        # In August there were two days of school.
        assert [each.as_of for each in releases(store.client, "D1")] == [date(2024, 8, 31)]
        clock.now += 3600
        for _ in range(4):
            settled(held, clock)
        for district in ("D1", "D2"):
            assert [each.as_of for each in releases(store.client, district)] == [
                date(2024, 9, 30),
                date(2024, 8, 31),
            ]
            assert releases(store.client, district)[0].made_by == "schedule"
        assert value(metrics, "rollcall_releases_due") == 0
        made_at = value(metrics, "rollcall_release_timestamp_seconds")
        assert clock.now - 3600 < made_at <= clock.now
        version = store.client.query("SELECT count() FROM releases").result_rows
        again = schedule(store, metrics, clock)  # after a start
        settled(again, clock)
        assert store.client.query("SELECT count() FROM releases").result_rows == version


@pytest.mark.parametrize(("every", "now"), [("never", "2024-10-05"), ("month", "2025-01-05")])
def test_none_is_made_where_none_is_wanted_or_the_month_had_no_day(
    engine: Engine, every: Every, now: str
) -> None:
    with engine.store() as store:
        fill(store, students=50, days=30)
        clock = Clock(f"{now}T12:00:00-04:00")
        settled(schedule(store, Metrics("0"), clock, every), clock)
        assert releases(store.client, "D1") == []


def test_a_failure_is_counted_told_without_a_group_and_tried_again_a_day_later(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = io.StringIO()
    logging.configure("INFO", "json", stream=lines)
    with engine.store() as store:
        fill(store, students=2500, days=40)
        metrics, clock = Metrics("0"), Clock("2024-10-01T12:00:00-04:00")
        held = schedule(store, metrics, clock)
        with monkeypatch.context() as patched:
            patched.setattr(
                releasing, "hide", lambda system, wanted: Hidden(frozenset(wanted), frozenset(), (), ())
            )
            settled(held, clock)
            settled(held, clock)
            assert value(metrics, "rollcall_release_failures_total") == 1
            assert value(metrics, "rollcall_releases_due") == 1
        assert releases(store.client, "D1") == []
        clock.now += 24 * 3600
        settled(held, clock)
        assert len(releases(store.client, "D1")) == 1
    told = lines.getvalue()
    assert '"event":"release_not_proven"' in told and '"event":"release_made"' in told
    assert "high_needs" not in told and "S1" not in told


def test_what_the_store_finds_wrong_is_a_failure_and_the_sink_goes_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine.store() as store:
        fill(store, students=2500, days=40)
        metrics, clock = Metrics("0"), Clock("2024-10-01T12:00:00-04:00")
        held = schedule(store, metrics, clock)
        with monkeypatch.context() as patched:
            # Whatever is shown is wrong.
            patched.setattr(keeping, "why_hidden_sql", lambda *_: "'small_count'")
            settled(held, clock)
        assert value(metrics, "rollcall_release_failures_total") == 1
        assert releases(store.client, "D1") == []
        clock.now += 24 * 3600
        settled(held, clock)
        assert len(releases(store.client, "D1")) == 1


def test_the_sink_waits_for_no_decision(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is decided what is hidden, a call of the idle sink comes back at once."""
    go_on = threading.Event()
    hide = releasing.hide

    def slow(*given: object) -> Hidden:
        assert go_on.wait(30)
        return hide(*given)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(releasing, "hide", slow)
    with engine.store() as store:
        fill(store, students=2500, days=40)
        clock = Clock("2024-10-01T12:00:00-04:00")
        held = schedule(store, Metrics("0"), clock)
        for _ in range(50):
            held.idle(STOP)  # would wait for half a minute otherwise
        assert releases(store.client, "D1") == []
        go_on.set()
        settled(held, clock)
        assert len(releases(store.client, "D1")) == 1


def test_the_command_says_where_there_is_nothing_to_release(tmp_path: Path) -> None:
    rollcall = Rollcall(tmp_path)
    done = rollcall.run("release", "--district", "D1", "--as-of", "2024-10-20", status=2)
    assert "district D1 has no counted day in the school year of 2024-10-20" in done.stderr
