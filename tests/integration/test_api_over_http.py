"""The API over a ClickHouse server: it answers as over chDB, and says so when the server is away."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import httpx
from fastapi import FastAPI

from infra.clickhouse.store import open_store
from tests.integration.test_api_running import Served
from tests.support.api import requested, token
from tests.support.api_store import AS_OF, api_of, fill, release
from tests.support.chdb_store import engine_in
from tests.support.clickhouse_server import database_at, server_in
from web import paths

ASKED = (
    (paths.READY, "s"),
    (f"{paths.BANDS}?district=D1", "s"),
    (f"{paths.BANDS}?district=D1&breakdown=school", "t"),
    (f"{paths.BANDS}?state=true&breakdown=district&as_of={AS_OF}", "u"),
    (f"{paths.BANDS}?district=D1&breakdown=meals&known_at=2030-01-01T00:00:00Z", "s"),
    (f"{paths.ATTENDANCE}?district=D1&breakdown=school&by=day&limit=7", "t"),
    (f"{paths.ATTENDANCE}?district=D1&group=race_ethnicity&value=%3D1%2B1&by=weekday", "s"),
    (f"{paths.ATTENDANCE}?district=D1&grade=1&known_at=2030-01-01T00:00:00Z", "s"),
    (f"{paths.ATTENDANCE}?district=D1&by=weekday&known_at=2030-01-01T00:00:00Z", "s"),
    (f"{paths.PRIOR_YEARS}?district=D1&school=A", "t"),
    (f"{paths.LATE_SCHOOLS}?district=D1", "s"),
    (f"{paths.REASONS}?district=D1&by=weekday&limit=4", "s"),
    (f"{paths.REMOTE_DAYS}?district=D1&school=A", "t"),
    (f"{paths.MHW_DAYS}?state=true&first=2023-09-01", "u"),
    (f"{paths.MHW_STUDENTS}?district=D1&school_year=2023-24", "s"),
    (f"{paths.PATTERNS}?district=D1&group=meals&value=free&by=month", "s"),
    (f"{paths.FIRST_MONTH}?district=D1&school=B&as_of={AS_OF}", "t"),
    (f"{paths.COHORTS}?state=true&grade=PK", "u"),
    (f"{paths.PUBLISHED}?district=D1&group=meals&value=free&years=5", "s"),
    (f"{paths.ALERTS}?district=D1&known_at=2024-11-20T00:00:00Z", "s"),
    (f"{paths.ALERTS}?district=D1&school=A", "t"),
    (f"{paths.GROUPS}?district=D1&school=A", "t"),
    (f"{paths.SCHOOL_YEARS}?state=true", "u"),
    (f"{paths.RELEASED_BANDS}?district=D1", "a"),
    (f"{paths.RELEASED_ATTENDANCE}?district=D1", "a"),
    (f"{paths.RELEASED_ALERTS}?district=D1", "w"),
)
STUDENT = {"district": "D1", "student": "0008", "as_of": str(AS_OF), "known_at": "2030-01-01T00:00:00Z"}


def test_a_server_gives_the_same_answers(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with engine_in(tmp_path / "here") as engine, server_in(tmp_path / "there") as address:
        here = engine.settings()
        with (
            database_at(address, tmp_path) as there,
            open_store(here) as local,
            open_store(there) as remote,
            api_of(here) as ours,
            api_of(there) as theirs,
        ):
            for store in (local, remote):
                fill(store)
                release(store)
            with asyncio.Runner() as loop:

                def get(app: FastAPI, path: str, who: str) -> httpx.Response:
                    headers = {"Authorization": f"Bearer {token(who)}"}
                    return loop.run(requested(app, "GET", path, headers))

                for path, who in ASKED:
                    one, other = get(ours, path, who), get(theirs, path, who)
                    assert (one.status_code, one.json()) == (other.status_code, other.json()), path
                    assert one.status_code == 200
                body = json.dumps(STUDENT).encode()
                headers = {"Authorization": f"Bearer {token('s')}"}
                one, other = (
                    loop.run(requested(app, "POST", paths.STUDENT_AS_KNOWN, headers, content=body))
                    for app in (ours, theirs)
                )
                assert (one.status_code, one.json()) == (other.status_code, other.json())
                assert one.json()["enrolled_days"] > 0 and one.json()["alerts"]
                following = get(theirs, ASKED[5][0], "t").json()["next"]
                assert get(theirs, following, "t").json() == get(ours, following, "t").json()


def test_a_server_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    served = Served(tmp_path)
    served.rollcall = replace(
        served.rollcall, extra={**served.rollcall.extra, "ROLLCALL_CLICKHOUSE": "http://127.0.0.1:9"}
    )
    staff = served.token("office", "--role", "staff", "--district", "D1")
    process = served.rollcall.start("web")
    try:
        served.until(lambda: served.get("/-/healthy").status_code == 200, process)
        for path in ("/-/ready", "/api/v1/bands?district=D1", "/api/v1/released/bands?district=D1"):
            told = served.get(path, staff)
            assert (told.status_code, told.json()["code"]) == (503, "store_away")
    finally:
        process.terminate()
        assert process.wait(60) == 0
    assert "question_failed_at_the_store" in served.log()
