"""`make fuzz N=1000000 SEED=0`, or one input again: `python -m tests.fuzz --target T --seed S`."""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.fuzz.running import SILENT_S, Done, run
from tests.fuzz.target import Input, Target
from tests.fuzz.targets import TARGETS
from tests.fuzz.trying import Failure, fault, smaller

_KEPT = Path(".cache/fuzz")
_TELL_S = 15.0


def kept(folder: Path, target: Target, failure: Failure) -> Path:
    """Keep the input of a failure, made smaller, a file each of its pieces."""
    files: Input = target.input(failure.seed)
    if fault(target, files).startswith(failure.told[:40]):
        files = smaller(target, files, failure.told)
    place = folder / f"{failure.target}-{failure.seed}"
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


def again(target: Target, seed: int, folder: Path | None) -> int:
    """Try one input: that of a seed, or what lies in a folder."""
    files = (
        target.input(seed)
        if folder is None
        else {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    )
    for name, content in files.items():
        print(f"{name}: {content[:2000]!r}{' ...' if len(content) > 2000 else ''}")
    told = fault(target, files)
    if told:
        place = folder or kept(_KEPT, target, Failure(target.name, seed, told))
        print(f"{target.name} fails: {told[:500]}\nThe input lies in {place}.")
        return 1
    print(f"{target.name} holds.")
    return 0


def report(done: Done, targets: Mapping[str, Target], seconds: float, folder: Path) -> int:
    """Say what was done; 1 where something failed."""
    for name in targets:
        failed = f", {done.failed[name]} failed" if done.failed[name] else ""
        print(f"  {name:16} {done.inputs[name]:>9,} inputs{failed}")
    total = done.inputs.total()
    print(
        f"{total:,} inputs in {seconds:,.0f} s ({total / max(seconds, 0.001):,.0f}/s), "
        f"{done.failed.total()} failed"
    )
    for failure in done.failures:
        hangs = failure.told.startswith(("the process", "it takes"))
        place = "" if hangs else f"; the input lies in {kept(folder, targets[failure.target], failure)}"
        print(f"{failure.target} fails: {failure.told[:300]}")
        print(
            f"  again: .venv/bin/python -m tests.fuzz --target {failure.target} --seed {failure.seed}{place}"
        )
    return 1 if done.failed.total() else 0


def options(targets: Iterable[str]) -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Try inputs that nobody would write."
    )
    parser.add_argument("--number", type=int, default=1_000_000, help="how many inputs, over all targets")
    parser.add_argument("--seed", type=int, default=0, help="the first input's number")
    parser.add_argument(
        "--target", choices=sorted(targets), help="this target only; without --number one input"
    )
    parser.add_argument("--input", type=Path, help="the folder of an input that was kept, instead of a seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=math.inf, help="end after so long")
    parser.add_argument(
        "--silent", type=float, default=SILENT_S, help="seconds without news after which a process hangs"
    )
    parser.add_argument("--keep", type=Path, default=_KEPT, help="where inputs that fail are kept")
    return parser


def main(arguments: list[str] | None = None, targets: Mapping[str, Target] = TARGETS) -> int:
    """Fuzz; 1 where something does not hold."""
    given = sys.argv[1:] if arguments is None else arguments
    asked = options(targets).parse_args(given)
    if asked.target and not any(each.startswith("--number") for each in given):
        return again(targets[asked.target], asked.seed, asked.input)
    chosen = {asked.target: targets[asked.target]} if asked.target else targets
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begin = told_at = time.monotonic()
    failures = 0

    def tell(done: Done) -> None:
        nonlocal told_at, failures
        now = time.monotonic()
        for failure in done.failures[failures:]:
            print(f"{failure.target} --seed {failure.seed} fails: {failure.told[:300]}", flush=True)
        failures = len(done.failures)
        if now - told_at >= _TELL_S:
            told_at = now
            total = done.inputs.total()
            rate = total / (now - begin)
            print(f"{total:,} of {asked.number:,}, {rate:,.0f}/s, {done.failed.total()} failed", flush=True)

    done = run(chosen, asked.seed, asked.number, asked.processes, tell, asked.silent, asked.seconds)
    return report(done, chosen, time.monotonic() - begin, asked.keep)


if __name__ == "__main__":
    sys.exit(main())
