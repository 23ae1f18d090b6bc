"""The API without a store: ports that answer what a test gives them, and tokens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal

import httpx
from fastapi import FastAPI

from models.trends.answers import (
    Bands,
    BandsOf,
    Counts,
    CountsOf,
    Late,
    Page,
    Period,
    ReasonCounts,
    RemoteCounts,
    YearHeld,
    YearSoFar,
)
from models.trends.known import AlertCount, KnownAlert, KnownStudent
from models.trends.patterns import Against, Cohorts, FirstMonth, MhwDays, MhwStudents, against_mean
from models.trends.published import PublishedYear
from models.trends.scope import BadQuestion, Scope
from web.access import Grant, Role, fingerprint
from web.app import make_app
from web.asking import Door
from web.ports import Away, ReleasedAlerts, ReleasedBands, ReleasedDays, ReleaseHeld, Releases, Trends
from web.rate import Rate

NOW = datetime(2024, 12, 20, 12, tzinfo=UTC)


def token(letter: str) -> str:
    """A token of the right form."""
    return f"rollcall_{letter * 43}"


def grant(letter: str, role: Role, **more: Any) -> Grant:
    """What `token(letter)` allows; it holds until the end of the year."""
    given: dict[str, Any] = {"name": f"name-{letter}", "expires": date(2024, 12, 31), **more}
    return Grant(sha256=fingerprint(token(letter)), role=role, **given)


STAFF = grant("s", Role.STAFF, districts=("D1",))
TEACHERS = grant("t", Role.STAFF, districts=("D1",), schools=("A", "B"))
STATE_STAFF = grant("u", Role.STAFF, state=True)
ANALYST = grant("a", Role.ANALYST, districts=("D1", "D2"))
STATE_ANALYST = grant("w", Role.ANALYST, state=True)
STUDENT = "S-CANARY-7"
"""The one student of FixedTrends."""
EXPIRED = grant("e", Role.STAFF, districts=("D1",), expires=date(2024, 12, 19))
GRANTS = (STAFF, TEACHERS, STATE_STAFF, ANALYST, STATE_ANALYST, EXPIRED)


class FixedTrends:
    """Counts of district D1, schools A to C, that are easy to recognise; `asked` is what came through."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.away = False

    def _ask(self, *what: Any) -> None:
        if self.away:
            raise Away
        self.asked.append(what)

    def attendance(
        self, scope: Scope, first: date, last: date, by: Period, known_at: datetime | None
    ) -> list[Counts]:
        self._ask("attendance", scope, first, last, by, known_at)
        if by == "weekday":
            return [Counts(day, 1, 7700 + day, 7, 1, 2, 0, 0, 4) for day in range(1, 6)]
        days = [date(2024, 9, day) for day in range(2, 12) if first <= date(2024, 9, day) <= last]
        return [Counts(day, 1, 7700 + day.day, 7, 1, 2, 0, 0, 4) for day in days]

    def attendance_by(
        self,
        scope: Scope,
        breakdown: str,
        first: date,
        last: date,
        by: Period,
        page: Page,
        schools: Sequence[str],
    ) -> list[CountsOf]:
        self._ask("attendance_by", scope, breakdown, first, last, by, page, tuple(schools))
        rows = [
            CountsOf(part, counts)
            for counts in self.attendance(scope, first, last, by, None)
            for part in schools or ("=C", "A", "B")
        ]
        after = page.after
        return [row for row in rows if after is None or (row.counts.period, row.part) > after][: page.limit]  # type: ignore[operator]  # of one kind

    def bands(self, scope: Scope, as_of: date, known_at: datetime | None) -> Bands:
        self._ask("bands", scope, as_of, known_at)
        return Bands(0, 0, 0, 0) if scope.value == "Free" else Bands(7001, 7002, 7003, 7004)

    def bands_by(
        self, scope: Scope, breakdown: str, as_of: date, known_at: datetime | None, schools: Sequence[str]
    ) -> list[BandsOf]:
        self._ask("bands_by", scope, breakdown, as_of, known_at, tuple(schools))
        return [BandsOf(part, Bands(7001, 7002, 7003, 7004)) for part in schools or ("=C", "A", "B")]

    def years_so_far(self, scope: Scope, as_of: date, years: int) -> list[YearSoFar]:
        self._ask("years_so_far", scope, as_of, years)
        counts = Counts(date(2024, 7, 1), 70, 7700, 7, 1, 2, 0, 0, 4)
        return [YearSoFar(2024, as_of, 70, counts, Bands(7001, 7002, 7003, 7004))]

    def late_schools(self, scope: Scope, as_of: date) -> list[Late]:
        self._ask("late_schools", scope, as_of)
        return [Late("D1", "A", date(2024, 9, 2), 7077)]

    def absences_by_reason(self, scope: Scope, first: date, last: date, by: Period) -> list[ReasonCounts]:
        self._ask("absences_by_reason", scope, first, last, by)
        period = 1 if by == "weekday" else date(2024, 9, 1)
        return [
            ReasonCounts(period, "NP", "=Needs physical", 7, 1, 2, 0, 0, 4),
            ReasonCounts(period, "", "", 3, 0, 0, 0, 0, 3),
        ]

    def remote_days(self, scope: Scope, first: date, last: date, by: Period) -> list[RemoteCounts]:
        self._ask("remote_days", scope, first, last, by)
        return [RemoteCounts(date(2024, month, 1), 7700, 7, 77, 2) for month in (9, 10)]

    def mhw_days(self, scope: Scope, first: date, last: date) -> list[MhwDays]:
        self._ask("mhw_days", scope, first, last)
        return [MhwDays("D1", school, date(2024, 9, 1), 7077) for school in ("=C", "A")]

    def mhw_students(self, scope: Scope, school_year: int) -> MhwStudents:
        self._ask("mhw_students", scope, school_year)
        return MhwStudents((7001, 7002) if school_year == 2024 else ())

    def pattern(
        self, scope: Scope, first: date, last: date, by: Literal["weekday", "month"]
    ) -> list[Against]:
        self._ask("pattern", scope, first, last, by)
        periods = (1, 2, 3) if by == "weekday" else (date(2024, 9, 1), date(2024, 10, 1), date(2024, 11, 1))
        absent = zip(periods, (100, 199, 300), strict=True)
        return against_mean([Counts(period, 1, 1000, days, days, 0, 0, 0, 0) for period, days in absent])

    def first_month(self, scope: Scope, as_of: date) -> FirstMonth | None:
        self._ask("first_month", scope, as_of)
        if as_of < date(2024, 9, 2):
            return None
        missed = (Bands(7001, 0, 0, 0), Bands(0, 7002, 0, 0), Bands(0, 0, 7003, 0))
        return FirstMonth(date(2024, 9, 2), date(2024, 10, 1), missed, Bands(0, 0, 0, 7004))

    def cohorts(self, scope: Scope, as_of: date) -> Cohorts:
        self._ask("cohorts", scope, as_of)
        moved = (Bands(7001, 0, 0, 0), Bands(0, 7002, 0, 0), Bands(0, 0, 7003, 0), Bands(0, 0, 0, 7004))
        return Cohorts(moved, Bands(5, 6, 7, 8), Bands(1, 2, 3, 4))

    def published_years(self, scope: Scope, first_year: int, last_year: int) -> list[PublishedYear]:
        self._ask("published_years", scope, first_year, last_year)
        if scope.grade and scope.dimension != "all":
            raise BadQuestion("published rates are of a grade or of a student group, and not of both")
        return [
            PublishedYear(2021, None, True, 40, 1250),
            PublishedYear(2022, Bands(80, 10, 5, 5), True, None, None),
            PublishedYear(2023, Bands(80, 10, 5, 5), True, 10, 1025),
            PublishedYear(2024, Bands(80, 10, 5, 5), False, None, None),
        ]

    def alerts(self, scope: Scope, as_of: date, known_at: datetime | None) -> list[AlertCount]:
        self._ask("alerts", scope, as_of, known_at)
        return [
            AlertCount("chronic", "district", "recovered", 7001),
            AlertCount("chronic", "district", "standing", 7002),
        ]

    def student_as_known(
        self, district: str, student: str, as_of: date, known_at: datetime
    ) -> KnownStudent | None:
        self._ask("student_as_known", district, student, as_of, known_at)
        if (district, student) != ("D1", STUDENT):
            return None
        if known_at < datetime(2024, 10, 1, tzinfo=UTC):
            return KnownStudent(0, 0, None, ())
        first, changed = (datetime(2024, month, 1, 12, tzinfo=UTC) for month in (10, 11))
        opened, gone = date(2024, 9, 30), changed.date()
        return KnownStudent(40, 5, date(2024, 12, 12), (
            KnownAlert("a" * 32, "tier_2", "district", "", opened, None, "standing", 20, 3, first, first),
            KnownAlert("b" * 32, "tier_2", "school", "=C", opened, gone, "recovered", 20, 3, first, changed),
        ))  # fmt: skip

    def schools(self, scope: Scope) -> list[str]:
        self._ask("schools", scope)
        return ["=C", "A", "B"] if scope.district == "D1" else []

    def grades(self, scope: Scope) -> list[str]:
        self._ask("grades", scope)
        return ["PK", "5"]

    def groups(self, scope: Scope) -> list[tuple[str, str]]:
        self._ask("groups", scope)
        return [("meals", ""), ("meals", "free")]

    def school_years(self, scope: Scope) -> list[YearHeld]:
        self._ask("school_years", scope)
        return [YearHeld(2024, date(2024, 9, 2), date(2024, 12, 13))]

    def data_through(self, scope: Scope, until: date) -> date | None:
        self._ask("data_through", scope, until)
        known = scope.state or (scope.district == "D1" and scope.school in ("", "A", "B", "=C"))
        return min(date(2024, 12, 13), until) if known and until >= date(2024, 9, 2) else None

    def ready(self) -> bool:
        return not self.away


