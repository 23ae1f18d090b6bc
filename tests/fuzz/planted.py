"""Readers with planted faults, to see that they are found: `python -m tests.fuzz.planted --number 300`."""

from __future__ import annotations

import os
import sys
import time
from random import Random

from tests.fuzz.__main__ import main
from tests.fuzz.mutate import mutated
from tests.fuzz.target import Input, Target, need

_SEED = b"id,name\n1,QzAnn\n2,QzLee\n"


def _input(rng: Random) -> Input:
    return {"a.csv": mutated(rng, _SEED, [_SEED])}


def _raises(files: Input) -> None:
    files["a.csv"].decode()


def _loses(files: Input) -> None:
    lines = files["a.csv"].split(b"\n")
    kept = [line for line in lines if b'"' not in line]  # whoever reads so loses the rows that it cannot read
    need(len(kept) == len(lines), "a row is lost")


def _never_ends(files: Input) -> None:
    while b"\0" in files["a.csv"]:
        pass


def _sleeps(files: Input) -> None:
    if b"\r" in files["a.csv"]:
        time.sleep(3600)


def _dies(files: Input) -> None:
    if b"{" in files["a.csv"]:
        os._exit(7)


PLANTED = {
    name: Target(name, 20, _input, check)
    for name, check in (
        ("raises", _raises), ("loses", _loses), ("never_ends", _never_ends), ("sleeps", _sleeps), ("dies",
        _dies),
    )
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(targets=PLANTED))
