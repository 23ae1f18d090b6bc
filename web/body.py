"""A question that stands in the body of a request, because it is about one student: read once, and not kept.

It is read by us, and not by the framework, so that nothing of a body is looked at before the token is, and no
more of it than a question needs.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from web.asking import shown
from web.failures import bad_parameters, fault_of
from web.problems import Fault, Problem, of_parameter

M = TypeVar("M", bound=BaseModel)

MOST_BYTES = 4096
"""More than any question takes."""


async def read_question(request: Request, form: type[M]) -> M:
    """The question in the body. Raises Problem, which repeats nothing of it."""
    for name in request.query_params:
        raise of_parameter(shown(name), "stands in the body here, and not in the address; send a JSON object")
    wanted = _bad_body(f"takes a JSON object in UTF-8 with {', '.join(form.model_fields)}")
    try:
        held = json.loads((await _text_of(request)).decode("utf-8"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise wanted from None
    if not isinstance(held, dict):
        raise wanted
    try:
        return form.model_validate(held)
    except ValidationError as error:
        # The checker's own text shows what was given.
        raise bad_parameters([fault_of(dict(found), found["loc"]) for found in error.errors()]) from None


def described(form: type[BaseModel]) -> dict[str, Any]:
    """The body as OpenAPI has it."""
    return {"required": True, "content": {"application/json": {"schema": form.model_json_schema()}}}


async def _text_of(request: Request) -> bytes:
    text = bytearray()
    try:
        async for chunk in request.stream():
            text += chunk
            if len(text) > MOST_BYTES:
                raise _bad_body(f"takes at most {MOST_BYTES} bytes")
    except ClientDisconnect:
        raise _bad_body("did not come to its end") from None
    return bytes(text)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise of_parameter(shown(name), "is given twice; give it once")
            seen.add(name)
    return held


def _bad_body(detail: str) -> Problem:
    return Problem(
        HTTPStatus.BAD_REQUEST,
        "bad_parameter",
        f"the body {detail}",
        errors=[Fault(parameter="", detail=f"the body {detail}")],
    )