class FixedReleases:
    """Releases of D1 in October and November 2024; none of D2."""

    def districts(self) -> list[str]:
        return ["D1"]

    def listed(self, district: str) -> list[ReleaseHeld]:
        if district != "D1":
            return []
        made = datetime(2024, 12, 1, tzinfo=UTC)
        return [ReleaseHeld(2024, day, made, day) for day in (date(2024, 11, 29), date(2024, 10, 31))]

    def bands(self, district: str, as_of: date) -> list[ReleasedBands]:
        numbers: dict[str, int | None] = {"enrolled": 100, "under_5": 60, "under_10": 20, "under_20": 12}
        shown = {**numbers, "over_20": 8, "chronic": 20}
        hidden = {**numbers, "over_20": None, "chronic": None}
        return [
            ReleasedBands("", "", "all", "", shown),
            ReleasedBands("A", "", "all", "", hidden),
            ReleasedBands("A", "5", "meals", "free", {"enrolled": None}),
        ]

    def attendance(self, district: str, as_of: date) -> list[ReleasedDays]:
        return [ReleasedDays("", "", 1000, 100), ReleasedDays("A", "2024-10", None, None)]

    def alerts(self, district: str, as_of: date) -> list[ReleasedAlerts]:
        return [
            ReleasedAlerts("chronic", {"standing": 40, "recovered": 20, "withdrawn": None}),
            ReleasedAlerts("tier_3", {"standing": None}),
        ]


