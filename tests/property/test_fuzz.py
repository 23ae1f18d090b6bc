"""A short run of the fuzzer over all that it knows (`make fuzz` is the long one), and that it can fail."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from infra.connectors import CONNECTORS
from tests.fuzz.__main__ import again, kept
from tests.fuzz.mutate import MOST
from tests.fuzz.planted import PLANTED
from tests.fuzz.running import numbered, run_here
from tests.fuzz.targets import TARGETS
from tests.fuzz.trying import attempt, fault, smaller

ROOT = Path(__file__).parents[2]
SHORT = 150


@pytest.mark.parametrize("name", TARGETS)
def test_some_inputs_of_every_target(name: str) -> None:
    failures = [failure for seed in range(SHORT) if (failure := attempt(TARGETS[name], seed)) is not None]
    assert not failures, f"again: .venv/bin/python -m tests.fuzz --target {name} --seed {failures[0].seed}"


def test_every_connector_is_a_target_and_all_shares_are_of_a_hundred() -> None:
    assert CONNECTORS.keys() <= TARGETS.keys()
    assert sum(target.share for target in TARGETS.values()) == 100
    chosen = Counter(target.name for target, _ in numbered(TARGETS, 0, 2000))
    assert chosen.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_a_number_gives_the_same_input_and_most_give_another_one(name: str) -> None:
    made = [TARGETS[name].input(seed) for seed in range(40)]
    assert made == [TARGETS[name].input(seed) for seed in range(40)]
    assert len({repr(files) for files in made}) > 30
    assert all(len(content) <= MOST + 10_000 for files in made for content in files.values())


@pytest.mark.parametrize("name", ["raises", "loses"])
def test_a_planted_fault_is_found_made_small_and_kept(name: str, tmp_path: Path) -> None:
    target = PLANTED[name]
    done = run_here({name: target}, 0, 300)
    assert done.inputs[name] == 300 and done.failed[name] > 5
    first = done.failures[0]
    small = smaller(target, target.input(first.seed), first.told)
    assert len(small["a.csv"]) <= 2 and fault(target, small)
    folder = kept(tmp_path, target, first)
    assert (folder / "a.csv").read_bytes() == small["a.csv"]
    assert again(target, first.seed, None) == again(target, 0, folder) == 1


def test_what_takes_too_long_is_stopped() -> None:
    target = PLANTED["never_ends"]
    assert fault(target, {"a.csv": b"\0"}, limit_s=0.2) == "it takes over 0.2 s"
    assert fault(target, {"a.csv": b"x"}, limit_s=0.2) == ""


def test_a_run_goes_on_past_what_hangs_and_dies_and_says_how_to_see_it_again(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz.planted", "--number", "150", "--seed", "5", "--processes", "2",
            "--silent", "6", "--keep", str(tmp_path),
        ],
        cwd=ROOT, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    inputs = re.findall(r"^  (\w+) +(\d+) inputs", done.stdout, re.MULTILINE)
    assert {name for name, _ in inputs} == set(PLANTED)
    assert sum(int(count) for _, count in inputs) == 150
    for name, told in (
        ("sleeps", "the process hangs"),
        ("dies", "the process hangs"),
        ("loses", "a row is lost"),
    ):
        assert f"{name} fails: {told}" in done.stdout
    found = re.findall(
        r"again: \S+ -m tests.fuzz --target loses --seed (\d+); the input lies in (.+)", done.stdout
    )
    assert found and all((Path(place) / "a.csv").is_file() for _, place in found)
    assert attempt(PLANTED["loses"], int(found[0][0])) is not None
