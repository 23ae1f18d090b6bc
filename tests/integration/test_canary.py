"""A student with a name and an id that cannot be missed: neither is in a log, a metric or a message.

Nor is the reason of an absence, which may be about health: neither the district's code nor its label.
"""

from __future__ import annotations

import json
import socket
import time
import urllib.request
from pathlib import Path

import pytest

from infra.clickhouse.store import open_store
from infra.settings import load
from streams.event_log import Outgoing
from streams.topics import RECORDS
from tests.support.command import Rollcall
from tests.support.logs import log_of
from tests.support.town import DAYS, TIME, attendance, csv, write_town

CANARY = "CANARY7f3a"
REASON = "REASON7f3a"


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def scraped(port: int) -> str:
    """The metrics, once there are any."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                text: str = answer.read().decode()
                if 'rollcall_messages_total{outcome="refused"} 0.0' not in text:
                    return text
        except OSError:
            pass
        assert time.monotonic() < deadline, "no metrics"
        time.sleep(0.2)


def test_no_log_metric_or_message_names_a_student(
    rollcall: Rollcall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    told = Rollcall(
        rollcall.home, rollcall.broker, {"ROLLCALL_LOG_LEVEL": "DEBUG", "ROLLCALL_METRICS_PORT": str(port)}
    )
    folder = write_town(tmp_path / "town")
    names = "district_id,student_id,first_name,last_name,birthdate,recorded_at"
    (folder / "students.csv").write_text(
        csv(
            names,
            [f"D,{CANARY},{CANARY},{CANARY},2011-02-03,{TIME}", f"D,{CANARY},{CANARY},x,yesterday,{TIME}"],
        )
    )
    enrolled = "district_id,school_id,student_id,grade,entry_date,recorded_at"
    (folder / "more.csv").write_text(csv(enrolled, [f"D,A,{CANARY},5,2021-09-01,{TIME}"]))
    coded = "district_id,code,status,class,remote,label,recorded_at"
    good = f"D,{REASON},absent,unexcused,yes,{REASON} ill,{TIME}"
    (folder / "reasons.csv").write_text(csv(coded, [good, f"D,{REASON},ill,,,{REASON},{TIME}"]))
    marks = [f"{CANARY},{day},{REASON}" for day in DAYS]
    marks += [f"{CANARY} ,{DAYS[0]},", f"{CANARY},{DAYS[0]},{CANARY}"]
    (folder / "marks.csv").write_text(attendance(*marks, f"{CANARY} {CANARY},{DAYS[0]},U"))
    ingested = told.run("ingest", folder, status=3)
    bad = {"district_id": "D", "student_id": CANARY, "first_name": {CANARY: CANARY}, "recorded_at": TIME}
    with log_of(rollcall, monkeypatch) as log:
        log.append(
            RECORDS.name,
            [Outgoing(b"D", json.dumps([bad]).encode()), Outgoing(b"D", f"{CANARY} is not JSON".encode())],
        )
    running = told.start("run")
    try:
        metrics = scraped(port)
    finally:
        running.terminate()
        assert running.wait(60) == 0
    retried = told.run("retry", status=3)
    told.run("export", "standings", "--as-of", "x", "--student", CANARY, status=2)

    logged = (rollcall.home / "started.err").read_text()
    assert "worker_started" in logged
    assert "rollcall_alerts_total" in metrics
    outputs = {"ingest": ingested.stderr, "run": logged, "metrics": metrics, "retry": retried.stderr}
    # The code that nobody mapped is told by its name; here it is the canary's, and the one exception.
    outputs["ingest"] = outputs["ingest"].replace(f"unmapped_code {CANARY}", "")
    assert {name for name, text in outputs.items() if CANARY in text or REASON in text} == set()
    # They are where they belong.
    rollcall.catch_up()
    with open_store(load(home=rollcall.home)) as store:
        coded_days = store.client.query("SELECT DISTINCT code, remote FROM student_day_facts FINAL")
        assert (REASON, 1) in coded_days.result_rows
        labels = store.client.query("SELECT arrayJoin(labels) FROM code_labels FINAL")
        assert (f"{REASON} ill",) in labels.result_rows
