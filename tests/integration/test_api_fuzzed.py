"""Schemathesis asks the API what its description allows and what it does not, over a store with data."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from infra.clickhouse.store import open_store
from infra.serving.openapi import FILE
from tests.support.api import requested, token
from tests.support.api_store import api_of, fill, release
from tests.support.chdb_store import Engine
from web import paths

DESCRIBED = json.loads(FILE.read_text())
for _held in DESCRIBED["paths"].values():
    for _operation in _held.values():
        # The token is put in by the test; what happens without one is tried in tests/unit/test_web_routes.py.
        _operation.pop("security", None)
SCHEMA = schemathesis.openapi.from_dict(DESCRIBED)
OPERATIONS = {held.path: held for each in SCHEMA.get_all_operations() if (held := each.ok())}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

# What the store has, put in the place of some of what was made up: else nearly every answer is a 404.
HELD: dict[str, list[Any]] = {
    "district": ["D1"],
    "school": ["A", "B", "=C"],
    "grade": ["PK", "1", "3"],
    "as_of": ["2024-11-29", "2024-02-01"],
    "last": ["2024-11-29"],
    "first": ["2023-09-01"],
    "school_year": ["2023-24", "2024-25"],
    "breakdown": ["school", "grade", "race_ethnicity"],
    "student": ["0004", "0012"],
    "known_at": ["2024-11-05T12:00:00Z", "2030-01-01T00:00:00+01:00"],
}


@pytest.fixture(scope="module")
def app(engine: Engine) -> Iterator[FastAPI]:
    config = engine.settings()
    with open_store(config) as store:
        fill(store)
        release(store)
        with api_of(config) as app:
            yield app


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def answered() -> Iterator[Counter[str]]:
    """How often each route gave data: where hardly any did, only refusals were tried."""
    found: Counter[str] = Counter()
    yield found
    if set(found) == set(paths.PATHS):
        assert sum(held > 0 for held in found.values()) > 18, found


def test_every_route_is_asked() -> None:
    assert set(OPERATIONS) == set(paths.PATHS)


# What takes no parameter cannot be asked wrongly.
ASKED = [(GenerationMode.POSITIVE, path) for path in paths.PATHS]
ASKED += [(GenerationMode.NEGATIVE, path) for path in paths.PATHS if path.startswith(paths.API)]


@pytest.mark.parametrize(("mode", "path"), ASKED, ids=[f"{mode.value}-{path}" for mode, path in ASKED])
def test_nothing_is_answered_otherwise_than_described(
    app: FastAPI, loop: asyncio.Runner, answered: Counter[str], mode: GenerationMode, path: str
) -> None:
    operation = OPERATIONS[path]

    @settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode), st.data())
    def asked(case: Any, data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(["s", "s", "t", "u", "a", "w", "e", "z"]))
        if mode is GenerationMode.POSITIVE:
            query = dict(case.query or {})
            parameters = {held.name for held in operation.query}
            for name in sorted(parameters & HELD.keys()):
                if data.draw(st.sampled_from([True, True, False])):
                    query[name] = data.draw(st.sampled_from(HELD[name]))
            if data.draw(st.sampled_from([True, True, False])):
                query.pop("cursor", None)
            if query.get("district") == "D1" and "state" in query:
                query["state"] = False
            case.query = query
            if isinstance(case.body, dict):
                held = {
                    name: data.draw(st.sampled_from(HELD[name])) for name in case.body.keys() & HELD.keys()
                }
                if data.draw(st.sampled_from([True, True, False])):
                    case.body = {**case.body, **held}
        sent = case.as_transport_kwargs(base_url="http://test")
        headers = {**sent["headers"], "Authorization": f"Bearer {token(who)}"}
        body = json.dumps(sent["json"]).encode() if "json" in sent else sent.get("data")
        response = loop.run(requested(app, sent["method"], sent["url"], headers, sent.get("params"), body))
        answered[path] += mode is GenerationMode.POSITIVE and response.status_code == 200
        assert response.status_code < 500, response.text
        # Analysts and strangers are refused whatever they ask.
        more = [negative_data_rejection] if mode is GenerationMode.NEGATIVE and who == "s" else []
        case.validate_response(response, checks=[*CHECKS, *more])

    asked()
