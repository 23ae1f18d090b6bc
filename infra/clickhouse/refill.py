"""A store that was lost, or put back from too old a backup, is filled again from what the worker knows.

Facts go from the log after 30 days, and the worker's state has what all of them say. So the facts that hold
now are published again, for the partitions that have lost any, and the sink is sent back to the beginning:
it stores what is there as ever. What was known when is kept of the facts that the log or the store still
has; the others are known from the refill on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from alerts.engine import Engine
from infra.clickhouse.positions import Place
from infra.clickhouse.sink import SINK_GROUP, SINK_TOPICS
from infra.clickhouse.store import Store
from infra.snapshot import Snapshot
from infra.sqlite_log.partition import partition_of
from models.ledger.known import Moved, Moves
from models.policy import PolicyOf
from models.school_year import day_index
from models.student_year import NO_CLASSES, NO_MHW, Frame, StudentYear
from streams.event_log import EventLog
from streams.facts_message import Facts
from streams.outcome import facts_messages, facts_of
from streams.topics import APP_ID, CHANGELOG, FACTS, RECORDS

_HELD = """SELECT school_id, student_id, grade, date
FROM student_day_facts FINAL
WHERE district_id = {district:String} AND school_year = {year:UInt16} AND (counted OR class != '')"""


class Refilled(NamedTuple):
    """How many facts of how many districts were published again."""

    facts: int
    districts: int


class NotNow(Exception):
    """The state cannot be taken as it is now. The message says what to do."""


def refill(log: EventLog, store: Store, policy_of: PolicyOf) -> Refilled:
    """Publish the facts that the log has no more, and set the sink back to the beginning.

    No sink may run. A call that broke off may be repeated: what comes twice changes nothing. Raises NotNow,
    LogUnavailable, StoreUnavailable.
    """
    published = districts = 0
    partitions = log.partitions(RECORDS.name)
    short = {n for n in range(log.partitions(FACTS.name)) if log.beginning(FACTS.name, n) > 0}
    if short:
        versions = {partition: _version(log, partition) for partition in short}
        before = _ends(log)
        snapshot = Snapshot(log, policy_of, with_waiting=False)
        if _ends(log) != before:
            raise NotNow(
                "the worker has stored something while its state was read; call it again at a quiet hour, or "
                "stop the worker meanwhile"
            )
        for district in snapshot.districts():
            partition = partition_of(district.encode(), partitions)
            if partition in short:
                districts += 1
                for facts in _facts(snapshot.engine(district), store, versions[partition]):
                    published += len(facts)
                    log.append(FACTS.name, list(facts_messages(facts)))
    beginnings: dict[Place, int] = {
        (topic, n): log.beginning(topic, n) for topic in SINK_TOPICS for n in range(log.partitions(topic))
    }
    # The lesser of the two counts, so that a crash in between does no harm.
    store.put_positions(beginnings)
    log.commit(SINK_GROUP, beginnings)
    return Refilled(published, districts)


def _ends(log: EventLog) -> list[int]:
    return [log.end(CHANGELOG, partition) for partition in range(log.partitions(CHANGELOG))]


def _version(log: EventLog, partition: int) -> int:
    """That of the last message in the state: the facts of any later one, known already or not, win."""
    committed = log.committed(APP_ID, RECORDS.name, partition)
    if not committed:
        raise NotNow(
            "how far the worker has come is not known, as the broker has forgotten it; let the worker catch "
            "up once, and call it again"
        )
    return committed - 1


def _facts(engine: Engine, store: Store, version: int) -> Iterator[Facts]:
    """All facts of a district, by school year, and that what else the store has does not count."""
    district, nothing = engine.district, Frame(())
    for year in sorted({*engine.ledger.known, *_years(store, district)}):
        nobody = StudentYear(year, nothing, NO_CLASSES, 0, NO_MHW)
        moved = [
            Moved(student, known, nobody, known.now, False)
            for student, known in engine.ledger.known.get(year, {}).items()
        ]
        facts = next(iter(facts_of(district, Moves(moved, []), version)), Facts(district, year, version))
        hold = set(zip(facts.schools, facts.students, facts.days, strict=True))
        for school, student, grade, on in _held(store, district, year):
            if (school, student, day_index(on)) not in hold:
                facts.add(school, student, grade, day_index(on), "", 0)
        if len(facts):
            yield facts


def _years(store: Store, district: str) -> list[int]:
    with store.said():
        query = "SELECT DISTINCT school_year FROM student_day_facts WHERE district_id = {district:String}"
        return [year for (year,) in store.client.query(query, {"district": district}).result_rows]


def _held(store: Store, district: str, year: int) -> list[tuple[str, str, str, date]]:
    with store.said():
        rows = store.client.query(_HELD, {"district": district, "year": year}).result_rows
        return [(row[0], row[1], row[2], row[3]) for row in rows]
