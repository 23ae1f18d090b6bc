"""An answer of rows that are few enough to be worked out at once, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from fastapi import Request, Response
from pydantic import BaseModel

from web.answering import Said, answer
from web.paging import digest_of, sliced
from web.parameters import Paged

R = TypeVar("R", bound=BaseModel)


def page_of(request: Request, asked: Paged, row_type: type[R], every: Sequence[R], said: Said) -> Response:
    """The page that is asked for, and the cursor of the next one. Raises Problem."""
    digest = digest_of(request.url.path, request.query_params.multi_items())
    rows, cursor = sliced(every, digest, asked.cursor, asked.limit)
    return answer(request, asked.format, row_type, rows, said._replace(cursor=cursor))
