"""The store is away, is restarted, is full or may not be written: nothing is lost, nothing is there twice.

What is published meanwhile waits in the log. A real engine fails in real ways here; time is one that the
tests move.
"""

from __future__ import annotations

import io
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from infra import logging
from infra.clickhouse.following import follow
from infra.clickhouse.sink import SINK_GROUP, SINK_TOPICS, Sink
from infra.clickhouse.store import Store, open_store
from infra.clickhouse.unavailable import StoreUnavailable
from infra.metrics import Metrics
from infra.settings import Settings, load
from infra.sqlite_log.log import SqliteLog
from models.published import Published
from streams import alerts_message, facts_message, published_message
from streams.event_log import EventLog, Outgoing
from streams.topics import ALERTS, APP_ID, CHANGELOG, FACTS, RECORDS
from streams.topics import PUBLISHED as RATES
from tests.support import made_alerts, made_facts
from tests.support.chdb_store import Engine, dump, engine_in, log_in
from tests.support.command import Rollcall
from tests.support.cutting_proxy import Cut, cutting
from tests.support.logs import log_of
from tests.support.made_students import codes, students
from tests.support.restartable_server import Restartable, restartable
from tests.support.town import attendance, write_town

HOUR = 3_600.0
RATE = Published(2024, "district", "D1", "Andover", "", "", "meals", "free", None, 1250)
PUBLISHED = {
    FACTS.name: [facts_message.pack(facts) for facts in made_facts.history(seed=11, messages=30)],
    ALERTS.name: [alerts_message.pack([event]) for event in made_alerts.histories(seed=11)],
    RATES.name: list(published_message.pack([RATE], 1)),
    CHANGELOG: [*students("D1", 11), codes("D1", {"EX0": "Ill", "EX1": ""}), *students("D2", 12)],
}


