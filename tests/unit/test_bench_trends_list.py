"""Each question that the store answers is measured by `make bench-trends`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

from clickhouse_connect.driver.client import Client

import infra.trends
from tests.bench.trends.asked import NOT_ASKED, QUESTIONS, SCOPES, Places, given


def questions() -> Iterator[Callable[..., Any]]:
    """The public functions of infra.trends that take a client of the store."""
    for found in pkgutil.walk_packages(infra.trends.__path__, "infra.trends."):
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            first = next(iter(inspect.signature(function, eval_str=True).parameters.values()), None)
            if function.__module__ == found.name and first is not None and first.annotation is Client:
                yield function


def test_no_question_is_left_out() -> None:
    measured = {question.of for question in QUESTIONS}
    missing = sorted(
        f"{each.__module__}.{each.__name__}" for each in set(questions()) - measured - NOT_ASKED.keys()
    )
    assert not missing, f"add a line to QUESTIONS in tests/bench/trends/asked.py for {missing}"
    assert len({question.name for question in QUESTIONS}) == len(QUESTIONS)


def test_every_kind_of_scope_can_be_asked() -> None:
    held = Places([("D1", "S1"), ("D2", "S2")], [date(2024, 9, 3), date(2024, 9, 4)], {"D1": "1", "D2": "2"})
    for kind in SCOPES:
        scope = given(kind, Random(1), held).scope
        assert scope.state == kind.startswith("state")
        assert bool(scope.school) == (kind == "school")
        assert bool(scope.grade) == kind.endswith("grade")
        assert (scope.dimension != "all") == kind.endswith("group")
