"""`rollcall migrate` as an operator runs it."""

from __future__ import annotations

from pathlib import Path

from infra.clickhouse.migrate import known
from infra.clickhouse.store import open_store
from infra.settings import load
from tests.support.command import Rollcall

LAST = len(known())


def test_forward_backward_and_what_is_refused(tmp_path: Path) -> None:
    rollcall = Rollcall(tmp_path)
    shown = rollcall.run("migrate", "--dry-run").stdout
    assert shown.startswith("CREATE DATABASE IF NOT EXISTS rollcall ENGINE = Atomic;")
    assert f"-- {LAST:04d} {known()[-1].name}, forward" in shown
    done = rollcall.run("migrate")
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"rollcall: {held.number:04d} {held.name}, forward" for held in known()
    ]
    assert "nothing was done" in rollcall.run("migrate").stderr
    assert rollcall.run("migrate", "--dry-run").stdout == "-- nothing to do\n"
    with open_store(load(home=tmp_path)) as store:
        store.client.command("INSERT INTO standings (district_id, school_year) VALUES ('D1', 2024)")
    refused = rollcall.run("migrate", "--to", "0", status=1)
    assert "would take away 1 rows of standings" in refused.stderr
    assert refused.stderr.count("\n") == 1
    rollcall.run("migrate", "--to", "0", "--allow-loss")
    assert rollcall.run("migrate", "--to", "0", "--dry-run").stdout == "-- nothing to do\n"


def test_a_number_that_does_not_exist_and_a_store_in_use_are_told(tmp_path: Path) -> None:
    rollcall = Rollcall(tmp_path)
    told = rollcall.run("migrate", "--to", "99", status=2)
    assert told.stderr == f"rollcall: migrations go from 0 to {LAST}\n"
    with open_store(load(home=tmp_path)):
        told = rollcall.run("migrate", status=1)
    assert "in use by another process" in told.stderr


def test_the_roles_are_shown_without_a_store(tmp_path: Path) -> None:
    rollcall = Rollcall(tmp_path, extra={"ROLLCALL_CLICKHOUSE": "https://127.0.0.1:1"})
    shown = rollcall.run("migrate", "--roles").stdout
    assert "GRANT SELECT ON rollcall.reporting_* TO rollcall_analyst;" in shown
