"""A change that concerns a whole district: the others go on, and a death in the midst of it loses nothing."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from infra.snapshot import read_all
from models.columns import Kind
from models.ledger.chain import Stored
from streams.alerts_message import AlertEvent, unpack
from streams.event_log import EventLog, Outgoing
from streams.records_message import pack
from streams.topics import ALERTS, RECORDS
from tests.support.command import Rollcall
from tests.support.logs import log_of
from tests.support.odd_worker import odd_worker, wait_until, waiting
from tests.support.town import DAYS, TIME

LATER = "2021-10-01T08:00:00Z"
STUDENTS = ("mia", "tom")


def message(kind: Kind, district: str, *rows: dict[str, str], at: str = TIME) -> Outgoing:
    """A message of records of a district and its school A."""
    place = {"district_id": district, "recorded_at": at}
    school = {} if kind is Kind.CODE else {"school_id": "A"}
    return pack(kind, [Stored({**place, **school, **row}, "f.csv", 2) for row in rows])


def absent(district: str, student: str, *days: str) -> Outgoing:
    rows = [{"student_id": student, "date": on, "code": "U"} for on in days]
    return message(Kind.ATTENDANCE, district, *rows, at=f"{days[-1]}T08:00:00Z")


def town(district: str) -> list[Outgoing]:
    """Two students, who were absent on two days."""
    enrolled = [{"student_id": student, "grade": "5", "entry_date": DAYS[0]} for student in STUDENTS]
    return [
        message(Kind.CODE, district, {"code": "U", "status": "absent", "class": "unexcused"}),
        message(Kind.CALENDAR, district, *({"date": on, "kind": "instructional"} for on in DAYS)),
        message(Kind.SUBMISSION, district, *({"date": on, "state": "submitted"} for on in DAYS)),
        message(Kind.ENROLLMENT, district, *enrolled),
        *(absent(district, student, *DAYS[:2]) for student in STUDENTS),
    ]


TOWNS = [*town("D"), *town("E")]
# Absences of D were excused, back to September; behind it, in the same district, Tom is absent again.
CHANGE = message(Kind.CODE, "D", {"code": "U", "status": "absent", "class": "excused"}, at=LATER)
BEHIND = absent("D", "tom", *DAYS[:3])
# And in another one Mia is, whereupon a day of it is no school day: what the change of a calendar brings.
BESIDE = {
    "opened": absent("E", "mia", DAYS[2]),
    "withdrawn": message(Kind.CALENDAR, "E", {"date": DAYS[1], "kind": "weather"}, at=LATER),
}


def exports(rollcall: Rollcall) -> list[str]:
    """What the exports say, to the byte."""
    orders = (("standings", "--as-of", DAYS[-1]), ("alerts",))
    return [rollcall.run("export", *words).stdout for words in orders]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The exports of a run that nothing holds up, on SQLite."""
    rollcall = Rollcall(tmp_path_factory.mktemp("undisturbed"))
    with pytest.MonkeyPatch.context() as patched, log_of(rollcall, patched) as log:
        log.append(RECORDS.name, [*TOWNS, CHANGE, BEHIND, *BESIDE.values()])
    rollcall.catch_up()
    return exports(rollcall)


def events(log: EventLog) -> list[AlertEvent]:
    """All that the topic of alerts holds."""
    found = []
    for partition in range(log.partitions(ALERTS.name)):
        for held in read_all(log, ALERTS.name, partition, log.beginning(ALERTS.name, partition)):
            found += unpack(held.value or b"")
    return found


def has_heard(log: EventLog, change: str) -> Callable[[], bool]:
    """Whether that has been published of a streak in district E."""
    told = ("E", "consecutive", change)
    return lambda: told in {(event.district_id, event.rule, event.change) for event in events(log)}


@pytest.mark.parametrize("end", ["goes on", "is killed", "is stopped"])
def test_other_districts_do_not_wait_for_it(
    rollcall: Rollcall, undisturbed: list[str], end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are in one partition. The change has not even been worked out when the others are done."""
    rollcall = replace(rollcall, extra={"ROLLCALL_PARTITIONS": "1"})
    with log_of(rollcall, monkeypatch) as log:
        log.append(RECORDS.name, TOWNS)
        rollcall.catch_up()
        with odd_worker("slow_worker", rollcall, str(tmp_path)) as worker:
            log.append(RECORDS.name, [CHANGE, BEHIND])
            wait_until((tmp_path / "began").exists, worker)
            seen = len(events(log))
            for change, told in BESIDE.items():
                log.append(RECORDS.name, [told])
                wait_until(has_heard(log, change), worker)
            assert {event.district_id for event in events(log)[seen:]} == {"E"}
            assert waiting(log) == 4  # nothing behind the change is acknowledged before it
            if end == "is killed":
                worker.kill()
                worker.wait(60)
            else:
                if end == "is stopped":
                    worker.send_signal(signal.SIGTERM)  # what is in hand is done, within its time
                    time.sleep(0.5)
                (tmp_path / "go").touch()
                if end == "is stopped":
                    assert worker.wait(60) == 0
                wait_until(lambda: waiting(log) == 0, worker)
    rollcall.catch_up()
    assert exports(rollcall) == undisturbed


def test_a_death_between_two_slices_loses_nothing(
    undisturbed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "before"
    before.mkdir()
    rollcall = Rollcall(before)
    with log_of(rollcall, monkeypatch) as log:
        log.append(RECORDS.name, TOWNS)
    rollcall.catch_up()
    with log_of(rollcall, monkeypatch) as log:
        log.append(RECORDS.name, [CHANGE, BEHIND, *BESIDE.values()])
    died = []
    for slices in (1, 3, 8, 100):
        rollcall = Rollcall(tmp_path / str(slices))
        shutil.copytree(before, rollcall.home, symlinks=True)
        with log_of(rollcall, monkeypatch) as log:
            with odd_worker("slow_worker", rollcall, str(tmp_path), str(slices)) as worker:
                wait_until(lambda log=log, it=worker: it.poll() is not None or waiting(log) == 0, worker)  # type: ignore[misc]  # the types of defaults are not inferred
                died += [slices] if worker.poll() == 9 else []
            rollcall.catch_up()
            told = {event.event_id: str(event) for event in events(log)}
            assert {(event.event_id, str(event)) for event in events(log)} == {*told.items()}
        assert exports(rollcall) == undisturbed, slices
    assert died[:3] == [1, 3, 8]
