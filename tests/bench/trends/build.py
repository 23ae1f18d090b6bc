"""Fills a store with a state's year: rows made in SQL, derived tables by the product's own SQL."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from infra.clickhouse.derived import work_out_if_needed
from infra.clickhouse.rows import EVENT_COLUMNS, FACT_COLUMNS
from infra.clickhouse.store import Store, open_store
from infra.clickhouse.student_groups import COLUMNS
from infra.settings import load
from tests.bench.trends.state import (
    MADE_STUDENTS,
    State,
    alerts_sql,
    corrections_sql,
    facts_sql,
    students_sql,
)

# One more with each change of what is made.
_MADE = 2
_DAYS_A_CALL = 10


@contextmanager
def built(folder: Path, state: State, told: Callable[[str], None]) -> Iterator[Store]:
    """The store of a state in a folder: the one that is there, if it is the same, else made anew."""
    mark = folder / "built.json"
    wanted = {**asdict(state), "made": _MADE}
    if not (mark.exists() and json.loads(mark.read_text()) == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with open_store(load(home=folder)) as store:
            _fill(store, state, told)
        mark.write_text(json.dumps(wanted))
    with open_store(load(home=folder)) as store:
        # A store of an older version is brought up to date as an operator's is.
        work_out_if_needed(store)
        yield store


def _fill(store: Store, state: State, told: Callable[[str], None]) -> None:
    command = store.client.command
    names = ", ".join(COLUMNS)
    command(MADE_STUDENTS)
    command(f"INSERT INTO made_students {students_sql(state)}")
    command(
        f"INSERT INTO students (district_id, student_id, {names}, version)"
        f" SELECT district_id, student_id, {names}, 1 FROM made_students"
    )
    columns = ", ".join(FACT_COLUMNS)
    days = list(range(state.days))
    for what, sql, hours in (("facts", facts_sql, 15), ("corrections", corrections_sql, 24 * 8)):
        for start in range(0, state.days, _DAYS_A_CALL):
            some = days[start : start + _DAYS_A_CALL]
            told(f"{what} of days {some[0] + 1} to {some[-1] + 1}")
            command(f"INSERT INTO student_day_facts ({columns}) {sql(state, some)}")
            command(
                f"INSERT INTO fact_history ({columns}, known_at) SELECT *, addHours(toDateTime64(date, 3,"
                f" 'UTC'), {hours}) FROM ({sql(state, some)})"
            )
    told("alerts")
    alerts = ", ".join(EVENT_COLUMNS)
    command(f"INSERT INTO alert_history ({alerts}, known_at) {alerts_sql()}")
    command(f"INSERT INTO alert_events ({alerts}) SELECT {alerts} FROM alert_history")
    told("standings and counts of days")
    work_out_if_needed(store)
    command("DROP TABLE made_students SYNC")
