"""Random histories, judged by the engine and by the independent reading of the contract (tests/reference).

`make proof N=20000` judges as many, `make proof N=1 FIRST=123` a certain one. Each history comes in some
order and in messages of any size, with duplicates, restarts and crashes; every second one as bytes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from random import Random

from infra.running.collector import collect_rarely
from models.columns import Kind
from models.ledger.chain import Stored
from models.validate import fault_of
from tests.property.driver import Driver, Rows, StreamedDriver, Told
from tests.reference.checking import Record
from tests.reference.generate import random_files
from tests.reference.reference import Result, checked, evaluate
from tests.reference.shuffle import shuffled


def prove(seed: int) -> None:
    """Raise AssertionError where standings, alerts or what is set aside are not what the contract says."""
    rng = Random(seed)
    files = random_files(rng)
    if rng.random() < 0.3:  # rows that stand in several files
        files = shuffled(files, rng)
    expected = evaluate(files)
    drivers = take(rng, in_some_order(rng, accepted(files)), StreamedDriver if seed % 2 else Driver)
    for as_of in some_dates(rng, expected):
        assert standings(drivers, as_of) == expected.standings(as_of)
        assert alerts_as_of(drivers, as_of) == expected.alerts(as_of)
    assert current_alerts(drivers) == expected.alerts()
    aside = sorted(place for driver in drivers for place in driver.set_aside())
    assert aside == [(each.file, each.line) for each in expected.set_aside]


def accepted(files: dict[str, bytes]) -> list[Told]:
    """The records that both sides accept; of the others both must tell the same fault."""
    told: list[Told] = []
    for name, content in files.items():
        for row, found in checked(name, content)[0]:
            kind = Kind(row.kind)
            given = {column: cell for column, cell in row.cells.items() if cell}
            fault = fault_of(kind, given)
            if isinstance(found, Record):
                assert fault is None
                told.append((kind, Stored(given, row.file, row.line)))
            else:
                assert fault is not None
                assert (fault.reason, fault.field) == (found.reason, found.field)
    return told


def in_some_order(rng: Random, told: list[Told]) -> list[Told]:
    """In any order or as the days went by, some of them twice."""
    told = told + rng.sample(told, len(told) // 12)
    rng.shuffle(told)
    if rng.random() < 0.6:
        told.sort(key=lambda each: each[1].given["recorded_at"][:10])
    return told


def batches(rng: Random, told: list[Told]) -> Iterator[tuple[str, Kind, list[Stored]]]:
    """Messages of one district and kind, of any size."""
    at = 0
    while at < len(told):
        size = rng.choice((1, 5, 50))
        groups: dict[tuple[str, Kind], list[Stored]] = {}
        for kind, held in told[at : at + size]:
            groups.setdefault((held.given["district_id"], kind), []).append(held)
        for (district, kind), records in groups.items():
            yield district, kind, records
        at += size


def take(rng: Random, told: list[Told], kind_of_driver: type[Driver]) -> list[Driver]:
    """Feed the engines, with restarts and crashes on the way."""
    drivers: dict[str, Driver] = {}
    watched = rng.random() < 0.4
    for district, kind, records in batches(rng, told):
        if district not in drivers:
            drivers[district] = kind_of_driver(district)
        driver = drivers[district]
        if rng.random() < 0.03:
            crash(rng, driver, kind, records)
        else:
            driver.feed(kind, records)
        if rng.random() < 0.02:
            driver.restart()
        if watched:
            driver.assert_published_is_the_definition()
    return [driver for _, driver in sorted(drivers.items())]


def crash(rng: Random, driver: Driver, kind: Kind, records: list[Stored]) -> None:
    """Die before all is stored, and take the same message again: it tells nothing that is new."""
    told = driver.feed_and_crash(kind, records, rng.random())
    assert all(each in told for each in driver.feed(kind, records))


def some_dates(rng: Random, expected: Result) -> list[date]:
    """Dates that some record tells of, the last one among them."""
    days = sorted(
        {
            record.cells["date"]
            for table in expected.live.values()
            for record in table.values()
            if record.date("date")
        }
    )
    return [date.fromisoformat(day) for day in (*rng.choices(days, k=4), days[-1])]


def standings(drivers: list[Driver], as_of: date) -> Rows:
    names = ("district_id", "scope", "school_id", "student_id")
    rows = [row for driver in drivers for row in driver.standings(as_of)]
    return sorted(rows, key=lambda row: [row[name] for name in names])


def alerts_as_of(drivers: list[Driver], as_of: date) -> Rows:
    return [row for driver in drivers for row in driver.rows_as_of(as_of)]


def current_alerts(drivers: list[Driver]) -> Rows:
    return [row for driver in drivers for row in driver.current_rows()]


def unproven(seeds: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Judge many histories, on every core; those that differ, with the place where they do."""
    with ProcessPoolExecutor(os.cpu_count(), initializer=collect_rarely) as pool:
        for seed, fault in pool.map(_attempt, seeds, chunksize=10):
            if fault:
                yield seed, fault


def _attempt(seed: int) -> tuple[int, str]:
    try:
        prove(seed)
    except Exception as error:  # whatever it is, the history is not proven
        return seed, f"{type(error).__name__}: {error}".strip()
    return seed, ""


def main() -> int:
    """Say which histories differ; 1 if there is one."""
    parser = argparse.ArgumentParser(description="Judge random histories by engine and contract.")
    parser.add_argument("--number", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    wrong = 0
    for seed, fault in unproven(range(asked.first, asked.first + asked.number)):
        wrong += 1
        print(f"history {seed} differs: {fault[:300]}", flush=True)
    print(f"{asked.number - wrong} of {asked.number} histories are judged as the contract says")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
