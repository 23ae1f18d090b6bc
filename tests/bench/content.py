"""The records that are measured: made up, the same each time, with a mix of absences as in Connecticut."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from infra.sqlite_log.partition import partition_of
from models.columns import Kind
from models.ledger.chain import Stored
from streams.event_log import Outgoing
from streams.records_message import pack
from tests.bench.sizes import PARTITIONS, Town

_SUMMER = "2021-07-01T00:00:00Z"
_FIRST_DAY = date(2021, 8, 30)

_CODES = {"P": "", "E": "excused", "U": "unexcused", "M": "mhw", "D": "disciplinary"}
_ABSENT, _WEIGHTS = ("E", "U", "M", "D"), (55, 39, 3, 3)


def preparation(town: Town) -> Iterator[Outgoing]:
    """What comes before the year: codes, calendars, enrollments."""
    days = _school_days(town.days + 1)
    for district in _districts(town):
        yield _message(Kind.CODE, [_code(district, code, class_) for code, class_ in _CODES.items()])
        for school in range(town.schools):
            at = {"district_id": district, "school_id": f"{district}{school:02d}", "recorded_at": _SUMMER}
            yield _message(Kind.CALENDAR, [{**at, "date": day, "kind": "instructional"} for day in days])
            yield _message(
                Kind.ENROLLMENT,
                [
                    {
                        **at,
                        "student_id": _student(district, school, n),
                        "grade": str(1 + n % 12),
                        "entry_date": days[0],
                    }
                    for n in range(town.students)
                ],
            )


def mornings(town: Town) -> Iterator[Outgoing]:
    """The year: day by day the morning of each school, one message each."""
    rng = random.Random(2021)
    # Most students miss little and some much: 7.5 % of all days, and 19 % of students miss a tenth or more.
    tendencies = [0.02 + 0.55 * rng.random() ** 9 for _ in range(town.students)]
    for day in _school_days(town.days):
        for district in _districts(town):
            for school in range(town.schools):
                yield _morning(district, school, day, tendencies, rng)


def one_more(town: Town) -> Iterator[Outgoing]:
    """A morning of one school of each district, on the day after the year's last."""
    rng = random.Random(7)
    for district in _districts(town):
        yield _morning(district, 0, _school_days(town.days + 1)[-1], [0.075] * town.students, rng)


def _morning(district: str, school: int, day: str, tendencies: list[float], rng: random.Random) -> Outgoing:
    rows = []
    for n, tendency in enumerate(tendencies):
        code = rng.choices(_ABSENT, _WEIGHTS)[0] if rng.random() < tendency else "P"
        row = {
            "event_id": f"{day}-{district}{school:02d}-{n}",
            "district_id": district,
            "school_id": f"{district}{school:02d}",
            "student_id": _student(district, school, n),
            "date": day,
            "code": code,
            "recorded_at": f"{day}T08:{n % 60:02d}:00-04:00",
        }
        if code == "M":
            row["permission"] = "documented"
        rows.append(row)
    return _message(Kind.ATTENDANCE, rows)


def _message(kind: Kind, rows: list[dict[str, str]]) -> Outgoing:
    return pack(kind, [Stored(row, "records.csv", line) for line, row in enumerate(rows, 2)])


def _code(district: str, code: str, class_: str) -> dict[str, str]:
    status = {"status": "absent", "class": class_} if class_ else {"status": "in_attendance"}
    return {"district_id": district, "code": code, "recorded_at": _SUMMER, **status}


def _student(district: str, school: int, number: int) -> str:
    return f"S{district}{school:02d}{number:04d}"


def _districts(town: Town) -> list[str]:
    """Ids that spread evenly over the partitions."""
    most = -(-town.districts // PARTITIONS)
    found: list[str] = []
    held = [0] * PARTITIONS
    number = 0
    while len(found) < town.districts:
        district = f"{number:03d}"
        partition = partition_of(district.encode(), PARTITIONS)
        if held[partition] < most:
            held[partition] += 1
            found.append(district)
        number += 1
    return found


def _school_days(count: int) -> list[str]:
    """The first weekdays of the school year."""
    every = (_FIRST_DAY + timedelta(days=n) for n in range(2 * count + 7))
    return [day.isoformat() for day in every if day.weekday() < 5][:count]
