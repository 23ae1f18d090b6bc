"""A command that is forked does what it does in an interpreter of its own (tests/support/forked.py)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import CHECKOUT, Rollcall
from tests.support.forked import Forks


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    found = Forks(CHECKOUT)
    yield found
    found.stop()


@pytest.fixture
def rollcall(tmp_path: Path) -> Rollcall:
    return Rollcall(tmp_path, extra={"ROLLCALL_METRICS_PORT": "0", "ROLLCALL_WEB_PORT": "0"})


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("config", "--json"), 0),
        (("export", "standings", "--as-of", "someday"), 2),
        (("ingest", "not-there.csv"), 2),
    ],
    ids=["stdout", "a wrong option", "a path in the folder"],
)
def test_it_says_and_ends_as_an_interpreter_does(
    forks: Forks, rollcall: Rollcall, words: tuple[str, ...], status: int
) -> None:
    alone = subprocess.run(
        rollcall.command(*words), env=rollcall.environment, cwd=rollcall.home, text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    forked = forks.run([*words], rollcall.environment, rollcall.home, 60)
    assert forked is not None and alone.stdout + alone.stderr
    assert (forked.returncode, forked.stdout, forked.stderr) == (status, alone.stdout, alone.stderr)
    assert alone.returncode == status


def test_what_does_not_end_is_killed_and_the_next_one_runs(forks: Forks, rollcall: Rollcall) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        forks.run(["run"], rollcall.environment, rollcall.home, 0.2)
    done = forks.run(["run", "--until-caught-up"], rollcall.environment, rollcall.home, 60)
    assert done is not None and done.returncode == 0, done


def test_another_environment_takes_an_interpreter_of_its_own(forks: Forks, rollcall: Rollcall) -> None:
    assert forks.run(["config"], rollcall.environment, rollcall.home, 60) is not None
    changed = {**rollcall.environment, "COLUMNS": "100"}
    assert forks.run(["config"], changed, rollcall.home, 60) is None
