"""The API over a store: its answers are those of the questions, and analysts' come out of releases only."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from infra.clickhouse.store import Store, open_store
from infra.serving.clients import Clients
from infra.settings import Settings
from infra.trends import held
from infra.trends.attendance import attendance
from infra.trends.bands import bands
from infra.trends.breakdowns import attendance_by, bands_by
from infra.trends.known_bands import bands_as_known, bands_as_known_by
from infra.trends.late import late_schools
from infra.trends.prior_years import years_so_far
from models.trends.answers import Bands, Counts, Page
from models.trends.scope import Scope
from tests.support.api import requested, token
from tests.support.api_store import AS_OF, api_of, fill, release
from tests.support.chdb_store import Engine
from web import paths
from web.access import Permission
from web.app import api_routes, permission_of
from web.ports import Away


class World:
    """A filled store and the API over it."""

    def __init__(self, settings: Settings, store: Store, app: FastAPI) -> None:
        self.settings, self.store, self.app = settings, store, app

    def get(self, path: str, who: str = "s") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(who)}"}
        return asyncio.run(requested(self.app, "GET", path, headers))

    def post(self, path: str, body: dict[str, Any], who: str = "s") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(who)}"}
        return asyncio.run(requested(self.app, "POST", path, headers, content=json.dumps(body).encode()))

    def rows(self, path: str, who: str = "s") -> list[dict[str, Any]]:
        response = self.get(path, who)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["data"]
        return found


def world(engine: Engine, seed: int) -> Iterator[World]:
    settings = engine.settings()
    with open_store(settings) as store:
        fill(store, seed)
        release(store)
        with api_of(settings) as app:
            yield World(settings, store, app)


@pytest.fixture(scope="module")
def one(engine: Engine) -> Iterator[World]:
    yield from world(engine, 0)


@pytest.fixture(scope="module")
def other(engine: Engine) -> Iterator[World]:
    """The same release over other records."""
    yield from world(engine, 1)


def bands_in(row: dict[str, Any]) -> Bands:
    return Bands(row["under_5"], row["under_10"], row["under_20"], row["over_20"])


def counts_in(row: dict[str, Any]) -> Counts:
    period = row["weekday"] or date.fromisoformat(row["period"])
    names = [name for name in Counts._fields if name != "period"]
    return Counts(period, *(row[name] for name in names))


SCOPES = [
    ("district=D1", "s", Scope("D1")),
    ("district=D1&school=A", "t", Scope("D1", school="A")),
    ("district=D1&grade=PK", "s", Scope("D1", grade="PK")),
    ("district=D1&group=meals&value=free", "s", Scope("D1", dimension="meals", value="free")),
    ("district=D1&group=disability&value=", "s", Scope("D1", dimension="disability")),
    ("state=true", "u", Scope(state=True)),
]


@pytest.mark.parametrize(("asked", "who", "scope"), SCOPES, ids=[asked for asked, _, _ in SCOPES])
def test_the_answers_are_those_of_the_questions(one: World, asked: str, who: str, scope: Scope) -> None:
    client = one.store.client
    place = Scope(scope.district, scope.state, scope.school)
    through = held.data_through(client, place, date(2100, 1, 1))
    assert through is not None
    body = one.get(f"{paths.BANDS}?{asked}", who).json()
    assert body["as_of"] == body["data_through"] == through.isoformat()
    assert [bands_in(row) for row in body["data"]] == [bands(client, scope, through)]
    assert body["data"][0]["students"] > 0
    now = datetime.now(UTC)
    at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for instant, answer in (
        (at, bands_as_known(client, scope, AS_OF, now)),
        ("2024-01-01T00:00:00Z", Bands(0, 0, 0, 0)),
    ):
        (row,) = one.rows(f"{paths.BANDS}?{asked}&as_of={AS_OF}&known_at={instant}", who)
        assert bands_in(row) == answer
    for by in ("month", "weekday"):
        rows = one.rows(f"{paths.ATTENDANCE}?{asked}&first=2023-09-01&last={AS_OF}&by={by}", who)
        expected = attendance(client, scope, date(2023, 9, 1), AS_OF, by)  # type: ignore[arg-type]  # one of them
        assert [counts_in(row) for row in rows] == expected and expected
        asked_at = f"{paths.ATTENDANCE}?{asked}&first=2023-09-01&last={AS_OF}&by={by}&known_at="
        if scope.state:
            assert one.get(asked_at + at, who).json()["errors"][0]["parameter"] == "known_at"
        else:
            assert [counts_in(row) for row in one.rows(asked_at + at, who)] == expected
            assert one.rows(f"{asked_at}2024-01-01T00:00:00Z", who) == []
    rows = one.rows(f"{paths.PRIOR_YEARS}?{asked}&as_of={AS_OF}&years=2", who)
    years = years_so_far(client, scope, AS_OF, 2)
    assert [(row["as_of"], row["school_days"], bands_in(row)) for row in rows] == [
        (year.as_of.isoformat(), year.school_days, year.bands) for year in years
    ]
    assert len(rows) == 2 and [row["counted"] for row in rows] == [year.counts.counted for year in years]


def test_breakdowns_and_pages_are_those_of_the_questions(one: World) -> None:
    client, scope = one.store.client, Scope("D1")
    for breakdown, column in (("school", "school_id"), ("grade", "grade"), ("race_ethnicity", "value")):
        asked = f"{paths.BANDS}?district=D1&as_of={AS_OF}&breakdown={breakdown}"
        expected = bands_by(client, scope, breakdown, AS_OF)
        assert [(row[column], bands_in(row)) for row in one.rows(asked)] == expected and len(expected) > 2
        now = datetime.now(UTC)
        rows = one.rows(f"{asked}&known_at={now.isoformat().replace('+00:00', 'Z')}")
        assert [(row[column], bands_in(row)) for row in rows] == bands_as_known_by(
            client, scope, breakdown, AS_OF, now
        )
        found, following = [], f"{paths.ATTENDANCE}?district=D1&breakdown={breakdown}&by=day&limit=20"
        while following:
            body = one.get(following).json()
            found += [(row[column], counts_in(row)) for row in body["data"]]
            following = body["next"]
        first, last = date(2024, 7, 1), date.fromisoformat(body["data_through"])
        assert found == attendance_by(client, scope, breakdown, first, last, "day", Page(10_000))
        assert len(found) > 20
    rows = one.rows(f"{paths.BANDS}?district=D1&breakdown=school", "t")
    assert [row["school_id"] for row in rows] == ["A", "B"]
    lines = one.get(f"{paths.BANDS}?district=D1&breakdown=race_ethnicity&format=csv").text.splitlines()
    assert lines[1].startswith("D1,,,race_ethnicity,'=1+1,")


def test_late_schools_and_what_is_held_are_those_of_the_questions(one: World) -> None:
    client, scope = one.store.client, Scope("D1")
    rows = one.rows(f"{paths.LATE_SCHOOLS}?district=D1")
    through = held.data_through(client, scope, date(2100, 1, 1))
    assert through is not None
    late = late_schools(client, scope, through)
    assert [(row["school_id"], row["behind"]) for row in rows] == [
        (each.school_id, each.behind) for each in late
    ]
    assert [row["school_id"] for row in rows] == ["B"]
    assert one.rows(f"{paths.LATE_SCHOOLS}?district=D1&school=B", "t") == rows
    assert [row["school_id"] for row in one.rows(f"{paths.SCHOOLS}?district=D1")] == ["=C", "A", "B"]
    assert [row["grade"] for row in one.rows(f"{paths.GRADES}?district=D1")] == ["PK", "K", "1", "2", "3"]
    groups = [(row["group"], row["value"]) for row in one.rows(f"{paths.GROUPS}?district=D1")]
    assert groups == held.groups(client, scope) and ("meals", "") in groups
    years = one.rows(f"{paths.SCHOOL_YEARS}?district=D1")
    assert [row["school_year"] for row in years] == ["2024-25", "2023-24"]


PARAMETERS = (
    "", "district=D1", "district=D1&school=B", "district=D1&school=A", "district=D1&grade=1", "state=true",
    "district=D1&breakdown=school", "district=D1&group=meals&value=free", "district=D1&group=meals",
    "district=D1&group=", "district=D1&as_of=2024-11-29", "district=D1&as_of=2024-12-31&school=B",
    "district=D1&as_of=2024-11-01", "district=D1&known_at=2025-01-01T00:00:00Z", "district=D1&limit=2",
    "district=D1&school=B&grade=&group=&limit=1", "district=D1&by=day", "district=D1&years=2", "district=D2",
    "district=NO", "district=D1&school=NO", "district=D1&by=weekday", "district=D1&school_year=2024-25",
    "district=D1&rule=", "district=D1&rule=tier_2",
)  # fmt: skip


def test_nothing_that_an_analyst_gets_hangs_on_what_was_not_released(one: World, other: World) -> None:
    """Two stores with other records and the same release: no answer differs in a single byte."""
    assert one.rows(f"{paths.BANDS}?district=D1&breakdown=school") != other.rows(
        f"{paths.BANDS}?district=D1&breakdown=school"
    )
    answered = 0
    for route in api_routes(one.app):
        if permission_of(route) is Permission.PUBLIC:
            continue
        for asked in PARAMETERS:
            formats = ("", "&format=csv", "&format=parquet") if "released" in route.path else ("",)
            for more in formats:
                path = f"{route.path}?{asked}{more}".replace("?&", "?")
                for who in "aw":
                    ours, theirs = one.get(path, who), other.get(path, who)
                    assert (ours.status_code, ours.content) == (theirs.status_code, theirs.content), path
                    assert ours.headers == theirs.headers, path
                    answered += ours.status_code == 200
    assert answered > 50
    for student in ("0008", "nobody"):
        for who in "aw":
            ours, theirs = (
                each.post(
                    paths.STUDENT_AS_KNOWN,
                    {"district": "D1", "student": student, "as_of": str(AS_OF),
                     "known_at": "2030-01-01T00:00:00Z"},
                    who,
                )
                for each in (one, other)
            )  # fmt: skip
            assert (ours.status_code, ours.content) == (403, theirs.content)


def test_hidden_numbers_are_null_and_stars(one: World) -> None:
    rows = one.rows(f"{paths.RELEASED_BANDS}?district=D1", "a")
    by_place = {(row["school_id"], row["group"]): row for row in rows}
    assert set(by_place) == {(None, None), ("A", None), ("B", None), ("A", "meals")}
    whole, small = by_place[None, None], by_place["B", None]
    assert (whole["students"], whole["under_5"], whole["chronic"], whole["hidden"]) == (40, 40, None, True)
    numbers = [held for name, held in small.items() if name not in ("district_id", "school_id", "hidden")]
    assert small["hidden"] and set(numbers) == {None}
    assert by_place["A", "meals"]["value"] == ""
    text = one.get(f"{paths.RELEASED_BANDS}?district=D1&format=csv&school=B", "a").text
    assert text.splitlines()[1] == "D1,B,,,,*,*,*,*,*,*,*,yes"
    days = one.rows(f"{paths.RELEASED_ATTENDANCE}?district=D1", "w")
    assert [(row["school_id"], row["month"], row["absent"], row["hidden"]) for row in days] == [
        (None, None, 40, False), ("A", "2024-10", 40, False), ("B", "2024-10", None, True),
    ]  # fmt: skip
    alerts = one.rows(f"{paths.RELEASED_ALERTS}?district=D1", "a")
    assert [list(row.values())[1:] for row in alerts] == [
        ["chronic", 40, 40, None, True], ["tier_2", None, None, None, True],
    ]  # fmt: skip
    (listed,) = one.rows(f"{paths.RELEASES}?district=D1", "a")
    assert (listed["as_of"], listed["school_year"]) == ("2024-11-29", "2024-25")
    assert [row["district_id"] for row in one.rows(paths.DISTRICTS, "w")] == ["D1"]
    assert "small_count" not in one.get(f"{paths.RELEASED_BANDS}?district=D1", "a").text


def test_a_store_without_tables_or_of_a_broken_one_is_away_and_comes_back(engine: Engine) -> None:
    settings = engine.settings()
    with api_of(settings) as app:

        def get(path: str, who: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token(who)}"}
            return asyncio.run(requested(app, "GET", path, headers))

        for path, who in ((paths.READY, "s"), (f"{paths.BANDS}?district=D1", "s"), (paths.DISTRICTS, "w")):
            assert get(path, who).status_code == 503
        with open_store(settings) as store:
            assert get(paths.READY, "s").json() == {"status": "ready"}
            # Of a store that nothing is in.
            assert get(f"{paths.BANDS}?district=D1", "s").status_code == 404
            fill(store)
            assert get(f"{paths.BANDS}?district=D1", "s").status_code == 200
            store.client.command("RENAME TABLE district_bands TO elsewhere")
            assert get(f"{paths.BANDS}?district=D1", "s").status_code == 503
            store.client.command("RENAME TABLE elsewhere TO district_bands")
            assert get(f"{paths.BANDS}?district=D1", "s").status_code == 200


def test_clients_are_few_used_again_and_closed(engine: Engine) -> None:
    clients = Clients(engine.settings().model_copy(update={"clickhouse_database": "default"}), 2, 0.05)
    with clients.client() as first, clients.client() as second:
        assert first is not second
        with pytest.raises(Away), clients.client():
            raise AssertionError("a third one")
    with pytest.raises(ZeroDivisionError), clients.client() as again:
        assert again in (first, second)
        raise ZeroDivisionError
    with pytest.raises(Away), clients.client() as again:
        again.query("SELECT nothing")
    with clients.client() as next_one:
        assert next_one is not again
        limit = next_one.query("SELECT getSetting('max_execution_time')").result_rows
        assert int(limit[0][0]) == 20
        clients.close()
        assert next_one.query("SELECT 1").result_rows == [(1,)]
    with pytest.raises(Away), clients.client():
        raise AssertionError("closed")
