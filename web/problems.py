"""How a request that is not answered is told: problem details (RFC 9457), with parameter and remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"

Code = Literal[
    "bad_parameter", "bad_question", "bad_cursor", "no_token", "not_allowed", "not_found", "not_released",
    "not_acceptable", "method_not_allowed", "too_many_requests", "store_away", "tokens_away", "fault",
]  # fmt: skip


class Fault(BaseModel):
    """One parameter that cannot be used."""

    parameter: str = Field(description="its name; blank where it is none")
    detail: str = Field(description="what is wrong with it, and what it takes")


class ProblemDetails(BaseModel):
    """What is wrong and what to do. No value of the question is repeated."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    code: Code = Field(description="the sort of problem, for programs")
    detail: str
    errors: list[Fault] = Field(default=[], description="the parameters at fault, if any")


class Problem(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        code: Code,
        detail: str,
        *,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.headers = dict(headers or {})
        self.details = ProblemDetails(
            title=status.phrase, status=status.value, code=code, detail=detail, errors=list(errors)
        )

    def response(self) -> JSONResponse:
        """The answer."""
        return JSONResponse(
            self.details.model_dump(), self.status.value, headers=self.headers, media_type=MEDIA_TYPE
        )


def of_parameter(parameter: str, detail: str) -> Problem:
    """One parameter cannot be used."""
    return Problem(
        HTTPStatus.BAD_REQUEST,
        "bad_parameter",
        f"{parameter}: {detail}",
        errors=[Fault(parameter=parameter, detail=detail)],
    )


def not_found() -> Problem:
    """There is no such thing, or it is none of theirs: which of the two is not told."""
    return Problem(
        HTTPStatus.NOT_FOUND,
        "not_found",
        f"nothing of this is held for this token; {SEE_TOKEN}",
    )


SEE_TOKEN = "/api/v1/token says what it is for, /api/v1/districts and /api/v1/schools what there is"

_SAID = {
    400: "the question cannot be used; `errors` names the parameters",
    401: "no token, an unknown one, or one that has expired",
    403: "the role of the token may not ask this",
    404: "nothing of this is held for this token",
    406: "none of the formats that are accepted can be had",
    429: "too many requests; `Retry-After` says in how many seconds to go on",
    503: "the store does not answer now; `Retry-After` says in how many seconds to ask again",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems of a route as OpenAPI has them."""
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {"description": _SAID[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in statuses
    }
