"""No difference where nothing is wrong, and each kind of damage is found by its check."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from random import Random

import pytest

from infra import logging
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.verify.checks import of_groups, of_labels, of_state, of_store
from infra.verify.difference import CHECKS, Difference
from infra.verify.recount import years
from infra.verify.run import Schedule, counts
from models.policy import contract
from tests.property.proof import accepted, batches, in_some_order
from tests.reference.generate import random_files
from tests.support.chdb_store import Engine, log_in
from tests.support.pipeline import Pipeline, grouped


def stored(folder: Path, store: Store, seed: int) -> Pipeline:
    """A random history, processed and stored."""
    rng = Random(seed)
    told = accepted(random_files(rng))
    told = in_some_order(rng, told + grouped(rng, told))
    with log_in(folder) as log:
        pipeline = Pipeline(log)
        for _, kind, records in batches(rng, told):
            pipeline.take(kind, records)
        sink = Sink(log, store, Metrics("0"))
        while sink.step():
            pass
    return pipeline


def compared(store: Store, pipeline: Pipeline) -> list[Difference]:
    found = [
        each
        for district, year in years(store.client)
        for each in of_store(store.client, district, year, contract(district, year))
    ]
    for engine in pipeline.processor.engines:
        found += of_groups(store.client, engine)
        found += of_labels(store.client, engine)
        for year in engine.ledger.known:
            found += of_state(store.client, engine, year)
    return found


@pytest.mark.parametrize("seed", range(20, 26))
def test_random_histories_have_no_difference(engine: Engine, tmp_path: Path, seed: int) -> None:
    with engine.store() as store:
        assert compared(store, stored(tmp_path, store, seed)) == []


FACT = "district_id, school_year, date, school_id, student_id, grade, class, counted, version"
DAMAGES = {
    "a fact is of another class": (
        f"INSERT INTO student_day_facts ({FACT})"
        " SELECT district_id, school_year, date, school_id, student_id, grade, 'excused', counted,"
        " version + 1000 FROM student_day_facts FINAL"
        " WHERE counted AND class = '' LIMIT 1",
        {"facts", "standings", "day_counts", "reason_counts", "district_days", "district_reasons"},
    ),
    "a standing is another": (
        "ALTER TABLE standings UPDATE absent_days = absent_days + 1 WHERE enrolled_days > 0"
        " SETTINGS mutations_sync = 2",
        {"standings"},
    ),
    "standings are lost": ("TRUNCATE TABLE standings", {"standings", "known_bands"}),
    "a count is another": (
        "ALTER TABLE day_counts UPDATE mhw = mhw + 1 WHERE dimension = 'gender' SETTINGS mutations_sync = 2",
        {"day_counts"},
    ),
    "a fact has another code": (
        f"INSERT INTO student_day_facts ({FACT}, code, remote)"
        " SELECT district_id, school_year, date, school_id, student_id, grade, class, counted,"
        " version + 1000, 'other', remote FROM student_day_facts FINAL"
        " WHERE counted AND class != '' LIMIT 1",
        {"facts", "reason_counts", "district_reasons"},
    ),
    "a count by reason is another": (
        "ALTER TABLE reason_counts UPDATE absent = absent + 1 WHERE absent > 0 SETTINGS mutations_sync = 2",
        {"reason_counts"},
    ),
    "what codes are called is lost": ("TRUNCATE TABLE code_labels", {"code_labels"}),
    "a district's count is another": (
        "ALTER TABLE district_days UPDATE absent = absent + 1 WHERE grade = 'K-12' AND dimension = 'all'"
        " SETTINGS mutations_sync = 2",
        {"district_days"},
    ),
    "a district's bands are others": (
        "ALTER TABLE district_bands UPDATE over_20 = over_20 + 1 WHERE dimension = 'meals'"
        " SETTINGS mutations_sync = 2",
        {"district_bands"},
    ),
    "a district's reasons are others": (
        "ALTER TABLE district_reasons UPDATE absent = absent + 1 WHERE dimension = 'all'"
        " SETTINGS mutations_sync = 2",
        {"district_reasons"},
    ),
    "a school has lost its last day": (
        "ALTER TABLE school_days UPDATE days = arrayPopBack(days), mhw = arrayPopBack(mhw)"
        " WHERE length(days) > 1 AND grade = 'K-12' SETTINGS mutations_sync = 2",
        {"school_days"},
    ),
    "a district's students are in other bands": (
        "ALTER TABLE district_spans UPDATE band = arrayMap(held -> 3 - held, band)"
        " WHERE notEmpty(band) SETTINGS mutations_sync = 2",
        {"district_spans"},
    ),
    "groups are lost": (
        "TRUNCATE TABLE students",
        {
            "students",
            "day_counts",
            "reason_counts",
            "district_days",
            "district_reasons",
            "district_bands",
            "school_days",
            "district_spans",
            "known_bands",
        },
    ),
    "what was learned is lost": ("TRUNCATE TABLE known_bands", {"known_bands"}),
    "what was learned is of another band": (
        "ALTER TABLE known_bands UPDATE students = 2 WHERE school_id != '' AND students = 1"
        " SETTINGS mutations_sync = 2",
        {"known_bands"},
    ),
    "alerts are lost": ("TRUNCATE TABLE alert_events", {"alerts", "crossings"}),
    "an alert opened on another day": (
        "ALTER TABLE alert_events UPDATE opened_on = opened_on + 1 WHERE rule = 'tier_2'"
        " SETTINGS mutations_sync = 2",
        {"alerts", "crossings"},
    ),
}


@pytest.mark.parametrize(("damage", "checks"), DAMAGES.values(), ids=DAMAGES)
def test_each_damage_is_found(engine: Engine, tmp_path: Path, damage: str, checks: set[str]) -> None:
    with engine.store() as store:
        pipeline = stored(tmp_path, store, 6)
        store.client.command(damage)
        found = counts(compared(store, pipeline))
        # A fact may be the one that reaches a bar, or another band.
        perhaps = {"crossings", "district_bands", "district_spans"} - checks if "facts" in checks else set()
        assert {check for check in CHECKS if found[check]} - perhaps == checks


def test_the_schedule_looks_twice_and_tells_only_numbers(engine: Engine, tmp_path: Path) -> None:
    lines = io.StringIO()
    logging.configure("INFO", "json", stream=lines)
    now = [0.0]
    metrics, stop = Metrics("0"), threading.Event()
    with engine.store() as store:
        stored(tmp_path, store, 6)
        schedule = Schedule(
            store, metrics, contract, 3600.0, monotonic=lambda: now[0], wall=lambda: 1_700_000_000.0
        )
        schedule.idle(stop)
        assert b"rollcall_verify_timestamp_seconds 0.0" in metrics.render()
        store.client.command("TRUNCATE TABLE standings")
        for _ in range(20):
            now[0] += 61.0
            schedule.idle(stop)
        shown = metrics.render().decode()
        assert "rollcall_verify_timestamp_seconds 1.7e+09" in shown
        found = float(shown.split("\nrollcall_verify_differences ")[1].split("\n")[0])
        assert found > 1
        assert '"event":"store_differs_from_its_facts"' in lines.getvalue()
