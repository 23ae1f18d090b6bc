"""docs/openapi.json and docs/api.md say what the API does."""

from __future__ import annotations

import json
import re
from typing import Any, get_args

from infra.serving.openapi import FILE, described
from infra.serving.tokens_file import KEYS
from tests.contract.test_docs import ROOT, rows
from web import paths
from web.problems import Code

TEXT = (ROOT / "docs/api.md").read_text()
DESCRIBED: dict[str, Any] = json.loads(FILE.read_text())


def test_the_description_is_that_of_the_code() -> None:
    assert FILE.read_text() == described(), "call `make openapi`"


def test_every_question_needs_a_token_and_says_who_may_ask() -> None:
    assert set(DESCRIBED["paths"]) == set(paths.PATHS)
    for path, held in DESCRIBED["paths"].items():
        (operation,) = held.values()
        assert set(held) == {"post" if operation["x-permission"] == "student" else "get"}
        public = operation["x-permission"] == "public"
        assert public == path.startswith("/-/") == ("security" not in operation)


def test_every_parameter_is_explained_and_none_is_about_a_student() -> None:
    for path, held in DESCRIBED["paths"].items():
        (operation,) = held.values()
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (path, parameter["name"])
            assert "student" not in parameter["name"] and parameter["in"] == "query"
            if parameter["name"] not in ("format",):
                assert f"`{parameter['name']}`" in TEXT or f"{parameter['name']}=" in TEXT


def test_every_part_of_a_body_is_explained() -> None:
    for held in DESCRIBED["paths"].values():
        for operation in held.values():
            if body := operation.get("requestBody"):
                schema = body["content"]["application/json"]["schema"]
                assert schema["additionalProperties"] is False and not operation.get("parameters")
                for name, part in schema["properties"].items():
                    assert part["description"] and f"`{name}`" in TEXT, name


def test_every_address_is_documented() -> None:
    for path in paths.PATHS:
        assert path in TEXT or path.removeprefix(paths.API) in TEXT, path


def test_every_address_in_the_examples_exists() -> None:
    for address in re.findall(r"(?:^    |8480)(/api/v1/[a-z/-]+)", TEXT, re.MULTILINE):
        assert address in paths.PATHS, address


def test_every_sort_of_problem_is_documented() -> None:
    section = TEXT.split("## What is refused")[1]
    assert set(get_args(Code)) <= set(re.findall(r"`([a-z_]+)`", section))


def test_every_key_of_the_file_of_tokens_is_documented() -> None:
    assert list(rows(TEXT.split("## A question")[0]))[: len(KEYS)] == list(KEYS)
