"""The measurements on one event log, each in processes of their own that find the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench import content
from tests.bench.place import Place
from tests.bench.sizes import Sizes, Town
from tests.bench.steps import REST

_CHECKOUT = Path(__file__).parents[2]
_CHILD_SECONDS = 1200

Told = Callable[[str], None]
"""Is told what is being done now."""


class Failed(Exception):
    """A measurement's process ended with an error; the message ends with what it said."""


def measure(place: Place, sizes: Sizes, told: Told) -> dict[str, Any]:
    """All numbers of one event log, by measurement."""
    town = sizes.main
    told(f"writing {town.events:,} events of {town.all_students:,} students")
    place.fill(chain(content.preparation(town), content.mornings(town)))
    rounds: dict[str, list[dict[str, Any]]] = {"bare": [], "stream": [], "pipeline": []}
    for number in range(sizes.rounds):
        for task, results in rounds.items():
            if task == "pipeline" and number:
                continue  # once: it takes longer than all else
            told(f"{task}, round {number + 1} of {sizes.rounds}")
            place.rewind()
            results.append(_child(place, task, town.messages))
    told("the stream part by step")
    place.rewind()
    by_step = _child(place, "steps", town.messages)
    growth = [_growth(place, each, told) for each in sizes.growth]
    told("recovery")
    return {
        "rates": _rates(rounds),
        "memory": _memory(town, rounds["stream"][-1]),
        "steps": _steps(by_step),
        "growth": growth,
        "recovery": _recovery(place, sizes.growth[-1], growth[-1]),
    }


def _child(place: Place, task: str, messages: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.child", task, str(messages), str(time.time())],
        env=place.environment,
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=_CHILD_SECONDS,
    )
    if done.returncode:
        raise Failed(f"{task} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _rates(rounds: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Medians. Each ratio is taken within a round, so that a machine that slows down slows both."""
    found: dict[str, Any] = {}
    for task, results in rounds.items():
        pairs = list(zip(results, rounds["bare"], strict=False))
        found[task] = {
            "events_per_second": median(one["events_per_second"] for one in results),
            "ratio": median(one["events_per_second"] / bare["events_per_second"] for one, bare in pairs),
            "computing_us_per_event": median(one["computing_us_per_event"] for one in results),
            "computing_ratio": median(
                bare["computing_us_per_event"] / one["computing_us_per_event"] for one, bare in pairs
            ),
            "rounds": [one["events_per_second"] for one in results],
        }
    return found


def _memory(town: Town, result: dict[str, Any]) -> dict[str, Any]:
    return {
        "students": town.all_students,
        "days": town.days,
        "memory_bytes_per_student": result["memory_growth_bytes"] / town.all_students,
        "changelog_bytes_per_student": result["changelog_bytes"] / town.all_students,
        "changelog_bytes_per_event": result["changelog_bytes"] / town.events,
    }


def _steps(result: dict[str, Any]) -> list[dict[str, Any]]:
    """From the dearest to the cheapest, the rest last."""
    held: dict[str, float] = result["microseconds"]
    order = sorted(held, key=lambda step: (step == REST, -held[step]))
    total = sum(held.values())
    return [{"step": step, "us_per_event": held[step], "share": held[step] / total} for step in order]


def _growth(place: Place, town: Town, told: Told) -> dict[str, Any]:
    told(f"growth: {town.all_students:,} students, {town.days} days")
    place.fill(chain(content.preparation(town), content.mornings(town)))
    result = _child(place, "stream", town.messages)
    return {
        "students": town.all_students,
        "days": town.days,
        "events": result["events"],
        "computing_us_per_event": result["computing_us_per_event"],
        "memory_bytes_per_student": result["memory_growth_bytes"] / town.all_students,
        "changelog_bytes": result["changelog_bytes"],
    }


def _recovery(place: Place, town: Town, grown: dict[str, Any]) -> dict[str, Any]:
    """On what the last growth left behind, with one message more for each district."""
    place.add(content.one_more(town))
    result = _child(place, "recovery", town.districts)
    return {
        "students": town.all_students,
        "days": town.days,
        "districts": town.districts,
        "changelog_bytes": grown["changelog_bytes"],
        **result,
    }
