"""The API as it is served: by `rollcall run` beside worker and sink, and by `rollcall web`."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.clickhouse.client import open_client
from infra.settings import load
from infra.trends.attendance import attendance
from infra.trends.bands import bands
from infra.trends.breakdowns import bands_by
from models.trends.scope import Scope
from tests.support.command import CHECKOUT, Rollcall
from web.access import PREFIX

EXAMPLE = CHECKOUT / "docs/example"
DISTRICT = "0042"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Served:
    """A home with an API on a free port."""

    def __init__(self, home: Path) -> None:
        self.port, self.metrics_port = free_port(), free_port()
        self.tokens = home / "tokens.toml"
        self.tokens.touch()
        self.rollcall = Rollcall(
            home,
            extra={
                "ROLLCALL_API_TOKENS_FILE": str(self.tokens),
                "ROLLCALL_WEB_PORT": str(self.port),
                "ROLLCALL_METRICS_PORT": str(self.metrics_port),
            },
        )

    def token(self, *words: str) -> str:
        """A new token, whose entry is in the file."""
        made = self.rollcall.run("token", *words)
        with self.tokens.open("a") as file:
            file.write(made.stdout)
        return next(line for line in made.stderr.splitlines() if line.startswith(PREFIX))

    def get(self, path: str, token: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=30)

    @contextmanager
    def running(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """A process that is ready, and is told to stop at the end."""
        process = self.rollcall.start(*words)
        try:
            self.until(lambda: self.get("/-/ready").status_code == 200, process)
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()

    def until(self, holds: Callable[[], Any], process: subprocess.Popen[str] | None = None) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            assert process is None or process.poll() is None, self.log()
            try:
                if holds():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(self.log())

    def log(self) -> str:
        return (self.rollcall.home / "started.err").read_text()


def test_the_one_process_answers_what_the_store_holds(tmp_path: Path) -> None:
    served = Served(tmp_path)
    staff = served.token("office", "--role", "staff", "--district", DISTRICT)
    analyst = served.token("dashboards", "--role", "analyst", "--district", DISTRICT)
    served.rollcall.run("ingest", EXAMPLE)
    with served.running("run"):
        bands_path = f"/api/v1/bands?district={DISTRICT}"
        served.until(lambda: served.get(bands_path, staff).status_code == 200)
        ready = served.get("/-/ready")
        assert ready.json() == {"status": "ready"} and "server" not in ready.headers
        served.until(lambda: served.get(bands_path, staff).json()["data"][0]["students"] > 0)
        answers = {
            path: served.get(f"/api/v1/{path}&district={DISTRICT}", staff).json()
            for path in ("bands?", "bands?breakdown=school", "attendance?by=day&first=2021-07-01")
        }
        assert served.get(bands_path).status_code == 401
        assert served.get(bands_path, analyst).status_code == 403
        told = served.get(f"/api/v1/released/bands?district={DISTRICT}", analyst)
        assert (told.status_code, told.json()["code"]) == (404, "not_released")
        metrics = httpx.get(f"http://127.0.0.1:{served.metrics_port}/metrics").text
        counted = re.search(r'rollcall_web_requests_total\{status="4xx"\} ([0-9]+)', metrics)
        assert counted and int(counted[1]) >= 3
        second = replace(served.rollcall, extra={**served.rollcall.extra, "ROLLCALL_METRICS_PORT": "0"}).run(
            "web", status=1
        )
        assert "in use by another process" in second.stderr
        # A token that is taken away holds no more.
        served.tokens.write_text("")
        served.until(lambda: served.get(bands_path, staff).status_code == 401)
        served.tokens.write_text("[[token]]\nname = 1")
        served.until(lambda: served.get(bands_path, staff).status_code == 503)
    log = served.log()
    assert '"event":"tokens_cannot_be_used"' in log
    lines = [json.loads(line) for line in log.splitlines()]
    done = [line for line in lines if line["event"] == "request_done"]
    assert {line.get("token") for line in done} == {None, "token:office", "token:dashboards"}
    assert {"route", "status", "ms"} <= set(done[0]) and not any("withheld" in line for line in done)
    assert DISTRICT not in log and staff not in log and "breakdown" not in log
    as_the_store_says(tmp_path, answers)


def as_the_store_says(home: Path, answers: dict[str, Any]) -> None:
    settings = load(home=home)
    client = open_client(settings)
    try:
        client.database = settings.clickhouse_database
        scope = Scope(DISTRICT)
        through = date.fromisoformat(answers["bands?"]["data_through"])
        whole = bands(client, scope, through)
        (row,) = answers["bands?"]["data"]
        shown = (row["under_5"], row["under_10"], row["under_20"], row["over_20"], row["students"])
        assert shown == (*whole, whole.students) and whole.students > 0
        parts = bands_by(client, scope, "school", through)
        rows = answers["bands?breakdown=school"]["data"]
        assert [(row["school_id"], row["students"]) for row in rows] == [
            (held.part, held.bands.students) for held in parts
        ]
        days = attendance(client, scope, date(2021, 7, 1), through, "day")
        found = answers["attendance?by=day&first=2021-07-01"]["data"]
        assert [(row["period"], row["counted"], row["absent"]) for row in found] == [
            (str(day.period), day.counted, day.absent) for day in days
        ]
    finally:
        client.close()


def test_the_api_alone_waits_for_its_tables_and_ends_when_told(tmp_path: Path) -> None:
    served = Served(tmp_path)
    staff = served.token("office", "--role", "staff", "--district", DISTRICT)
    process = served.rollcall.start("web")
    try:
        served.until(lambda: served.get("/-/healthy").status_code == 200, process)
        for path in ("/-/ready", f"/api/v1/bands?district={DISTRICT}"):
            told = served.get(path, staff)
            assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, served.log()
    finally:
        process.kill()
        process.wait()
    served.rollcall.run("ingest", EXAMPLE)
    served.rollcall.catch_up()
    with served.running("web"):
        assert served.get(f"/api/v1/bands?district={DISTRICT}", staff).json()["data"][0]["students"] > 0
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
            raw.sendall(b"GET /api/v1/bands?district=\xff\x00 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert raw.recv(100).startswith(b"HTTP/1.1 400")
        assert served.get("/-/healthy").status_code == 200


@pytest.mark.parametrize("command", ["run", "web"])
def test_what_keeps_the_api_from_starting_is_told(tmp_path: Path, command: str) -> None:
    served = Served(tmp_path)
    served.tokens.write_text('[[token]]\nname = "office"\n')
    told = served.rollcall.run(command, status=2)
    assert "token office sha256" in told.stderr and "Traceback" not in told.stderr
    served.tokens.write_text("")
    with socket.create_server(("127.0.0.1", served.port)):
        told = served.rollcall.run(command, status=1)
    assert "cannot be served at 127.0.0.1" in told.stderr and "Traceback" not in told.stderr
    none = Rollcall(tmp_path)
    if command == "web":
        assert "ROLLCALL_API_TOKENS_FILE" in none.run("web", status=1).stderr


@pytest.mark.parametrize("command", ["web", "run"])
def test_codes_of_edsight_that_cannot_be_used_are_told_before_anything_is_served(
    tmp_path: Path, command: str
) -> None:
    served = Served(tmp_path)
    codes = tmp_path / "edsight.toml"
    codes.write_text('[districts]\n"0042" = "42"\n')
    served.rollcall = replace(
        served.rollcall, extra={**served.rollcall.extra, "ROLLCALL_EDSIGHT_FILE": str(codes)}
    )
    process = served.rollcall.start(command)
    assert process.wait(60) == 2
    assert "seven digits" in served.log() and "Traceback" not in served.log()
