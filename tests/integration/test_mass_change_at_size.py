"""A code means something else in a whole district, back to September: 100,000 student days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest

from infra.snapshot import read_all
from models.columns import Kind
from models.ledger.chain import Stored
from streams.alerts_message import unpack
from streams.event_log import Outgoing
from streams.records_message import pack
from streams.topics import ALERTS, RECORDS
from tests.support.command import Rollcall
from tests.support.logs import log_of

SCHOOLS, STUDENTS, DAYS = 10, 100, 100
SUMMER, SPRING = "2021-08-01T08:00:00Z", "2022-03-01T08:00:00Z"


def school_days() -> list[str]:
    """The first weekdays of the year."""
    every = (date(2021, 8, 30) + timedelta(days=number) for number in range(2 * DAYS))
    return [day.isoformat() for day in islice((day for day in every if day.weekday() < 5), DAYS)]


def message(kind: Kind, rows: list[dict[str, str]]) -> Outgoing:
    return pack(kind, [Stored(row, "f.csv", line) for line, row in enumerate(rows, start=2)])


def code(district: str, name: str, at: str, **meaning: str) -> Outgoing:
    return message(Kind.CODE, [{"district_id": district, "code": name, "recorded_at": at, **meaning}])


def year(district: str, schools: int, students: int) -> Iterator[Outgoing]:
    """Everybody is written down each day: R is remote learning; one in fifteen is absent (A)."""
    for school in range(schools):
        at = {"district_id": district, "school_id": f"{district}{school}"}
        days = [{**at, "date": day, "kind": "instructional", "recorded_at": SUMMER} for day in school_days()]
        yield message(Kind.CALENDAR, days)
        ids = [f"{district}{school:02d}{number:03d}" for number in range(students)]
        enrolled = {"grade": "5", "entry_date": school_days()[0], "recorded_at": SUMMER}
        yield message(Kind.ENROLLMENT, [{**at, "student_id": name, **enrolled} for name in ids])
        for place, day in enumerate(school_days()):
            said = {"date": day, "recorded_at": f"{day}T09:00:00Z"}
            yield message(
                Kind.ATTENDANCE,
                [
                    {**at, "student_id": name, "code": "A" if (number + 7 * place) % 15 == 0 else "R", **said}
                    for number, name in enumerate(ids)
                ],
            )


ABSENT = {"status": "absent", "class": "unexcused"}
BEFORE = [
    *(code(district, "A", SUMMER, **ABSENT) for district in "DE"),
    *(code(district, "R", SUMMER, status="in_attendance") for district in "DE"),
]
# Whoever was only logged in was not there, says the district in March.
CHANGE = code("D", "R", SPRING, status="absent", **{"class": "unknown"})
BESIDE = message(
    Kind.ATTENDANCE,
    [
        {
            "district_id": "E", "school_id": "E0", "student_id": "E00001", "date": day, "code": "A",
            "recorded_at": "2022-02-01T09:00:00Z",
        }
        for day in school_days()[-5:]
    ],
)  # fmt: skip


def exports(rollcall: Rollcall) -> list[str]:
    orders = (("standings", "--as-of", school_days()[-1]), ("alerts", "--current"))
    told = [rollcall.run("export", *words).stdout for words in orders]
    # How often an alert was changed on the way is the one thing that may differ.
    return [told[0], *(line.rpartition(",")[0] for line in told[1].splitlines())]


def test_it_ends_as_a_clean_rebuild_and_nobody_else_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, rebuilt = (Rollcall(tmp_path / name, extra={"ROLLCALL_PARTITIONS": "1"}) for name in "ab")
    for rollcall in (changed, rebuilt):
        rollcall.home.mkdir()
    with log_of(changed, monkeypatch) as log:
        log.append(RECORDS.name, [*BEFORE, *year("D", SCHOOLS, STUDENTS), *year("E", 1, 20)])
        changed.catch_up()
        seen = sum(len(unpack(held.value or b"")) for held in read_all(log, ALERTS.name, 0, 0))
        log.append(RECORDS.name, [CHANGE, BESIDE])
        changed.catch_up()
        told = [event for held in read_all(log, ALERTS.name, 0, 0) for event in unpack(held.value or b"")]
    after = [event.district_id for event in told[seen:]]
    # The other district is told first, though its message stands behind the change.
    assert after[0] == "E" and after.count("D") > SCHOOLS * STUDENTS
    assert "E" not in after[after.index("D") :]
    with log_of(rebuilt, monkeypatch) as log:
        log.append(RECORDS.name, [BESIDE, CHANGE, *year("E", 1, 20), *year("D", SCHOOLS, STUDENTS), *BEFORE])
    rebuilt.catch_up()
    assert exports(changed) == exports(rebuilt)
