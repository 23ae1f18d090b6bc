"""`rollcall verify` as an operator runs it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from infra.clickhouse.store import open_store
from infra.settings import load
from infra.verify.difference import CHECKS
from models.trends.scope import DIMENSIONS
from tests.support.command import Rollcall
from tests.support.town import attendance, write_town

GRAND_BEND = Path(__file__).parents[3] / "shared/data/edfi_grand_bend"


def test_the_command_on_a_town(tmp_path: Path) -> None:
    rollcall = Rollcall(tmp_path / "home")
    rollcall.home.mkdir()
    town = write_town(tmp_path / "town")
    (town / "attendance.csv").write_text(attendance("mia,2021-09-01,U", "mia,2021-09-02,E"))
    (town / "students.csv").write_text(
        "district_id,student_id,recorded_at,meals\nD,mia,2021-08-01T08:00:00Z,free\n"
    )
    rollcall.run("ingest", town)
    told = rollcall.run("verify", status=1)
    assert "are not processed and stored yet" in told.stderr and told.stdout == ""
    rollcall.catch_up()
    done = rollcall.run("verify")
    assert done.stdout == "check,district_id,school_year,of,stored,expected\n"
    assert done.stderr.splitlines() == [f"rollcall: {check}: 0 differences" for check in CHECKS]
    with open_store(load(home=rollcall.home)) as store:
        rows = store.client.query("SELECT count() FROM day_counts FINAL WHERE dimension = 'meals'")
        assert rows.result_rows == [(10,)]
        store.client.command("ALTER TABLE standings UPDATE tier = 'I' WHERE 1 SETTINGS mutations_sync = 2")
    done = rollcall.run("verify", status=1)
    rows = list(csv.DictReader(done.stdout.splitlines()))
    assert {(row["check"], row["district_id"], row["school_year"]) for row in rows} == {
        ("standings", "D", "2021-22")
    }
    assert '"mia"' in rows[0]["of"] and "mia" not in done.stderr
    assert rollcall.run("verify", "--counts", status=1).stdout == ""
    assert rollcall.run("verify", "--district", "E").stdout.count("\n") == 1


def test_a_simulated_town_has_no_difference(tmp_path: Path) -> None:
    Rollcall(tmp_path).run("demo", "--once", "--students", "200", "--schools", "3", "--days", "40")
    rollcall = Rollcall(tmp_path / "demo")
    assert rollcall.run("verify").stdout.count("\n") == 1
    with open_store(load(home=rollcall.home)) as store:
        held = store.client.query(
            "SELECT DISTINCT dimension FROM day_counts FINAL WHERE counted > 0 AND value != ''"
        ).result_rows
    assert {dimension for (dimension,) in held} == set(DIMENSIONS)


@pytest.mark.skipif(not GRAND_BEND.is_dir(), reason="the public sample data is not beside the repository")
def test_grand_bend_has_no_difference(tmp_path: Path) -> None:
    rollcall = Rollcall(tmp_path)
    rollcall.run("ingest", GRAND_BEND, "--format", "edfi")
    rollcall.catch_up()
    assert rollcall.run("verify").stdout.count("\n") == 1
