"""What the README shows is what happens: its files, its commands and their output."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
EXAMPLE = ROOT / "docs/example"
ROLLCALL = [sys.executable, "-c", 'from infra.cli.app import app; app(prog_name="rollcall")']


class Shown(NamedTuple):
    """Commands that follow each other, and the output that stands below them (None: it is not shown)."""

    commands: list[str]
    output: str | None


def shown() -> list[Shown]:
    """The commands of the README in their order."""
    found = []
    for match in re.finditer(r"```sh\n(.*?)```\n(?:\n```csv\n(.*?)```)?", README, re.DOTALL):
        commands = match[1].replace("\\\n", " ").splitlines()
        found.append(Shown(commands, match[2]))
    return found


def run(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the README's commands in the top folder, with a home of its own."""
    words = shlex.split(command)
    assert words[0] == ".venv/bin/rollcall", command
    env = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    env |= {"ROLLCALL_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*ROLLCALL, *words[1:]], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_its_files_are_those_of_the_example() -> None:
    files = dict(re.findall(r"^`([a-z]+\.csv)`\n\n```csv\n(.*?)```$", README, re.MULTILINE | re.DOTALL))
    assert {path.name: path.read_text() for path in EXAMPLE.iterdir()} == files


def test_its_commands_give_what_it_shows(tmp_path: Path) -> None:
    steps = shown()
    assert sum(step.output is not None for step in steps) == 2
    for step in steps:
        output = ""
        for command in step.commands:
            done = run(command, tmp_path / "home")
            assert done.returncode == 0, done.stderr
            output += done.stdout
        assert output == (step.output or ""), step.commands


def test_a_row_that_is_mended_leaves_the_list(tmp_path: Path) -> None:
    """What the README says of refusals, on its own example."""
    home, file = tmp_path / "home", tmp_path / "attendance.csv"
    good = (EXAMPLE / "attendance.csv").read_text()
    file.write_text(good.replace("2021-08-31,E", "2021-08-32,E"))
    done = run(f".venv/bin/rollcall ingest docs/example/codes.csv {shlex.quote(str(file))}", home)
    assert done.returncode == 3
    assert "1 refused, 0 set aside" in done.stderr
    listed = run(".venv/bin/rollcall export refused", home).stdout.splitlines()
    assert [line.split(",")[:5] for line in listed[1:]] == [
        ["attendance.csv", "2", "attendance", "bad_date", "date"]
    ]
    file.write_text(good)
    assert run(".venv/bin/rollcall retry", home).returncode == 0
    assert run(".venv/bin/rollcall export refused", home).stdout.splitlines() == listed[:1]


@pytest.mark.parametrize("word", ["demo", "test", "setup"])
def test_its_targets_are_in_the_makefile(word: str) -> None:
    assert f"    make {word}\n" in README
    assert re.search(rf"^{word}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
