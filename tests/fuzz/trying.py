"""One input at a time: whether all that must hold of it does, within its limit of work."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from tests.fuzz.target import Broken, Input, Target

LIMIT_S = 3.0
"""Seconds of the processor's time that an input may take: some hundred times what the slowest need."""


class Hangs(BaseException):
    """The limit is reached. No `except Exception` on the way may take it for an error of its own."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An input of which something does not hold: how to make it again, and what was told."""

    target: str
    seed: int
    told: str


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raise Hangs when the process has worked so long. Time that others take from it does not count."""

    def stop(*_: object) -> None:
        raise Hangs

    assert threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def fault(target: Target, files: Input, limit_s: float = LIMIT_S) -> str:
    """What does not hold of an input; blank where all does."""
    try:
        with _limited(limit_s):
            target.check(files)
    except Hangs:
        return f"it takes over {limit_s:g} s"
    except Broken as broken:
        return str(broken)
    except Exception as error:  # whatever it is, it must not come out
        return f"{type(error).__name__}: {error}".strip()
    return ""


def attempt(target: Target, seed: int, limit_s: float = LIMIT_S) -> Failure | None:
    """Try the input of a number."""
    told = fault(target, target.input(seed), limit_s)
    return Failure(target.name, seed, told) if told else None


def smaller(target: Target, files: Input, told: str, tries: int = 400) -> Input:
    """An input with as little in it as some tries find, of which the same does not hold."""
    best: dict[str, bytes] = dict(files)
    sort = told.partition(":")[0][:40]
    for name in sorted(best, key=lambda each: -len(best[each])):
        size = max(1, len(best[name]) // 2)
        while size and tries > 0:
            at, shrunk = 0, False
            while at < len(best[name]) and tries > 0:
                tries -= 1
                content = best[name][:at] + best[name][at + size :]
                if _same(target, {**best, name: content}, sort):
                    best[name], shrunk = content, True
                else:
                    at += size
            if not shrunk or size > len(best[name]):
                size //= 2
    return best


def _same(target: Target, files: Mapping[str, bytes], sort: str) -> bool:
    return fault(target, files).startswith(sort)
