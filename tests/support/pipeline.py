"""A worker without Faust in front of a log: it publishes and stores what the real one does, in its order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from infra.clickhouse.student_groups import COLUMNS
from infra.sqlite_log.log import SqliteLog
from models.bits import days
from models.columns import Kind
from models.ledger.chain import Stored
from models.ledger.district import Ledger
from models.policy import contract
from models.school_year import first_day
from models.student_year import class_of
from models.trends.scope import DIMENSIONS
from streams.event_log import Message, Outgoing
from streams.processor import Processor
from streams.records_message import pack
from streams.topics import ALERTS, APP_ID, CHANGELOG, FACTS, RECORDS
from tests.property.driver import MemoryStore, Told
from tests.support.slow_reasons import reasons


class Pipeline:
    """Takes records into a log of one partition; `ledgers` are the worker's."""

    def __init__(self, log: SqliteLog) -> None:
        self.log = log
        self.store = MemoryStore()
        self.processor = Processor(self.store, contract, lambda key: 0)

    def take(self, kind: Kind, records: Sequence[Stored]) -> None:
        """Publish a message of records and do what it brings about."""
        outgoing = pack(kind, records)
        self.log.append(RECORDS.name, [outgoing])
        offset = self.log.end(RECORDS.name, 0) - 1
        key, value, headers = outgoing
        plan = self.processor.process(Message(RECORDS.name, 0, offset, 0, key, value, headers))
        for topic, messages in ((FACTS.name, plan.facts), (ALERTS.name, plan.alerts)):
            if messages:
                self.log.append(topic, messages)
        if plan.writes:
            self.log.append(CHANGELOG, [Outgoing(key, value) for key, value in plan.writes])
            self.store.update(plan.writes)
        self.processor.done(plan)
        self.log.commit(APP_ID, {(RECORDS.name, 0): offset + 1})

    @property
    def ledgers(self) -> list[Ledger]:
        """What the worker knows, a district each."""
        return [engine.ledger for engine in self.processor.engines]


def grouped(rng: Random, told: Sequence[Told]) -> list[Told]:
    """Student records with groups, corrected and deleted ones among them, for the students of a history."""
    students = {
        (held.given["district_id"], held.given["student_id"])
        for kind, held in told
        if kind is Kind.ENROLLMENT
    }
    choices = {
        "english_learner": ("", "yes", "no"), "disability": ("", "yes", "no"),
        "meals": ("", "free", "reduced", "paid"), "homeless": ("", "yes", "no"),
        "race_ethnicity": ("", "White", "Two or more", "O'Brien\\"), "gender": ("", "F", "M", "X"),
    }  # fmt: skip
    made = []
    for line, (district, student) in enumerate(sorted(students) * 2, start=1):
        given = {
            "district_id": district, "student_id": student,
            "recorded_at": f"2019-08-{rng.randint(1, 28):02d}T08:00:00Z",
            **{name: cell for name in COLUMNS if (cell := rng.choice(choices[name]))},
        }  # fmt: skip
        if rng.random() < 0.1:
            given["op"] = "delete"
        made.append((Kind.STUDENT, Stored(given, "groups.csv", line)))
    return made


def labelled(rng: Random, told: Sequence[Told]) -> list[Told]:
    """The same history where codes have labels, and some mean that a student is not at school."""
    made = []
    for kind, held in told:
        if kind is Kind.CODE and not held.deleted:
            more = {"label": rng.choice(("", "Ill", "Ill", "Away \\'"))}
            more["remote"] = held.given.get("remote", "") or rng.choice(("", "yes"))
            given = {**held.given, **{name: cell for name, cell in more.items() if cell}}
            held = held._replace(given=given)
        made.append((kind, held))
    return made


class CountedDay(NamedTuple):
    """One counted day of one student, from the worker's ledger."""

    district: str
    year: int
    date: date
    school: str
    student: str
    grade: str
    class_: str
    code: str
    remote: bool


