"""Papers, made from the log, count the students that a release counts in the store (ADR 32)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from infra.clickhouse.sink import Sink
from infra.clickhouse.store import Store
from infra.metrics import Metrics
from infra.releases.counting import counted
from models.bits import days, last_day
from models.ledger.district import Ledger
from models.papers.people import Person, people
from models.papers.tables import students
from models.policy import contract
from models.releases.counted import Students
from models.school_year import day_index, first_day, school_year_of
from models.student_year import cut
from tests.property.proof import accepted, batches, in_some_order
from tests.reference.generate import random_files
from tests.support.chdb_store import Engine, log_in
from tests.support.pipeline import Pipeline, grouped


def fill(folder: Path, store: Store, seed: int) -> Pipeline:
    """A random history of some districts, as the worker holds it and as the sink has stored it."""
    rng = Random(seed)
    told = accepted(random_files(rng))
    messages = list(batches(rng, in_some_order(rng, told + grouped(rng, told))))
    with log_in(folder) as log:
        pipeline = Pipeline(log)
        for _, kind, records in messages:
            pipeline.take(kind, records)
        sink = Sink(log, store, Metrics("0"))
        while sink.step():
            pass
    return pipeline


def alike(of: Iterable[Students]) -> Counter[tuple[object, ...]]:
    held: Counter[tuple[object, ...]] = Counter()
    for *what, number in of:
        held[tuple(what)] += number
    return held


def some_dates(ledger: Ledger, year: int) -> list[date]:
    """Dates of the year of which some student has a membership day."""
    held = 0
    for known in ledger.known[year].values():
        held |= known.now.membership
    found = [first_day(year) + timedelta(days=day) for day in days(held)]
    return sorted({*found[:: max(1, len(found) // 6)], *found[-1:]})


def test_the_log_and_the_store_count_the_same_students(engine: Engine, tmp_path: Path) -> None:
    found: Counter[str] = Counter()
    for seed in (8, 16, 32, 54):  # in which students have moved to where no day is reported yet
        folder = tmp_path / str(seed)
        folder.mkdir()
        with engine.store() as store:
            pipeline = fill(folder, store, seed)
            for ledger in pipeline.ledgers:
                for year in ledger.known:
                    policy = contract(ledger.district, year)
                    for as_of in some_dates(ledger, year):
                        persons = list(people(ledger, as_of, policy))
                        stored = counted(store.client, ledger.district, as_of).students
                        assert alike(students(persons)) == alike(stored), (seed, ledger.district, as_of)
                        found["students"] += len(persons)
                        found["pk"] += sum(not each.is_k12 for each in persons)
                        found["moved"] += sum(has_moved(ledger, each, as_of) for each in persons)
    assert min(found["students"], found["pk"], found["moved"]) > 0, found


def has_moved(ledger: Ledger, person: Person, as_of: date) -> bool:
    """Whether the last membership day is at another school or in another grade than the last counted one."""
    year = cut(ledger.known[school_year_of(as_of)][person.student].now, day_index(as_of))
    last = year.owner(last_day(year.membership))
    return (last.school, last.grade) != (person.standing.school, person.standing.grade)
