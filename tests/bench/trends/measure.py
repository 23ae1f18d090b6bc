"""Runs what is asked, and what changes, and takes the time of each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import chdb
from clickhouse_connect.driver.client import Client

from infra.clickhouse.client import SETTINGS
from infra.clickhouse.rows import FACT_COLUMNS, parts
from infra.clickhouse.sink import Sink
from infra.clickhouse.store import ROWS_A_CALL, Store
from infra.metrics import Metrics
from infra.sqlite_log.log import SqliteLog
from models.school_year import day_index
from streams import facts_message
from streams.facts_message import Facts
from streams.topics import FACTS
from tests.bench.trends.asked import QUESTIONS, Places, Question, given, places
from tests.bench.trends.state import YEAR
from tests.support.chdb_store import log_in

# Unix time in milliseconds: October 2025.
_CHANGED_AT = 1_760_000_000_000
# What is read does not hang on how busy the machine is.
_READ_RUNS = 5


class Times(NamedTuple):
    """Milliseconds of many runs."""

    runs: int
    p50: float
    p95: float
    most: float


def times(milliseconds: list[float]) -> Times:
    """Of at least two runs."""
    cuts = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return Times(len(milliseconds), statistics.median(milliseconds), cuts[18], max(milliseconds))


class Recorder:
    """A client that notes what it is asked, so that it can be asked once more."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answered = 0

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> Any:
        """The answer."""
        self.asked.append((sql, parameters or {}))
        answer = self._client.query(sql, parameters=parameters)
        self.answered += len(answer.result_rows)
        return answer


def ask_all(
    store: Store, path: Path, names: Collection[str], runs: int, seed: int, told: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Each question of `names` about each kind of scope, `runs` times.

    `path` is the folder of the store's engine.
    """
    held = places(store.client)
    found = []
    # chDB's own interface tells what was read from the disk, and the client does not.
    raw = chdb.connect(str(path))
    try:
        raw.query(f"USE {store.client.database}")
        for name, value in SETTINGS.items():
            raw.query(f"SET {name} = {value}")
        for question in (each for each in QUESTIONS if each.name in names):
            told(question.name)
            for kind in question.scopes:
                found.append(
                    {
                        "question": question.name,
                        "scope": kind,
                        **_ask(store, raw, question, kind, runs, seed, held),
                    }
                )
    finally:
        raw.close()
    return found


def _ask(
    store: Store, raw: Any, question: Question, kind: str, runs: int, seed: int, held: Places
) -> dict[str, Any]:
    dice = Random(f"{seed} {question.name} {kind}")
    took, answered, computing = [], 0, 0.0
    read = {"rows": 0, "bytes": 0}
    # The first one is not counted: it reads indexes for all.
    for number in range(runs + 1):
        asked = given(kind, dice, held)
        recorder: Any = Recorder(store.client)
        processor, started = time.process_time(), time.perf_counter()
        question.ask(recorder, asked)
        if number:
            took.append(1e3 * (time.perf_counter() - started))
            computing += 1e3 * (time.process_time() - processor)
            answered += recorder.answered
        if number <= _READ_RUNS:
            for sql, parameters in recorder.asked:
                again = raw.query(sql, "Null", params={name: str(each) for name, each in parameters.items()})
                read["rows"] += again.storage_rows_read() // _READ_RUNS if number else 0
                read["bytes"] += again.storage_bytes_read() // _READ_RUNS if number else 0
    return {
        **times(took)._asdict(),
        "computing": computing / runs,
        "rows_read": read["rows"],
        "bytes_read": read["bytes"],
        "rows_answered": answered / runs,
    }


def sizes(client: Client) -> dict[str, Any]:
    """Rows and bytes on the disk, by table."""
    rows = client.query(
        "SELECT table, sum(rows), sum(bytes_on_disk), count() FROM system.parts"
        " WHERE database = currentDatabase() AND active GROUP BY table ORDER BY table"
    ).result_rows
    return {table: {"rows": int(n), "bytes": int(size), "parts": int(p)} for table, n, size, p in rows}


_FACTS = (
    f"SELECT {', '.join(FACT_COLUMNS)} FROM student_day_facts FINAL WHERE district_id = {{district:String}}"
)


_ONE = f"{_FACTS} AND school_id = {{school:String}} AND counted ORDER BY cityHash64(student_id, date) LIMIT 1"


def correct(store: Store, folder: Path, runs: int, seed: int) -> Times:
    """From a fact in the log that corrects one day of one student until all aggregates and the log say so."""
    held, took = places(store.client), []
    dice = Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    with log_in(folder) as log:
        sink = Sink(log, store, Metrics("0"))
        newest = store.newest_version()
        for number in range(runs):
            district, school = dice.choice(held.schools)
            rows = store.client.query(
                _ONE,
                parameters={"district": district, "school": school},
            ).result_rows
            _publish(log, district, rows, newest + 1 + number)
            started = time.perf_counter()
            while sink.step():
                pass
            took.append(1e3 * (time.perf_counter() - started))
    return times(took)


def _publish(log: SqliteLog, district: str, rows: Iterable[Any], version: int) -> None:
    facts = Facts(district, YEAR, version)
    for _, _, day, school, student, grade, class_, *_ in rows:
        facts.add(
            school, student, grade, day_index(day), "unexcused" if class_ == "excused" else "excused", 1
        )
    log.append(FACTS.name, [facts_message.pack(facts)])


def _of_class(store: Store, district: str, name: str) -> Any:
    query = f"{_FACTS} AND class = {{name:String}}"
    return store.client.query(query, parameters={"district": district, "name": name}).result_rows


def change_all(store: Store) -> dict[str, Any]:
    """One district's unexcused absences are excused back to September: insert, and work out anew.

    In a store that is measured again they may have been excused before; then it is the other way round.
    """
    districts = store.client.query(
        "SELECT district_id, uniqExact(student_id) AS n FROM standings GROUP BY 1 ORDER BY n DESC"
    ).result_rows
    found = {}
    for name, (district, students) in (("largest", districts[0]), ("median", districts[len(districts) // 2])):
        of_class = {each: _of_class(store, district, each) for each in ("unexcused", "excused")}
        after, rows = "excused", of_class["unexcused"]
        # Single ones become the other by corrections.
        if len(rows) < len(of_class["excused"]) / 10:
            after, rows = "unexcused", of_class["excused"]
        columns = tuple(map(list, zip(*rows, strict=True)))
        columns[6][:] = [after] * len(rows)
        columns[8][:] = [store.newest_version() + 1] * len(rows)
        columns[2][:] = [day.isoformat() for day in columns[2]]
        started = time.perf_counter()
        for part in parts(columns, ROWS_A_CALL):
            store.insert_facts(part)
            store.insert_history(part, [_CHANGED_AT] * len(part[0]))
        inserted = time.perf_counter()
        students_of = {
            (district, school, student): _CHANGED_AT
            for school, student in zip(columns[3], columns[4], strict=True)
        }
        days = {(district, s, d) for s, d in zip(columns[3], columns[2], strict=True)}
        store.recount(YEAR, students_of, days)
        found[name] = {
            "students": int(students),
            "facts": len(rows),
            "insert_seconds": inserted - started,
            "recount_seconds": time.perf_counter() - inserted,
        }
    return found
