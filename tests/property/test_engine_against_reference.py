"""Random histories, judged by the engine and by the independent reading of the contract (tests/reference).

ROLLCALL_TEST_SEEDS says how many histories (`500`), or which (`500:900`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from models.columns import Kind
from models.ledger.chain import Stored
from models.validate import fault_of
from tests.property.driver import Driver, Rows, Told
from tests.reference.checking import Record, check
from tests.reference.generate import random_files
from tests.reference.reading import read_file
from tests.reference.reference import Result, evaluate
from tests.reference.shuffle import shuffled


def seeds() -> range:
    asked = os.environ.get("ROLLCALL_TEST_SEEDS", "80")
    first, _, last = asked.rpartition(":")
    return range(int(first or 0), int(last))


@pytest.mark.parametrize("seed", seeds())
def test_the_engine_gives_what_the_contract_says(seed: int) -> None:
    rng = Random(seed)
    files = random_files(rng)
    if rng.random() < 0.3:  # rows that stand in several files
        files = shuffled(files, rng)
    expected = evaluate(files)
    drivers = take(rng, in_some_order(rng, accepted(files)))
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
        for row in read_file(name, content)[0]:
            kind = Kind(row.kind)
            given = {column: cell for column, cell in row.cells.items() if cell}
            checked, fault = check(row), fault_of(kind, given)
            if isinstance(checked, Record):
                assert fault is None
                told.append((kind, Stored(given, row.file, row.line)))
            else:
                assert fault is not None
                assert (fault.reason, fault.field) == (checked.reason, checked.field)
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


def take(rng: Random, told: list[Told]) -> list[Driver]:
    """Feed the engines, with restarts and crashes on the way."""
    drivers: dict[str, Driver] = {}
    watched = rng.random() < 0.4
    for district, kind, records in batches(rng, told):
        driver = drivers.setdefault(district, Driver(district))
        if rng.random() < 0.03:
            crash(rng, driver, kind, records)
        else:
            driver.take(kind, records)
        if rng.random() < 0.02:
            driver.restart()
        if watched:
            driver.assert_published_is_the_definition()
    return [driver for _, driver in sorted(drivers.items())]


def crash(rng: Random, driver: Driver, kind: Kind, records: list[Stored]) -> None:
    """Die before all is stored, and take the same message again: it tells nothing that is new."""
    told = driver.take_and_crash(kind, records, rng.random())
    again = driver.take(kind, records).changes
    events = [(each.student, each.change) for each in told]
    assert all((each.student, each.change) in events for each in again)


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
