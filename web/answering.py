"""An answer: rows in an envelope, in the format that is wanted, with the link to the next page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel, Field

from web.formats import MEDIA_TYPES, ONLY_JSON, Format, as_csv, as_parquet, wanted
from web.problems import Problem, documented

R = TypeVar("R", bound=BaseModel)


class Answer(BaseModel, Generic[R]):
    """Rows, and of when they are."""

    data: list[R]
    as_of: date | None = Field(
        description="the days up to this one are counted; null where days are no matter"
    )
    known_at: datetime | None = Field(description="only what was known then; null: what is known now")
    data_through: date | None = Field(description="the last counted day of the place by then")
    next: str | None = Field(description="where the next rows are; null: these are the last ones")


class Said(NamedTuple):
    """What is said of the rows as a whole."""

    as_of: date | None = None
    known_at: datetime | None = None
    data_through: date | None = None
    cursor: str | None = None


NOTHING = Said()


def answer(
    request: Request, asked: Format | None, row_type: type[R], rows: Sequence[R], said: Said = NOTHING
) -> Response:
    """The answer. Raises Problem where the format that is wanted cannot be had."""
    form = wanted(asked, request.headers.get("accept", ""))
    if form is None:
        raise _not_acceptable(
            "Accept takes application/json, text/csv or application/vnd.apache.parquet; or say format="
        )
    following = None if said.cursor is None else _link(request, said.cursor)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    known = {
        "Rollcall-As-Of": said.as_of,
        "Rollcall-Known-At": said.known_at and said.known_at.astimezone(UTC),
        "Rollcall-Data-Through": said.data_through,
    }
    headers |= {name: held.isoformat() for name, held in known.items() if held is not None}
    if form == "json":
        body = _json(row_type, rows, said, following)
    elif form == "csv":
        body = as_csv(row_type, rows)
    else:
        body = as_parquet(row_type, rows, {name.lower().replace("-", "_"): v for name, v in headers.items()})
    return Response(body, media_type=MEDIA_TYPES[form], headers=headers)


def answer_one(request: Request, held: BaseModel) -> Response:
    """An answer that is one object, as JSON. Raises Problem where only something else is wanted."""
    if wanted(None, request.headers.get("accept", ""), ONLY_JSON) is None:
        raise _not_acceptable("Accept takes application/json here")
    return Response(held.model_dump_json().encode(), media_type=MEDIA_TYPES["json"])


def _not_acceptable(detail: str) -> Problem:
    return Problem(HTTPStatus.NOT_ACCEPTABLE, "not_acceptable", detail)


def _json(row_type: type[R], rows: Sequence[R], said: Said, following: str | None) -> bytes:
    whole = Answer[row_type](  # type: ignore[valid-type]  # a type, which is only known when it is called
        data=list(rows),
        as_of=said.as_of,
        known_at=said.known_at,
        data_through=said.data_through,
        next=following,
    )
    return whole.model_dump_json().encode()


def _link(request: Request, cursor: str) -> str:
    """The same question from the cursor on, without the host, which a proxy may name otherwise."""
    asked = [(name, held) for name, held in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*asked, ('cursor', cursor)])}"


def answered(row_type: type[BaseModel], *problems: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the answers of a route."""
    text = {"schema": {"type": "string"}}
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {
        200: {
            "model": Answer[row_type],  # type: ignore[valid-type]  # as above
            "description": "rows; CSV and Parquet have the link to the next page in the header `Link`",
            "content": {"text/csv": text, MEDIA_TYPES["parquet"]: binary},
        },
        **documented(*problems),
    }


def answered_with_one(kind: type[BaseModel], *problems: int) -> dict[int | str, dict[str, Any]]:
    """The same of a route whose answer is one object."""
    return {200: {"model": kind, "description": "one object, as JSON"}, **documented(*problems)}
