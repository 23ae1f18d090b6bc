"""Every question that infra.trends answers has a route, or a reason why none may ask it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import infra.serving.releases
import infra.serving.trends
import infra.trends
from tests.contract.test_docs import ROOT
from tests.support.api import Api
from web import paths

ROUTES = {
    "attendance.attendance": paths.ATTENDANCE,
    "known_attendance.attendance_as_known": paths.ATTENDANCE,
    "breakdowns.attendance_by": paths.ATTENDANCE,
    "bands.bands": paths.BANDS,
    "known_bands.bands_as_known": paths.BANDS,
    "breakdowns.bands_by": paths.BANDS,
    "known_bands.bands_as_known_by": paths.BANDS,
    "prior_years.years_so_far": paths.PRIOR_YEARS,
    "late.late_schools": paths.LATE_SCHOOLS,
    "reasons.absences_by_reason": paths.REASONS,
    "reasons.remote_days": paths.REMOTE_DAYS,
    "mhw.mhw_days": paths.MHW_DAYS,
    "mhw.mhw_students": paths.MHW_STUDENTS,
    "patterns.pattern": paths.PATTERNS,
    "first_month.first_month": paths.FIRST_MONTH,
    "cohorts.cohorts": paths.COHORTS,
    "published.published_years": paths.PUBLISHED,
    "known_alerts.alerts_as_known": paths.ALERTS,
    "known_alerts.student_as_known": paths.STUDENT_AS_KNOWN,
    "held.schools": paths.SCHOOLS,
    "held.grades": paths.GRADES,
    "held.groups": paths.GROUPS,
    "held.school_years": paths.SCHOOL_YEARS,
    "held.data_through": paths.BANDS,
    "released.releases": paths.RELEASES,
    "released.districts": paths.DISTRICTS,
    "released.cells": paths.RELEASED_BANDS,
}
NOT_ASKED: dict[str, str] = {}
"""Why no route asks a question."""


def questions() -> dict[str, ModuleType]:
    """The public functions that ask the store, by module and name."""
    found = {}
    for each in pkgutil.walk_packages(infra.trends.__path__, "infra.trends."):
        module = importlib.import_module(each.name)
        for name, held in inspect.getmembers(module, inspect.isfunction):
            own = held.__module__ == module.__name__ and not name.startswith("_")
            if own and "client" in inspect.signature(held).parameters:
                found[f"{each.name.removeprefix('infra.trends.')}.{name}"] = module
    return found


def called(module: ModuleType) -> Iterator[str]:
    """The functions of modules that a module calls, as it writes them: `bands.bands_as_known`."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=of), attr=name)):
                yield f"{of}.{name}"


def test_every_question_has_a_route_or_a_reason() -> None:
    assert set(questions()) == ROUTES.keys() | NOT_ASKED.keys()
    assert not ROUTES.keys() & NOT_ASKED.keys()
    served = {route.path for route in Api().app.routes}  # type: ignore[attr-defined]  # of starlette's base
    assert set(ROUTES.values()) <= served


def test_what_has_a_route_is_called_for_it_and_what_has_none_is_not() -> None:
    calls = {*called(infra.serving.trends), *called(infra.serving.releases)}
    assert set(ROUTES) == calls & set(questions())


def test_every_way_to_a_question_is_used_by_a_route() -> None:
    """No method of a port waits for a route that nobody has written."""
    used = {
        node.attr
        for path in (ROOT / "web").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    for port in (infra.serving.trends.StoreTrends, infra.serving.releases.StoreReleases):
        methods = {name for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}
        assert methods <= used, methods - used