def counted_days(ledger: Ledger) -> Iterator[CountedDay]:
    """Every counted day of a district; the codes from the records, and not from what is kept of them."""
    slow = reasons(ledger)
    for year, students in ledger.known.items():
        for student, known in students.items():
            for day in days(known.now.counted):
                owner = known.now.owner(day)
                on = first_day(year) + timedelta(days=day)
                class_ = class_of(known.now, day)
                reason = slow.get((year, owner.school, student, day), ("", False))
                yield CountedDay(
                    ledger.district, year, on, owner.school, student, owner.grade, class_, *reason
                )


def groups_of(ledger: Ledger, student: str) -> dict[str, str]:
    """The groups that a student's live record gives, by dimension."""
    held = ledger.newest(Kind.STUDENT, {"district_id": ledger.district, "student_id": student})
    given = {} if held is None or held.deleted else held.given
    groups = {name: given.get(name, "") for name in COLUMNS}
    three = (groups["english_learner"], groups["disability"], groups["meals"])
    if "yes" in three[:2] or three[2] in ("free", "reduced"):
        groups["high_needs"] = "yes"
    else:
        groups["high_needs"] = "" if "" in three else "no"
    return groups


def day_counts(ledgers: Sequence[Ledger]) -> dict[tuple[Any, ...], Counter[str]]:
    """What `day_counts` should hold, counted one by one."""
    cells: dict[tuple[Any, ...], Counter[str]] = {}
    for ledger in ledgers:
        for held in counted_days(ledger):
            groups = groups_of(ledger, held.student)
            for dimension, value in (("all", ""), *((name, groups[name]) for name in DIMENSIONS)):
                key = (dimension, value, held.district, held.year, held.school, held.date, held.grade)
                cell = cells.setdefault(key, Counter())
                cell.update(["counted", *(["absent", held.class_] if held.class_ else [])])
    return cells


def reason_counts(ledgers: Sequence[Ledger]) -> dict[tuple[Any, ...], Counter[str]]:
    """What `reason_counts` should hold, counted one by one."""
    cells: dict[tuple[Any, ...], Counter[str]] = {}
    for ledger in ledgers:
        for held in counted_days(ledger):
            if not held.class_ and not held.code:
                continue
            groups = groups_of(ledger, held.student)
            place = (held.district, held.year, held.school, held.date, held.grade, held.code, held.remote)
            cell = cells.setdefault((*place, *(groups[name] for name in DIMENSIONS)), Counter())
            cell.update(["counted", *(["absent", held.class_] if held.class_ else [])])
    return cells


def code_labels(ledgers: Sequence[Ledger]) -> set[tuple[str, str, str, str]]:
    """District, code, since when and label of all live code records."""
    return {
        (ledger.district, given["code"], given.get("effective_from", ""), given.get("label", ""))
        for ledger in ledgers
        for given in ledger.live_codes()
    }


def stored_code_labels(client: Client) -> set[tuple[str, str, str, str]]:
    """The same as the store has them."""
    rows = client.query(
        "SELECT district_id, code, start, label FROM code_labels FINAL"
        " ARRAY JOIN codes AS code, since AS start, labels AS label"
    ).result_rows
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def stored_day_counts(client: Client) -> dict[tuple[Any, ...], Counter[str]]:
    """What it does hold."""
    return _stored(client, "day_counts", ("dimension", "value", *_CELL))


def stored_reason_counts(client: Client) -> dict[tuple[Any, ...], Counter[str]]:
    """What `reason_counts` does hold."""
    return _stored(client, "reason_counts", (*_CELL, "code", "remote", *DIMENSIONS))


_CELL = ("district_id", "school_year", "school_id", "date", "grade")


def _stored(client: Client, table: str, key: tuple[str, ...]) -> dict[tuple[Any, ...], Counter[str]]:
    names = ("counted", "absent", "excused", "unexcused", "disciplinary", "mhw", "unknown")
    rows = client.query(
        f"SELECT {', '.join((*key, *names))} FROM {table} FINAL WHERE counted > 0"
    ).result_rows
    size = len(key)
    return {row[:size]: +Counter(dict(zip(names, map(int, row[size:]), strict=True))) for row in rows}
