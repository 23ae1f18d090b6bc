"""A worker that was started again, and gets no message, still finds out that a school is late."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.support.command import Rollcall

TODAY = datetime.now(UTC).date()  # due from midnight on, by the test's policy
AT = f"{TODAY}T00:00:00Z"
PATIENCE = 60.0


def write(folder: Path, name: str, header: str, row: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(f"district_id,school_id,recorded_at,{header}\nD,S,{AT},{row}\n")
    return path


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.2)


def test_a_silent_district_is_late_after_a_restart_until_it_reports(tmp_path: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    policy = tmp_path / "policy.toml"
    policy.write_text('[[policy]]\nversion = "v"\nreport_by = "00:00"\ntimezone = "UTC"\n')
    extra = {"ROLLCALL_METRICS_PORT": str(port), "ROLLCALL_POLICY_FILE": str(policy)}
    home = tmp_path / "home"
    home.mkdir()
    rollcall = Rollcall(home, extra=extra)
    calendar = write(tmp_path, "calendar", "date,kind", f"{TODAY},instructional")
    enrollment = write(tmp_path, "enrollment", "student_id,grade,entry_date", f"child-1,5,{TODAY}")
    rollcall.run("ingest", calendar, enrollment)
    rollcall.catch_up()

    def late() -> float:
        try:
            text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
        except OSError:
            return -1.0
        (line,) = [line for line in text.splitlines() if line.startswith("rollcall_late_schools ")]
        return float(line.split()[1])

    process = rollcall.start("worker")
    try:
        until(lambda: late() == 1)
        submission = write(tmp_path, "submission", "date,state", f"{TODAY},submitted")
        assert "child" not in rollcall.run("late").stdout
        rollcall.run("ingest", submission)
        assert rollcall.run("late").stdout.startswith("every school has reported")
    finally:
        process.terminate()
        process.wait(PATIENCE)
    told = (home / "started.err").read_text()
    assert '"event":"schools_are_late"' in told and "child" not in told