def publish(log: SqliteLog, part: int, parts: int = 2) -> None:
    """One part after the other of the same history, as a worker publishes it."""
    for topic, every in PUBLISHED.items():
        log.append(topic, every[len(every) * part // parts : len(every) * (part + 1) // parts])


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the store holds when nothing fails."""
    home = tmp_path_factory.mktemp("undisturbed")
    with engine_in(home) as engine, engine.store() as store, log_in(home) as log:
        for part in range(2):
            publish(log, part)
        sink = Sink(log, store, Metrics("0"))
        while sink.step():
            pass
        tables = dump(store.client)
    assert all(tables.values())
    return tables


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Restartable]:
    (tmp_path / "server").mkdir()
    with restartable(tmp_path / "server") as server:
        yield server


def at(port: int, home: Path) -> Settings:
    return load(home=home, clickhouse=f"http://127.0.0.1:{port}", clickhouse_user="default")


class Time(threading.Event):
    """A clock that only waiting moves. At its `turns` something happens; it stops when all is stored."""

    def __init__(self, log: SqliteLog, turns: dict[float, Callable[[], object]]) -> None:
        super().__init__()
        self.now = 0.0
        self._log = log
        self._turns = turns
        self._until = 2.0

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None
        self.now += timeout
        for due in [each for each in self._turns if each <= self.now]:
            self._turns.pop(due)()
        if self._turns or waiting(self._log):
            self._until = self.now + 2.0
        # The gauges are set once a second.
        if self.now > self._until:
            self.set()
        return self.is_set()


def waiting(log: SqliteLog) -> int:
    return sum(log.end(topic, 0) - (log.committed(SINK_GROUP, topic, 0) or 0) for topic in SINK_TOPICS)


def value(metrics: Metrics, name: str, **labels: str) -> float:
    families = text_string_to_metric_families(metrics.render().decode())
    return next(s.value for f in families for s in f.samples if s.name == name and s.labels == labels)


@contextmanager
def logged() -> Iterator[io.StringIO]:
    lines = io.StringIO()
    logging.configure("INFO", "json", stream=lines)
    try:
        yield lines
    finally:
        logging.configure()


def stored_through(
    log: SqliteLog, store: Store, turns: dict[float, Callable[[], object]], metrics: Metrics | None = None
) -> Time:
    """Run the sink while `turns` happen, until it has stored everything."""
    time = Time(log, turns)
    sink = Sink(
        log, store, metrics or Metrics("0"), store_seconds=float("inf"), messages_a_read=4, rows_a_commit=300,
        monotonic=lambda: time.now,
    )  # fmt: skip
    sink.run(time)
    return time


def test_an_hour_away(server: Restartable, tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    metrics, lags = Metrics("0"), []
    with log_in(tmp_path) as log, open_store(at(server.port, tmp_path)) as store, logged() as lines:
        publish(log, 0)

        def look() -> None:
            lags.append((value(metrics, "rollcall_sink_lag_messages"), waiting(log)))

        stored_through(
            log, store,
            {
                10.0: server.kill, 11.0: lambda: publish(log, 1), 30.0: look, HOUR: look,
                HOUR + 10.0: server.start,
            },
            metrics,
        )  # fmt: skip
        assert dump(store.client) == undisturbed
        assert waiting(log) == 0 and value(metrics, "rollcall_sink_lag_messages") == 0
    # It is seen while it is so, and not only afterwards.
    assert lags[0] == lags[1] and lags[0][0] == lags[0][1] > 20
    assert value(metrics, "rollcall_sink_errors_total", kind="unavailable") > HOUR / 5.0 - 20
    told = lines.getvalue()
    assert 50 < told.count('"event":"store_is_tried_again"') < 70
    assert told.count('"event":"store_is_back"') == 1
    assert "CANARY" not in told and "127.0.0.1" not in told and "withheld" not in told
    # The libraries would say so at every try.
    assert "library_line" not in told


# Each write of a batch, by the table.
WRITES = ("student_day_facts", "fact_history", "alert_events", "standings", "district_bands",
          "district_spans", "students", "day_counts", "district_days",
          "district_reasons", "school_days", "stored_positions")  # fmt: skip


@pytest.mark.parametrize("where", ["in the body", "before the answer", "in the answer"])
def test_cut_in_the_middle_of_each_write(
    server: Restartable, tmp_path: Path, undisturbed: dict[str, Any], where: Cut
) -> None:
    with (
        cutting(server.port) as proxy,
        log_in(tmp_path) as log,
        open_store(at(proxy.port, tmp_path)) as store,
    ):
        for number, table in enumerate(WRITES):
            publish(log, number, len(WRITES))
            proxy.cut(where, table)
            stored_through(log, store, {})
            assert proxy.cuts == number + 1, table
        assert dump(store.client) == undisturbed


def test_killed_in_the_middle_of_an_insert(
    server: Restartable, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """Not only the connection ends, but the server, while it works on what it was sent."""
    with log_in(tmp_path) as log, open_store(at(server.port, tmp_path)) as store:
        client: Any = store.client
        command, kills = client.command, []

        def killed_soon(text: str, *given: Any, **options: Any) -> Any:
            if text.startswith("INSERT INTO") and len(kills) < 5 and len(text) % 3 == len(kills) % 3:
                kills.append(threading.Timer(0.002 * len(kills), server.kill))
                kills[-1].start()
            return command(text, *given, **options)

        client.command = killed_soon
        for part in range(2):
            publish(log, part)
            time = Time(log, {})
            wait = time.wait

            def started(timeout: float | None = None, wait: Any = wait) -> bool:
                for each in kills:
                    each.join()
                server.start_if_killed()
                return bool(wait(timeout))

            time.wait = started  # type: ignore[method-assign]  # it is passed on to the real one
            Sink(
                log, store, Metrics("0"), store_seconds=float("inf"), monotonic=lambda time=time: time.now
            ).run(time)
        assert len(kills) == 5
        server.start_if_killed()
        assert dump(store.client) == undisturbed


def test_the_disk_is_full(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    (tmp_path / "small").mkdir()
    with (
        small_disk(tmp_path / "small") as disk,
        restartable(disk) as server,
        log_in(tmp_path) as log,
        open_store(at(server.port, tmp_path)) as store,
        logged() as lines,
    ):
        filler = disk / "filler"

        def fill() -> None:
            with filler.open("wb", buffering=0) as file, suppress(OSError):
                while file.write(bytes(65_536)) == 65_536:
                    pass

        publish(log, 0)
        turns: dict[float, Callable[[], object]] = {
            10.0: fill, 11.0: lambda: publish(log, 1), 300.0: filler.unlink,
        }  # fmt: skip
        time = stored_through(log, store, turns)
        assert time.now > 300.0
        assert dump(store.client) == undisturbed
    assert '"clickhouse_error":243' in lines.getvalue()


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 16 MB in memory."""
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("a small disk can only be mounted by root; the other refusals of the engine are tested")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


# What the engine itself refuses, and the number by which it says so.
READ_ONLY = ("table_readonly", 1, 774)
TOO_LITTLE_SPACE = ("min_free_disk_bytes_to_perform_insert", 2**60, 243)


@pytest.mark.parametrize(
    ("table", "refusal"),
    [
        ("student_day_facts", READ_ONLY), ("student_day_facts", TOO_LITTLE_SPACE), ("standings", READ_ONLY),
        ("day_counts", READ_ONLY), ("stored_positions", READ_ONLY),
    ],
)  # fmt: skip
def test_a_table_that_takes_nothing(
    engine: Engine, tmp_path: Path, undisturbed: dict[str, Any], table: str, refusal: tuple[str, int, int]
) -> None:
    setting, on, code = refusal
    metrics = Metrics("0")
    with log_in(tmp_path) as log, engine.store() as store, logged() as lines:

        def alter(text: str) -> Callable[[], object]:
            return lambda: store.client.command(f"ALTER TABLE {table} {text}")

        publish(log, 0)
        stored_through(
            log, store,
            {
                10.0: alter(f"MODIFY SETTING {setting} = {on}"), 11.0: lambda: publish(log, 1),
                300.0: alter(f"RESET SETTING {setting}"),
            },
            metrics,
        )  # fmt: skip
        assert dump(store.client) == undisturbed
    assert value(metrics, "rollcall_sink_errors_total", kind="unavailable") > 50
    assert f'"clickhouse_error":{code}' in lines.getvalue()


def test_tables_that_are_gone_end_the_sink_which_makes_them_anew_at_its_start(
    engine: Engine, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    settings = engine.settings()
    with log_in(tmp_path) as log:
        publish(log, 0)
        with open_store(settings) as store:
            stored_through(log, store, {})
            store.client.command(f"DROP DATABASE {settings.clickhouse_database} SYNC")
            publish(log, 1)
            with pytest.raises(StoreUnavailable, match=r"error (60|81)"):
                stored_through(log, store, {})
        with open_store(settings) as store, logged() as lines:
            log.append(RECORDS.name, [Outgoing(b"D1", b"[]")] * 40)
            follow(log, store)
            stored_through(log, store, {})
            assert dump(store.client) == undisturbed
    assert '"event":"store_is_filled_again"' in lines.getvalue()


def test_the_worker_goes_on_without_the_store(
    server: Restartable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worker and sink in one process, at whose start no store answers, for longer than a log may be away."""
    server.kill()
    extra = {
        "ROLLCALL_CLICKHOUSE": server.address, "ROLLCALL_CLICKHOUSE_USER": "default",
        "ROLLCALL_RETRY_SECONDS": "1",
    }  # fmt: skip
    rollcall = Rollcall(tmp_path / "home", extra=extra)
    rollcall.home.mkdir()
    town = write_town(tmp_path / "town")
    (town / "attendance.csv").write_text(attendance("mia,2021-09-01,U", "mia,2021-09-02,E"))
    rollcall.run("ingest", town)
    process = rollcall.start("run")
    try:
        with log_of(rollcall, monkeypatch) as log:
            until(lambda: caught_up_by(log, APP_ID, RECORDS.name), process)
            sleep(2.0)
            assert process.poll() is None and log.committed(SINK_GROUP, FACTS.name, 0) is None
            server.start()
            until(lambda: caught_up_by(log, SINK_GROUP, FACTS.name), process)
            server.kill()
            (town / "attendance.csv").write_text(attendance("mia,2021-09-03,U"))
            rollcall.run("ingest", town / "attendance.csv")
            until(lambda: caught_up_by(log, APP_ID, RECORDS.name), process)
            server.start()
            until(lambda: caught_up_by(log, SINK_GROUP, FACTS.name), process)
        process.terminate()
        assert process.wait(60) == 0
        rollcall.catch_up()
        rollcall.run("verify")
    finally:
        process.kill()
        process.wait()
    # Somebody waits for this one: it does not wait for ever.
    server.kill()
    rollcall.run("ingest", town)
    told = rollcall.run("run", "--until-caught-up", status=1)
    assert "does not answer; see that it runs" in told.stderr


def caught_up_by(log: EventLog, group: str, topic: str) -> bool:
    return 0 < log.end(topic, 0) == log.committed(group, topic, 0)


def until(holds: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = monotonic() + 120
    while not holds():
        assert process.poll() is None and monotonic() < deadline
        sleep(0.1)
