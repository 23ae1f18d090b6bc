"""Every way in which a request is not answered, as problem details; none shows what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from models.trends.scope import BadQuestion
from web.access import OutOfReach
from web.asking import TokensAway, shown
from web.ports import Away
from web.problems import Code, Fault, Problem, not_found

RETRY_AFTER = 5
"""Seconds after which to ask again while the store is away."""


def fault() -> Problem:
    """A mistake in the program."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "fault",
        "a fault of Rollcall; the log of whoever runs it says where, please report it",
    )


def tell_failures(app: FastAPI) -> None:
    """Let the application answer each failure with a problem."""

    def problem(_: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return error.response()

    def out_of_reach(_: Request, __: Exception) -> Response:
        return not_found().response()

    def bad_question(_: Request, error: Exception) -> Response:
        return Problem(HTTPStatus.BAD_REQUEST, "bad_question", str(error)).response()

    def away(_: Request, __: Exception) -> Response:
        return _unavailable("store_away", "the store does not answer now; ask again in a moment")

    def tokens_away(_: Request, __: Exception) -> Response:
        return _unavailable(
            "tokens_away", "the file of tokens cannot be used now; whoever runs Rollcall has to mend it"
        )

    def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        # Of a parameter that may be left out the checker also says that it is not left out.
        found = [held for held in error.errors() if held["type"] != "none_required"]
        return bad_parameters([fault_of(held, held["loc"][1:]) for held in found]).response()

    def of_starlette(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allow = (error.headers or {})["Allow"]
            return Problem(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "method_not_allowed",
                f"this address takes {allow} and nothing else",
                headers={"Allow": allow},
            ).response()
        return Problem(
            HTTPStatus.NOT_FOUND, "not_found", "there is no such address; see docs/api.md"
        ).response()

    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(OutOfReach, out_of_reach)
    app.add_exception_handler(BadQuestion, bad_question)
    app.add_exception_handler(Away, away)
    app.add_exception_handler(TokensAway, tokens_away)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, of_starlette)


def _unavailable(code: Code, detail: str) -> Response:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE, code, detail, headers={"Retry-After": str(RETRY_AFTER)}
    ).response()


def bad_parameters(faults: Sequence[Fault]) -> Problem:
    """Some parameters cannot be used."""
    detail = "; ".join(f"{held.parameter or 'a parameter'}: {held.detail}" for held in faults)
    return Problem(HTTPStatus.BAD_REQUEST, "bad_parameter", detail, errors=faults)


_TOLD = {
    "missing": "is needed",
    "extra_forbidden": "is no parameter of this; leave it out",
    "string_pattern_mismatch": "has characters that it does not take, or too many",
    "string_type": "takes text",
    "string_unicode": "has characters that it does not take",
    "bool_parsing": "takes true or false",
    "int_parsing": "takes a whole number",
    "int_parsing_size": "takes a smaller number",
}


def fault_of(found: Mapping[str, Any], place: Sequence[int | str]) -> Fault:
    """A fault as the checker has found it at a place of the question, in our words.

    What was given is not repeated, nor a name that is none of ours.
    """
    sort, parameter = found["type"], shown(str(place[0])) if place else ""
    if sort == "value_error":
        told = str(found["ctx"]["error"])
    elif sort == "literal_error":
        told = f"takes {found['ctx']['expected']}"
    elif sort in ("less_than_equal", "greater_than_equal"):
        limit = next(iter(found["ctx"].values()))
        told = f"takes {'at most' if sort.startswith('less') else 'at least'} {limit}"
    else:
        told = _TOLD.get(sort, "cannot be used")
    return Fault(parameter=parameter, detail=told)