class Api:
    """The application over fixed ports, on a clock that stands still."""

    def __init__(self, *, burst: int = 10_000) -> None:
        self.trends = FixedTrends()
        self.releases = FixedReleases()
        self.grants: Sequence[Grant] = GRANTS
        self.seconds = 0.0
        trends: Trends = self.trends
        releases: Releases = self.releases
        door = Door(lambda: self.grants, lambda: NOW, lambda: self.seconds, Rate(2, burst))
        self.app: FastAPI = make_app(trends, releases, door, "0.0.0")

    def get(self, path: str, who: str | None = "s", **headers: str) -> httpx.Response:
        """The response to a GET by the token of a letter."""
        return self.request("GET", path, who, **headers)

    def post(self, path: str, body: Any, who: str | None = "s", **headers: str) -> httpx.Response:
        """The response to a POST of a body: of bytes, of pieces of them, or of what is to be JSON."""
        content = json.dumps(body).encode() if isinstance(body, dict | list | str | int | None) else body
        return self.request("POST", path, who, content, **headers)

    def request(
        self, method: str, path: str, who: str | None = "s", content: Any = None, **headers: str
    ) -> httpx.Response:
        """The response to any request; a fault is a response too."""
        held = {} if who is None else {"Authorization": f"Bearer {token(who)}"}
        return asyncio.run(requested(self.app, method, path, {**held, **headers}, content=content))


async def requested(
    app: FastAPI,
    method: str,
    path: str,
    headers: dict[str, str],
    query: dict[str, Any] | None = None,
    content: Any = None,
) -> httpx.Response:
    """The response of an application in this process."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.request(method, path, headers=headers, params=query, content=content)
