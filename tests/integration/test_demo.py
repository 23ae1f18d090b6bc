"""`rollcall demo` as a person runs it: its summary against the slow reading of the contract, and Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from infra.demo.summary import CONDITIONS
from infra.launcher import command
from infra.simulator.district import District
from tests.reference.reference import Result, evaluate
from tests.support.command import CHECKOUT, Rollcall

STUDENTS, SCHOOLS, DAYS = 200, 3, 30
SMALL = ("--students", str(STUDENTS), "--schools", str(SCHOOLS), "--days", str(DAYS))
ENDS = 120  # seconds after which a process that does not end fails the test


def expected(folder: Path) -> tuple[Result, str]:
    """What the same history means, and its last day."""
    district = District(students=STUDENTS, schools=SCHOOLS)
    files = {path.name: path.read_bytes() for path in district.write_files(folder, DAYS)}
    return evaluate(files), district.school_days[DAYS - 1].isoformat()


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_summary_is_what_the_records_mean(tmp_path: Path) -> None:
    done = Rollcall(tmp_path).run("demo", "--once", *SMALL)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout, "no bar and no colour without a terminal"
    assert "No student in it exists" in done.stdout
    result, last = expected(tmp_path / "files")

    tiers = Counter(
        row["tier"]
        for row in result.standings(last)
        if row["scope"] == "district" and row["enrolled_days"] != "0"
    )
    shown = dict(re.findall(r"^Tier (I+) \(.*?\) +([\d,]+) ", done.stdout, re.MULTILINE))
    assert {tier: number(count) for tier, count in shown.items()} == {t: n for t, n in tiers.items() if t}
    assert (match := re.search(r"^pre-kindergarten, no tier +(\d+)", done.stdout, re.MULTILINE))
    assert number(match[1]) == tiers[""]

    rows = re.findall(r" ([a-z0-9_]+) +([\d,]+) +([\d,]+) +([\d,]+) *$", done.stdout, re.MULTILINE)
    alerts: Counter[tuple[str, str]] = Counter()
    for rule, *counts in rows:
        alerts.update({(rule, what): number(count) for what, count in zip(CONDITIONS, counts, strict=True)})
    current = Counter((row["rule"], row["condition"]) for row in result.alerts())
    assert +Counter({key: n for key, n in alerts.items() if key[1] != "withdrawn"}) == current
    assert alerts["truancy_month", "withdrawn"] == 1, "the records of this seed bring a correction"

    refused = Counter(
        {
            (reason, field): number(count)
            for reason, field, count in re.findall(
                r"^(?!set aside)([a-z_0-9]+) +([a-z_]+) +([\d,]+) *$", done.stdout, re.MULTILINE
            )
        }
    )
    assert refused == Counter((fault.reason, fault.field) for fault in result.refused)
    assert (match := re.search(r"^set aside: unmapped_code +code +(\d+)", done.stdout, re.MULTILINE))
    assert number(match[1]) == len(result.set_aside)

    again = Rollcall(tmp_path / "demo").rows("alerts", "--current", "--student", "cast-ana")
    assert "tier_2" in {row["rule"] for row in again}, "what it advises to try works"


def test_new_days_stream_in_with_their_alerts_until_ctrl_c(tmp_path: Path) -> None:
    rollcall = Rollcall(tmp_path)
    process = subprocess.Popen(
        rollcall.command("demo", "--every", "0.5", *SMALL), env=rollcall.environment, cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if "school day 33" in line:
                break
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=ENDS)
    finally:
        process.kill()
    assert (process.returncode, errors) == (0, ""), errors
    assert "Stopped." in rest
    first = lines.index("Friday, 15 Oct 2021: school day 31")
    second = lines.index("Monday, 18 Oct 2021: school day 32")
    day = lines[first + 1 : second]
    dev = "Dev Rao, grade 11, Maple High School: a mental health wellness day on 15 Oct 2021"
    assert any(line.startswith("* opened ") and dev in line for line in day), day
    records = sum(len(found) for _, found in District(students=STUDENTS, schools=SCHOOLS).day(30))
    closing = re.fullmatch(rf"  {records} records in \d+ messages: (\d+) changes of alerts, .*", day[-2])
    assert closing, day
    shown = [line for line in day if re.match(r"[* ] (opened|amended|recovered|reopened|withdrawn) ", line)]
    more = sum(int(count) for line in day for count in re.findall(r"^  and (\d+) more: ", line))
    assert len(shown) + more == int(closing[1])


@pytest.mark.parametrize(
    ("words", "sign", "status"),
    [((), b"No student", 0), ((), b"records/s", 0), (("--once",), b"records/s", 130)],
    ids=["before", "within", "once"],
)
def test_ctrl_c_in_the_history_on_a_terminal(
    tmp_path: Path, words: tuple[str, ...], sign: bytes, status: int
) -> None:
    rollcall = Rollcall(tmp_path, extra={"TERM": "xterm", "COLUMNS": "120"})
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        rollcall.command("demo", "--students", "1500", *words), env=rollcall.environment, cwd=tmp_path,
        stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    told = False
    try:
        while piece := _read(ours):
            said += piece
            if not told and sign in said:
                told = True
                process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=ENDS)
    finally:
        process.kill()
        os.close(ours)
    assert (process.returncode, errors) == (status, ""), errors
    assert b"Stopped." in said
    assert b"Students by tier" not in said


def _read(terminal: int) -> bytes:
    """The next piece; nothing when the other side has closed the terminal."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_the_command_works_from_a_folder_with_names_like_ours(tmp_path: Path) -> None:
    written = tmp_path / "with a space" / "rollcall"
    written.parent.mkdir()
    written.write_text(command(Path(sys.executable), CHECKOUT))
    written.chmod(0o755)
    (tmp_path / "models.py").write_text("raise SystemExit('not these models')")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [written, "config", "--json"], cwd=tmp_path, env=kept | {"PYTHONPATH": str(tmp_path)}, text=True,
        capture_output=True, timeout=ENDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "ROLLCALL_HOME" in done.stdout
